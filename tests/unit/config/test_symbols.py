"""`wardian.config.symbols`: which symbol a use means, and what it is configured with."""

import sys

import pytest

from wardian.config.symbols import chosen, configured
from wardian.document.problem import Problems
from wardian.errors import ConfigError
from wardian.package.manifest import Symbol

HEAD = "plugins: {p: {source: ./p.wasm}}\n"
TICKER = Symbol(
    "source", "ticker", schema={"properties": {"interval": {"type": "string"}}, "additionalProperties": False},
    defaults={"interval": "1m"}, sections={"fast": {"interval": "100ms"}},
)  # fmt: skip


def choice(use, *symbols):
    problems = Problems()
    return chosen(use, "sources", symbols, "acme/x", problems), problems.found


def test_a_use_without_a_symbol_means_the_only_one_of_its_kind(project):
    use = project(HEAD + "sources: {x: {plugin: p}}").sources["x"]
    assert choice(use, TICKER, Symbol("sink", "out")) == (TICKER, [])
    _, (problem,) = choice(use, TICKER, Symbol("source", "other"))
    assert (problem.line, problem.hint) == (3, "there are `ticker`, `other`")
    assert choice(use)[1]


def test_a_symbol_is_of_the_kind_that_the_group_takes(project):
    use = project(HEAD + "sources:\n  x:\n    plugin: p\n    symbol: tickr\n").sources["x"]
    _, (problem,) = choice(use, TICKER, Symbol("sink", "tickr"))
    assert (problem.line, problem.path, problem.hint) == (6, "sources.x.symbol", "did you mean `ticker`?")


STEPS = (Symbol("processor", "cut"), Symbol("aggregator", "sum"), Symbol("function", "shorten"))


def step(project, use, *symbols):
    problems = Problems()
    made = project(HEAD + f"steps: {{x: {use}}}").steps["x"]
    return chosen(made, "steps", symbols, "acme/x", problems), problems.found


@pytest.mark.parametrize(
    ("use", "name"),
    [
        ("{plugin: p, symbol: cut}", "cut"), ("{plugin: p, symbol: shorten}", "shorten"),
        ("{plugin: p, window: {count: 5}}", "sum"), ("{plugin: p, symbol: sum, window: {every: 1s}}", "sum"),
    ],
)  # fmt: skip
def test_a_step_is_a_processor_or_a_function_and_with_a_window_an_aggregator(project, use, name):
    symbol, found = step(project, use, *STEPS)
    assert (symbol.name, found) == (name, [])


def test_a_step_that_could_be_several_has_to_say_which(project):
    _, (problem,) = step(project, "{plugin: p}", *STEPS)
    assert problem.expected == "the `symbol` of acme/x, a processor or a function"
    assert problem.hint == "there are `cut`, `shorten`"


@pytest.mark.parametrize("use", ["{plugin: p, symbol: sum}", "{plugin: p}"])
def test_an_aggregator_needs_a_window(project, use):
    symbol, (problem,) = step(project, use, STEPS[1])
    assert symbol is None
    assert (problem.path, problem.expected) == ("steps.x", "a `window`, as `sum` is an aggregator")


@pytest.mark.parametrize("use", ["{plugin: p, symbol: cut, window: {count: 5}}", "{plugin: p, window: {count: 5}}"])
def test_a_window_needs_an_aggregator(project, use):
    symbol, (problem,) = step(project, use, STEPS[0])
    assert symbol is None
    assert (problem.path, problem.expected) == ("steps.x.window", "no `window`, as `cut` is a processor")


@pytest.mark.parametrize(
    ("use", "interval"),
    [
        ("{plugin: p}", "1m"), ("{plugin: p, section: fast}", "100ms"),
        ("{plugin: p, section: fast, config: [{interval: 1s}, {interval: 5s}]}", "5s"),
    ],
)  # fmt: skip
def test_its_configuration_lies_over_the_package(project, use, interval):
    made = project(HEAD + f"sources: {{x: {use}}}").sources["x"]
    problems = Problems()
    layers = configured(made, TICKER, made.config, "acme/x", problems)
    assert layers.merged.plain() == {"interval": interval}
    assert problems.found == []


def test_what_the_schema_does_not_allow_has_the_line_of_the_file(project):
    made = project(HEAD + "sources:\n  x:\n    plugin: p\n    config:\n      intervall: 1s\n").sources["x"]
    problems = Problems()
    configured(made, TICKER, made.config, "acme/x", problems)
    assert [(each.line, each.path) for each in problems.found] == [(7, "sources.x.config.intervall")]


def test_what_is_missing_has_the_line_of_the_use(project):
    made = project(HEAD + "sources:\n  x: {plugin: p}\n").sources["x"]
    problems = Problems()
    configured(made, Symbol("source", "t", schema={"required": ["a"]}), made.config, "acme/x", problems)
    assert [(each.line, each.path) for each in problems.found] == [(4, "sources.x.config")]


def test_without_the_libraries_it_says_what_to_install(project, monkeypatch):
    made = project(HEAD + "sources: {x: {plugin: p}}").sources["x"]
    for name in [name for name in sys.modules if name.startswith("wardian.config.") and "schema" in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr("wardian.config.schema_check", raising=False)
    monkeypatch.delattr("wardian.config.bounded_schema", raising=False)
    monkeypatch.setitem(sys.modules, "re2", None)
    with pytest.raises(ConfigError) as caught:
        configured(made, TICKER, made.config, "acme/x", Problems())
    assert caught.value.hint == "pip install 'wardian[schema]'"
