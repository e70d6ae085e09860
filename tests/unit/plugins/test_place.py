"""Where a use stands says whose state it has, and what its instances are told."""

from __future__ import annotations

import pytest

from wardian.plugins.binding import Binding, opening
from wardian.plugins.place import Place


@pytest.mark.parametrize(("scope", "state"), [("instance", "words/count"), ("pipeline", "words/"), ("plugin", "/")])
def test_state_is_that_of_the_use_of_the_pipeline_or_of_all(scope, state):
    assert Place("words", "count", scope).state == state


def test_its_instances_are_told_the_pipeline_and_their_name_in_it():
    context = opening(Binding(), "mine", "words/count", None, Place("words", "count")).request()["context"]
    assert (context["pipeline"], context["instance"]) == ("words", "count")
    assert Place("words", "count").instance == "words/count"
