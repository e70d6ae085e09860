"""`wardian.config.bounded_schema`: whatever a schema asks for, it ends."""

import threading
import time

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.config import bounded_schema
from wardian.config.bounded_schema import TooMuch, flaws, violations


def found(schema, value, seconds=60.0):
    return list(violations(schema, value, time.monotonic() + seconds))


DOUBLING = {f"a{at}": {"allOf": [{"$ref": f"#/$defs/a{at + 1}"}] * 2} for at in range(40)} | {"a40": {}}
HOSTILE = {
    "a reference to itself": ({"$ref": "#"}, {}),
    "a circle": ({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}}, {}),
    "a circle through keywords": ({"allOf": [{"anyOf": [{"not": {"$ref": "#"}}]}]}, {}),
    "2**40 steps": ({"$ref": "#/$defs/a0", "$defs": DOUBLING}, {}),
    "a reference to nothing": ({"$ref": "#/nothing"}, {}),
    "a reference out": ({"$ref": "http://127.0.0.1:9/x"}, {}),
    "a pattern that looks back": ({"pattern": r"(a)\1"}, "aa"),
    "a pattern that looks ahead": ({"pattern": "(?=a)"}, "a"),
    "a pattern that is none": ({"pattern": "("}, "a"),
    "a large pattern": ({"pattern": "a" * 2_000}, "a"),
    "a pattern that grows": ({"pattern": "((a{1000}){1000})"}, "a"),
    "a pattern of keys": ({"patternProperties": {"(": {}}}, {"a": 1}),
    "a large text": ({"pattern": "a"}, "b" * 100_000),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("kib", [256, 8192])
def test_what_has_no_end_ends(name, kib):
    caught = []

    def run():
        try:
            found(*HOSTILE[name])
        except TooMuch as error:
            caught.append(error)

    threading.stack_size(kib * 1024)
    try:
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(0)
    assert caught


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|a)*$", "^(.*)*x$", r"^(\w+\s?)*$"])
def test_patterns_that_explode_elsewhere_are_linear(pattern):
    started = time.monotonic()
    assert found({"pattern": pattern}, "a" * 10_000 + "!")
    assert time.monotonic() - started < 10


def test_time_ends_it_as_well():
    with pytest.raises(TooMuch, match="5 s"):
        found({"type": "object"}, {}, seconds=-1)


def test_many_patterns_for_many_keys_are_many_steps():
    schema = {"patternProperties": {f"^x{at}$": {} for at in range(1_000)}, "additionalProperties": False}
    with pytest.raises(TooMuch, match="steps"):
        found(schema, {f"x{at}": 1 for at in range(1_000)})


def test_items_that_cannot_be_sorted_are_compared_in_linear_time():
    items = [{"a": [at]} for at in range(20_000)]
    assert not found({"uniqueItems": True}, items)
    assert found({"uniqueItems": True}, [*items, {"a": [0.0]}])
    assert not found({"uniqueItems": True}, [1, True, "1", None, [1], {"1": 1}])


def test_a_schema_that_is_none_has_flaws():
    until = time.monotonic() + 60
    assert next(flaws({"type": "objekt"}, until), None)
    assert next(flaws({"properties": []}, until), None)
    assert next(flaws({"type": "object", "properties": {"a": {"minimum": 1}}}, until), None) is None


SCHEMAS = st.recursive(
    st.sampled_from([
        {}, {"type": "string"}, {"type": ["integer", "null"]}, {"enum": ["a", 1, None]}, {"const": 1}, {"minimum": 2},
        {"maxLength": 1}, {"minLength": 1}, {"pattern": "a"}, {"required": ["a"]}, {"uniqueItems": True},
        {"minItems": 2},
        {"multipleOf": 2}, {"maxProperties": 1},
    ]),
    lambda inner: st.one_of(
        st.builds(lambda a, b: {"allOf": [a, b]}, inner, inner),
        st.builds(lambda a, b: {"anyOf": [a, b]}, inner, inner),
        st.builds(lambda a, b: {"oneOf": [a, b]}, inner, inner), st.builds(lambda a: {"not": a}, inner),
        st.builds(lambda a, b: {"properties": {"a": a}, "additionalProperties": b}, inner, inner | st.just(False)),
        st.builds(lambda a, b: {"prefixItems": [a], "items": b}, inner, inner),
        st.builds(lambda a: {"patternProperties": {"^a": a}, "additionalProperties": False}, inner),
        st.builds(lambda a: {"contains": a, "propertyNames": {"maxLength": 1}}, inner),
        st.builds(lambda a, b, c: {"if": a, "then": b, "else": c}, inner, inner, inner),
    ),
    max_leaves=6,
)  # fmt: skip
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 4) | st.sampled_from(["", "a", "ab", 1.0, 2.5]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "ab"]), inner, max_size=3),
    max_leaves=6,
)


@given(SCHEMAS, DATA)
def test_it_says_what_the_library_says(schema, value):
    assert bool(found(schema, value)) is not jsonschema.Draft202012Validator(schema).is_valid(value)


def test_the_budget_is_one_for_each_check():
    assert bounded_schema.STEPS > 10
    schema = {"items": {"type": "integer"}}
    for _ in range(3):
        assert not found(schema, [1] * (bounded_schema.STEPS - 1_000))
