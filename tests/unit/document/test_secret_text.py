"""`wardian.document.secret_text`: read by who must, and by nobody else."""

import json
import pickle

import pytest

from wardian.abi.bounds import Bounds
from wardian.abi.codec import decode, encode
from wardian.document.secret_text import SecretText

SECRET = "correct-horse-battery-staple"
BOUNDS = Bounds(size=1000, items=10, depth=5)


def test_nothing_that_is_printed_shows_it():
    secret = SecretText(SECRET)
    for said in (str(secret), repr(secret), f"{secret}", f"{secret:>40}", repr({"a": [secret]})):
        assert SECRET not in said
    with pytest.raises(TypeError):
        pickle.dumps(secret)


def test_who_encodes_it_has_the_text():
    secret = SecretText(SECRET)
    assert decode(encode({"a": secret}, BOUNDS), BOUNDS) == {"a": SECRET}
    assert json.loads(json.dumps(secret)) == SECRET
    assert type(secret.reveal()) is str
    assert secret.reveal() == SECRET
