"""`wardian.config.secrets`: values that nothing shows."""

import pickle

import pytest

from wardian.config.secrets import Secrets
from wardian.document.node import Node

SECRET = "correct-horse-battery-staple"


def test_they_are_put_in_and_masked_and_never_shown():
    secrets = Secrets({"token": SECRET})
    node = secrets.filled(Node.of({"a": "${secret:token}"}))
    assert node.plain()["a"].reveal() == SECRET
    assert secrets.masker.mask(f"it is {SECRET}") == "it is ***"
    assert repr(secrets) == "<Secrets token>"
    with pytest.raises(TypeError):
        pickle.dumps(secrets)


def test_without_any_nothing_is_masked():
    assert repr(Secrets()) == "<Secrets none>"
    assert not Secrets().masker
