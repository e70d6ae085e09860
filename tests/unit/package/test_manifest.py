import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.abi import contract
from wardian.errors import PackageError
from wardian.package import manifest
from wardian.package.manifest import Manifest
from wardian.package.version import Version

LEAST = {"name": "acme/words", "version": "1.0.0", "symbols": [{"kind": "processor", "name": "count"}]}
FULL = {
    "name": "acme/word-tools",
    "version": "1.10.0-rc.1",
    "description": "Counts words.",
    "transport": "command",
    "symbols": [
        {
            "kind": "source",
            "name": "ticks",
            "config": {
                "schema": {"type": "object"},
                "defaults": {"interval": "1s"},
                "sections": {"fast": {"interval": "1ms"}},
            },
            "title": "Ticks",
        },
        {"kind": "function", "name": "total", "aggregate": True},
    ],
    "capabilities": {"state": "to keep totals"},
    "limits": {"memory": "8MiB", "items": 10},
    "build": {"language": "c", "sources": ["words.c"], "flags": 1},
    "homepage": "https://example.com",
}


def refused(value):
    with pytest.raises(PackageError) as raised:
        Manifest.from_value(value)
    assert raised.value.code == "bad_package"
    assert all(problem.isprintable() for problem in raised.value.problems)
    return raised.value.problems


def changed(path, value):
    """`FULL` with something else at a path; None takes it away."""
    made = copy.deepcopy(FULL)
    held = made
    for key in path[:-1]:
        held = held[key]
    if value is None:
        del held[path[-1]]
    else:
        held[path[-1]] = value
    return made


def test_the_kinds_and_transports_are_those_of_the_abi():
    assert tuple(contract.ENTRY_POINTS) == manifest.KINDS
    assert manifest.TRANSPORTS == contract.TRANSPORTS


def test_the_least_description_has_defaults_for_the_rest():
    made = Manifest.from_value(LEAST)
    assert (made.name, made.version, made.description, made.transport) == (
        "acme/words", Version(1, 0, 0), "", "reactor",
    )  # fmt: skip
    (symbol,) = made.symbols
    assert (symbol.kind, symbol.name, symbol.aggregate, symbol.schema) == ("processor", "count", False, None)
    assert (symbol.defaults, symbol.sections, made.capabilities, made.limits, made.build) == ({}, {}, {}, {}, {})


def test_a_full_description_is_kept_whole_also_what_nobody_knows():
    made = Manifest.from_value(FULL)
    ticks, total = made.symbols
    assert (ticks.schema, ticks.defaults, ticks.sections) == (
        {"type": "object"}, {"interval": "1s"}, {"fast": {"interval": "1ms"}},
    )  # fmt: skip
    assert (ticks.extra, total.aggregate, made.extra) == ({"title": "Ticks"}, True, {"homepage": "https://example.com"})
    assert (made.capabilities, made.limits) == ({"state": "to keep totals"}, {"memory": "8MiB", "items": 10})
    assert (made.transport, made.build["flags"], str(made.version)) == ("command", 1, "1.10.0-rc.1")


def test_symbols_are_found_by_their_kind():
    assert [each.name for each in Manifest.from_value(FULL).of_kind("function")] == ["total"]
    assert Manifest.from_value(FULL).of_kind("sink") == ()


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (["name"], None, "name: expected text, got nothing"),
        (["name"], "ticker", "name: expected `organization/name`"),
        (["name"], "Acme/ticker", "name: expected `organization/name`"),
        (["name"], f"a/{'b' * 200}", "name: expected `organization/name`"),
        (["version"], "1.0", "version: expected a semantic version"),
        (["version"], "", "version: expected a semantic version"),
        (["version"], 1.0, "version: expected text, got 1.0"),
        (["description"], 1, "description: expected text, got 1"),
        (["transport"], "http", "transport: expected one of reactor, command, got 'http'"),
        (["symbols"], None, "symbols: expected a list of at least one, got nothing"),
        (["symbols"], [], "symbols: expected a list of at least one, got a list"),
        (["symbols"], {"a": 1}, "symbols: expected a list of at least one, got a map"),
        (["symbols", 0], "ticks", "symbols[0]: expected a map, got 'ticks'"),
        (["symbols", 0, "kind"], "widget", "symbols[0].kind: expected one of source, action"),
        (["symbols", 0, "kind"], None, "symbols[0].kind: expected one of source, action"),
        (["symbols", 0, "name"], None, "symbols[0].name: expected text, got nothing"),
        (["symbols", 0, "name"], "", "symbols[0].name: expected a printable text of 1 to 200 bytes"),
        (["symbols", 0, "name"], "a:b", "symbols[0].name: expected a printable text"),
        (["symbols", 0, "name"], "a\x1b[m", "symbols[0].name: expected a printable text"),
        (["symbols", 0, "name"], "ä" * 101, "symbols[0].name: expected a printable text"),
        (["symbols", 0, "aggregate"], True, "symbols[0].aggregate: only a function is an aggregate, this is a source"),
        (["symbols", 1, "aggregate"], "yes", "symbols[1].aggregate: expected true or false, got 'yes'"),
        (["symbols", 0, "config"], [], "symbols[0].config: expected a map with texts as keys, got a list"),
        (["symbols", 0, "config", "schema"], 1, "symbols[0].config.schema: expected a map"),
        (["symbols", 0, "config", "defaults"], {1: 2}, "symbols[0].config.defaults: expected a map with texts as keys"),
        (["symbols", 0, "config", "sections", "fast"], 5, "symbols[0].config.sections.fast: expected a map"),
        (["symbols", 0, "config", "default"], {}, "symbols[0].config.default: there is no such field"),
        (["capabilities", "state"], 5, "capabilities.state: expected text, got 5"),
        (["limits", "memory"], -1, "limits.memory: expected a size, duration or count, got -1"),
        (["limits", "memory"], True, "limits.memory: expected a size, duration or count, got True"),
        (["build"], {}, "build.language: expected text, got nothing"),
        (["build", "sources"], "words.c", "build.sources: expected a list of texts, got 'words.c'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_path_with_what_is_right(path, value, problem):
    (found,) = refused(changed(path, value))
    assert found.startswith(problem)


def test_two_symbols_of_one_name_are_both_named_also_across_kinds():
    twice = LEAST | {"symbols": [{"kind": "sink", "name": "both"}, {"kind": "source", "name": "both"}]}
    assert refused(twice) == ("symbols[1].name: the source 'both' has the name of the sink at `symbols[0]`",)


def test_all_that_is_wrong_is_told_at_once():
    assert len(refused({"name": 1, "version": 2, "symbols": [{"kind": 3, "name": 4}], "transport": 5})) == 5


@pytest.mark.parametrize("value", [None, 1, "text", [], b"bytes"])
def test_what_is_no_map_is_no_description(value):
    assert refused(value)[0].startswith("the description: expected a map")


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.binary() | st.integers(), inner),
    max_leaves=20,
)
keys = st.sampled_from(["name", "version", "symbols", "transport", "kind", "config", "sections", "limits", "build"])
near = st.recursive(
    plain | st.sampled_from(["a/b", "1.0.0", "source", "reactor"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner),
    max_leaves=20,
)


@given(plain | near | st.builds(lambda more: FULL | more, st.dictionaries(keys, near)))
def test_anything_is_a_description_or_a_package_error(value):
    problems, made = (), None
    try:
        made = Manifest.from_value(value)
    except PackageError as error:
        problems = str(error).splitlines()
    assert made or len(problems) > 1
    assert all(line.isprintable() for line in problems)
