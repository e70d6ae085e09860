"""`wardian.config.layers`: which layer wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.config.layers import layered, merged_layers
from wardian.document.node import Node
from wardian.document.problem import Problems

DEFAULTS = {"interval": 1000, "seed": 1, "pattern": {"count": 50}, "deduplicate": 0}
SECTIONS = {"ext": {"interval": 100}, "dedup": {"interval": 100, "deduplicate": 50}}


def made(*config, section=None, **arguments):
    problems = Problems()
    given = {"defaults": DEFAULTS, "sections": SECTIONS, "package": "random", "path": "sources.x"} | arguments
    node = Node(section, "w.yaml", 7) if section else None
    result = layered([Node.of(each, "w.yaml") for each in config], section=node, problems=problems, **given)
    return result, problems.found


@pytest.mark.parametrize(
    ("section", "config", "expected"),
    [
        (None, [], {}), ("ext", [], {"interval": 100}), ("dedup", [], {"interval": 100, "deduplicate": 50}),
        ("ext", [{"interval": 5}], {"interval": 5}), (None, [{"interval": 1}, {"interval": 5}], {"interval": 5}),
        (None, [{"pattern": {"more": 1}}], {"pattern": {"count": 50, "more": 1}}),
        (None, [{"pattern": None}], {"pattern": None}),
    ],
)  # fmt: skip
def test_a_section_lies_over_the_defaults_and_the_file_over_both(section, config, expected):
    result, problems = made(*config, section=section)
    assert problems == []
    assert result.merged.plain() == DEFAULTS | expected


def test_each_layer_stays_as_it_was_with_where_it_is_from():
    result, _ = made({"seed": 2}, section="ext")
    assert [(each.file, each.plain()) for each in result.layers] == [
        ("random, defaults", DEFAULTS), ("random, section ext", SECTIONS["ext"]), ("w.yaml", {"seed": 2}),
    ]  # fmt: skip


def test_a_section_that_is_not_there_is_told_with_those_there_are():
    _, (problem,) = made(section="exr")
    assert (problem.line, problem.path) == (7, "sources.x.section")
    assert problem.expected == "a section of random: `ext`, `dedup`"
    _, (problem,) = made(section="x", sections=None)
    assert problem.expected.endswith("none")


def test_without_anything_it_is_an_empty_map_where_the_use_stands():
    result, _ = made(defaults=None, sections=None)
    assert (result.merged.plain(), result.layers) == ({}, ())
    assert merged_layers([], Node(None, "w", 3)).line == 3


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers()), max_size=5))
def test_layers_over_each_other_are_the_same_as_one_after_the_other(layers):
    expected = {}
    for each in layers:
        expected |= each
    assert merged_layers([Node.of(each) for each in layers], Node({})).plain() == expected
