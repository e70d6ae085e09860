"""`wardian.config.overrides`: single values from the environment and from options."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.config.overrides import applied, environment_name, from_environment, from_options
from wardian.document.node import Node
from wardian.document.problem import Problems
from wardian.document.reading import parse

TEXT = """\
version: 1
vars: {name: World}
plugins: {acme/word-count: {source: ./x.wasm, limits: {memory: 4MiB}}}
sources:
  ticker-team-a: {plugin: acme/word-count, config: {interval: 1s, minLength: 3, deep: {est-one: 1}}}
  layered: {plugin: acme/word-count, config: [{interval: 1s}, {more: 2}]}
"""
DOCUMENT = parse(TEXT, "w.yaml")


def by_environment(**environ):
    problems = Problems()
    made = from_environment(environ, DOCUMENT, problems)
    return {".".join(each.keys): each.node.plain() for each in made}, problems.found


def by_options(*given):
    problems = Problems()
    return applied(DOCUMENT, from_options(given, problems), problems), problems.found


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("SOURCES__TICKER_TEAM_A__CONFIG__INTERVAL", "sources.ticker-team-a.config.interval"),
        ("SOURCES__TICKER_TEAM_A__CONFIG__MINLENGTH", "sources.ticker-team-a.config.minLength"),
        ("SOURCES__TICKER_TEAM_A__CONFIG__DEEP__EST_ONE", "sources.ticker-team-a.config.deep.est-one"),
        ("SOURCES__TICKER_TEAM_A__CONFIG__NEW_KEY", "sources.ticker-team-a.config.new_key"),
        ("SOURCES__LAYERED__CONFIG__MORE", "sources.layered.config.more"),
        ("SOURCES__LAYERED__ENABLED", "sources.layered.enabled"),
        ("PLUGINS__ACME_WORD_COUNT__LIMITS__MEMORY", "plugins.acme/word-count.limits.memory"),
        ("VARS__NAME", "vars.name"),
    ],
)
def test_a_name_in_upper_case_leads_to_the_key_that_is_there(name, keys):
    assert by_environment(**{f"WARDIAN__{name}": "2s", "WARDIAN_OTHER": "x", "PATH": "/"}) == ({keys: "2s"}, [])


@pytest.mark.parametrize(
    "name",
    [
        "SOURCES__NOBODY__ENABLED", "NOTHING", "SOURCES__LAYERED__ENABLD", "VARS__NAME__MORE", "", "__X", "SOURCES__",
        "sources__layered__enabled", "SOURCES__LAYERED__CONFIG__A___B", "SOURCES__LAYERED__CONFIG___A", "IMPORTS__0",
        "SOURCES__LAYERED__CONFIG" + "__A" * 30_000,
        "PLUGINS__ACME_WORD_COUNT__LIMITS__NOTHING", "SOURCES__TICKER-TEAM-A__ENABLED",
    ],
)  # fmt: skip
def test_a_name_that_leads_nowhere_is_a_problem_with_the_variable(name):
    made, problems = by_environment(**{f"WARDIAN__{name}": "1"})
    assert made == {}
    assert [each.file for each in problems] == [f"WARDIAN__{name}"[:80]]


def test_what_could_mean_two_keys_is_refused():
    document = parse("sources: {x: {config: {a-b: 1, a_b: 2}}}", "w.yaml")
    problems = Problems()
    assert from_environment({"WARDIAN__SOURCES__X__CONFIG__A_B": "1"}, document, problems) == []
    assert problems.found[0].found == "`A_B`, which could be `a-b`, `a_b`"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2s", "2s"),
        ("5", 5),
        ('"5"', "5"),
        ("true", True),
        ("[1, 2]", [1, 2]),
        ("{", "{"),
        ("", ""),
        ("${HOME}", "${HOME}"),
    ],
)
def test_a_value_is_json_or_text_and_nothing_in_it_is_looked_up(text, value):
    assert by_environment(WARDIAN__VARS__NAME=text)[0] == {"vars.name": value}
    assert by_options(f"vars.name={text}")[0].at(["vars", "name"]).plain() == value


def test_what_is_set_in_a_configuration_is_a_layer_of_its_own():
    problems = Problems()
    document = DOCUMENT
    environ = {"WARDIAN__SOURCES__LAYERED__CONFIG__INTERVAL": "2s", "WARDIAN__SOURCES__LAYERED__CONFIG__X": "1"}
    document = applied(document, from_environment(environ, document, problems), problems)
    document = applied(document, from_options(["sources.layered.config.interval=3s"], problems), problems)
    assert document.at(["sources", "layered", "config"]).plain() == [
        {"interval": "1s"}, {"more": 2}, {"interval": "2s", "x": 1}, {"interval": "3s"},
    ]  # fmt: skip
    assert [each.file for each in document.at(["sources", "layered", "config"]).value[2:]] == ["environment", "--set"]
    assert problems.found == []
    document, _ = by_options("sources.ticker-team-a.config={}", "sources.new.plugin=x", "sources.layered.config=[]")
    assert document.at(["sources", "ticker-team-a", "config"]).plain()[1:] == [{}]
    assert document.at(["sources", "new"]).plain() == {"plugin": "x"}
    assert document.at(["sources", "layered", "config"]).plain() == []


def test_keys_with_dots_are_quoted():
    made, problems = by_options('plugins."a.b".source=./x.wasm', "plugins.acme/word-count.enabled=false")
    assert problems == []
    assert made.at(["plugins", "a.b", "source"]).plain() == "./x.wasm"
    assert made.at(["plugins", "acme/word-count", "enabled"]).plain() is False


@pytest.mark.parametrize(
    "given", ["x", "=1", "a.=1", ".a=1", 'a."b=1', "a..b=1", "", ".".join("a" * 70) + "=1", "version.a=1"]
)
def test_what_is_no_setting_is_a_problem(given):
    made, problems = by_options(given)
    assert problems
    assert problems[0].file.startswith("--set")
    assert made.plain() == DOCUMENT.plain()


@pytest.mark.parametrize("key", ["__proto__", "__class__", "constructor", "__dict__"])
def test_names_that_mean_something_in_other_languages_are_keys_like_any_other(key):
    made, problems = by_options(f"{key}.x=1", f"sources.layered.config.{key}=1")
    assert problems == []
    assert made.at([key]).plain() == {"x": 1}


KEYS = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,6}[A-Za-z0-9])?", fullmatch=True)


@given(st.dictionaries(KEYS, st.dictionaries(KEYS, st.integers(), min_size=1), min_size=1, max_size=4))
def test_the_name_of_a_variable_leads_back_to_its_keys(config):
    document = Node.of({"sources": {"x": {"config": config}}})
    for key, inner in config.items():
        for last in inner:
            keys = ("sources", "x", "config", key, last)
            name = environment_name(keys)
            if name is None:
                continue
            problems = Problems()
            made = from_environment({name: "1"}, document, problems)
            assert [each.keys for each in made] == [keys] or "could be" in problems.found[0].found


def test_a_key_that_no_variable_can_name_has_none():
    assert environment_name(["sources", "a__b"]) is None
    assert environment_name(["_a"]) is None
    assert environment_name([]) is None
