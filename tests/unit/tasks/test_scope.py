"""Which value a variable has: from where it comes, and when it is made."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.capabilities.variables import Variables
from wardian.errors import ExpressionError
from wardian.tasks.scope import CHAIN, Frame, Scope


def expanded(text, **frame):
    return Frame(**frame).scope({}).expanded(text)


def test_a_text_of_the_file_is_made_of_other_variables():
    file = {"greeting": "Hello, {{ name }}", "name": "{{ first }} Lovelace", "first": "Ada"}
    assert expanded("{{ greeting }}!", file=file) == "Hello, Ada Lovelace!"


def test_a_text_of_the_file_is_made_anew_for_the_variables_of_each_job():
    frame = Frame(file={"greeting": "Hello, {{ name }}", "name": "World"})
    assert frame.scope({"name": "Eve"})["greeting"] == "Hello, Eve"
    assert frame.scope({})["greeting"] == "Hello, World"


def framed(layers):
    return Frame(**{name: Variables(held) if name == "changed" else held for name, held in layers.items()})


LAYERS = ("predefined", "file", "passed", "changed", "own", "laid", "given")


@given(st.sets(st.sampled_from(LAYERS), min_size=1))
def test_the_strongest_layer_that_has_a_name_gives_its_value(present):
    frame = framed({layer: {"name": layer} for layer in present if layer != "own"})
    scope = frame.scope({"name": "own"} if "own" in present else {})
    assert scope["name"] == max(present, key=LAYERS.index)


@given(st.sampled_from(("predefined", "passed", "changed", "laid", "given")))
def test_data_is_never_a_template(layer):
    assert framed({layer: {"name": "{{ other }}{% id %}"}}).scope({})["name"] == "{{ other }}{% id %}"


def test_values_keep_their_types_and_texts_within_them_are_expanded():
    scope = Frame(file={"n": 3, "on": True}).scope({"list": ["{{ n }}", 1, {"k": "{{ on }}"}]})
    assert scope["list"] == ["3", 1, {"k": "true"}]
    assert scope["n"] == 3


def test_a_variable_that_is_made_of_itself_names_the_ring():
    with pytest.raises(ExpressionError, match="never ends: `a` → `b` → `c` → `a`"):
        expanded("{{ start }}", file={"start": "{{ a }}", "a": "{{ b }}", "b": "{{ c }}", "c": "{{ a }}"})


def test_after_a_ring_was_found_other_variables_can_be_asked_for():
    scope = Frame(file={"a": "{{ a }}", "b": "fine"}).scope({})
    for _ in range(2):
        with pytest.raises(ExpressionError, match="never ends: `a` → `a`"):
            scope["a"]
    assert scope["b"] == "fine"


def test_a_long_chain_is_refused_and_overflows_nothing():
    file = {f"v{at}": f"{{{{ v{at + 1} }}}}" for at in range(10_000)} | {"v10000": "end"}
    with pytest.raises(ExpressionError, match=f"more than {CHAIN} variables") as caught:
        expanded("{{ v0 }}", file=file)
    assert caught.value.kind == "exhausted"
    assert expanded(f"{{{{ v{10_000 - CHAIN + 1} }}}}", file=file) == "end"


def test_variables_that_double_are_bounded():
    file = {f"v{at}": f"{{{{ v{at + 1} }}}}" * 2 for at in range(15)} | {"v15": "x" * 1000}
    with pytest.raises(ExpressionError, match="more than") as caught:
        expanded("{{ v0 }}", file=file)
    assert caught.value.kind == "exhausted"


def test_a_variable_that_is_not_defined_is_said_to_be_so():
    with pytest.raises(ExpressionError, match="`missing` is not defined"):
        expanded("{{ missing }}")


def test_a_variable_that_nobody_asks_for_may_be_wrong():
    assert expanded("{{ fine }}", file={"fine": "yes", "wrong": "{{ missing }}"}) == "yes"


def test_a_command_is_denied_without_a_shell_and_run_with_one():
    with pytest.raises(ExpressionError) as caught:
        expanded("{{ me }}", file={"me": "{% whoami %}"})
    assert caught.value.kind == "denied"
    assert Scope({}, {"me": "{% whoami %}"}, shell=str.upper).expanded("{{ me }}") == "WHOAMI"


def test_what_a_job_sets_is_read_by_itself_and_by_later_jobs():
    frame = Frame(given={"firm": "given"}, file={"name": "file"})
    first = frame.scope({"name": "own", "firm": "own"})
    first.set("name", "{{ set }}")
    first.set("firm", "set")
    frame.changed.apply({name: (value, 1) for name, value in first.changed.items()})
    assert (first["name"], first["firm"]) == ("{{ set }}", "set")
    later = frame.scope({})
    assert (later["name"], later["firm"]) == ("{{ set }}", "given")
    assert frame.scope({"name": "own"})["name"] == "own"


def test_what_a_mixin_is_called_with_wins_over_its_jobs_and_the_outer_call_over_the_inner_one():
    frame = Frame(file={"who": "World"})
    outer = frame.of_mixin({"name": "outer {{ who }}"}, frame.scope({"name": "outer {{ who }}"}))
    assert outer.scope({"name": "own"})["name"] == "outer World"
    inner = outer.of_mixin({"name": "inner", "more": "inner"}, outer.scope({"name": "inner", "more": "inner"}))
    assert inner.scope({"name": "own"}).values_of({"name": 1, "more": 1}) == {"name": "outer World", "more": "inner"}


def test_what_a_task_is_called_with_wins_over_the_file_and_yields_to_its_jobs():
    frame = Frame(file={"name": "file", "other": "file"})
    called = frame.of_task({"name": "call"}, frame.scope({"name": "call"}))
    assert called.scope({})["name"] == "call"
    assert called.scope({"name": "own"})["name"] == "own"
    assert called.scope({})["other"] == "file"


def test_what_a_called_task_sets_stays_there():
    frame = Frame()
    called = frame.of_task({}, frame.scope({}))
    called.changed.apply({"name": ("set", 1)})
    assert "name" not in frame.scope({})


def test_a_scope_is_a_mapping_of_all_names():
    scope = Frame(predefined={"PROJECT": "/p"}, file={"a": 1}).scope({"b": "{{ a }}"})
    assert dict(scope) == {"PROJECT": "/p", "a": 1, "b": "1"}
    assert len(scope) == 3
    assert "c" not in scope
    with pytest.raises(KeyError):
        scope["c"]


NAMES = st.sampled_from("abcdef")


@given(st.dictionaries(NAMES, st.lists(NAMES | st.just("-"), max_size=3)))
def test_every_variable_has_a_value_or_a_reason_and_a_ring_is_named_when_there_is_one(graph):
    texts = {name: "".join(f"{{{{ {each} }}}}" if each != "-" else "x" for each in of) for name, of in graph.items()}
    scope = Frame(file=texts).scope({})
    for name in graph:
        said = ""
        try:
            assert set(str(scope[name])) <= {"x"}
        except ExpressionError as error:
            said = str(error)
        ring = re.findall(r"`(\w)`", said.partition("never ends")[2])
        assert not said or ring or re.search("`[a-f]` is not defined", said)
        assert not ring or ring[0] == ring[-1]
        assert all(after in graph[before] for before, after in pairwise(ring))
