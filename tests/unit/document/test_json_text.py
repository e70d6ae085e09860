"""`wardian.document.json_text`: JSON with lines, as strict as the standard."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.document.reading import parse
from wardian.errors import ConfigError

TEXTS = st.text(st.characters(exclude_categories=("Cs",)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)  # fmt: skip


def refused(text):
    with pytest.raises(ConfigError) as caught:
        parse(text, "x.json")
    return caught.value.problems


@given(st.dictionaries(TEXTS, VALUES), st.sampled_from([None, 0, 2]))
def test_what_python_writes_is_read_the_same(value, indent):
    assert parse(json.dumps(value, indent=indent), "x.json").plain() == value
    assert parse(json.dumps(value, indent=indent, ensure_ascii=False), "x.json").plain() == value


@given(st.text(alphabet='{}[]:,"\\ue0123+-.tfn \n', max_size=40))
def test_any_text_is_read_as_python_reads_it_or_refused(text):
    made = None
    with contextlib.suppress(ConfigError):
        made = parse(text, "x.json").plain()
    try:
        theirs = json.loads(text) if text.strip() else {}
    except ValueError:
        theirs = None
    if made is not None:
        assert made == theirs


@pytest.mark.parametrize(
    ("text", "line", "path"),
    [
        ('{"a": 1,\n "a": 2}', 2, ""), ('{"a":\n [1,\n 2 3]}', 3, "a[2]"), ('{"a":\n tru}', 2, "a"),
        ('{"a": 1}\n x', 2, ""), ("{'a': 1}", 1, ""), ('{"a": 1,\n}', 2, ""), ('{"a": NaN}', 1, "a"),
        ('{"a": 01}', 1, ""), ('{"a": "x\ny"}', 1, "a"), ('{"a": "\\ud800"}', 1, "a"), ("[1]", 1, ""),
        ('{"a": 99999999999999999999}', 1, "a"), ('{"a"', 1, "a"), ('{\n"a" 1}', 2, "a"), ("{", 1, ""),
    ],
)  # fmt: skip
def test_each_fault_has_its_line_and_path(text, line, path):
    (problem,) = refused(text)
    assert (problem.line, problem.path) == (line, path)


def test_a_value_knows_its_line():
    node = parse('{"a": [1,\n {"b":\n true}]}', "x.json")
    assert node.at(["a", 1, "b"]).line == 3
    assert node.at(["a", 1, "b"]).key_line == 2


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"a": ' + "[" * 64 + "]" * 64 + "}"])
def test_depth_is_bounded_without_recursion(text):
    assert "levels" in refused(text)[0]
