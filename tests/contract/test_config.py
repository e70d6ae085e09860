"""What a configuration's author may rely on: every mistake in one run, each with its line; and a schema that agrees."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest

from wardian.config.loading import load
from wardian.config.project import PROJECT, json_schema
from wardian.config.schema_check import check
from wardian.document import reading
from wardian.document.problem import Problems
from wardian.errors import ConfigError

CONFIG = Path(__file__).with_name("config")
MISTAKES = CONFIG / "mistakes.yaml"
ROOT = Path(__file__).parents[2]


def marked(mark):
    """The lines of the file with the mistakes that bear a mark."""
    lines = MISTAKES.read_text("utf-8").splitlines()
    return [at for at, line in enumerate(lines, 1) if re.search(rf"# !{mark}$", line)]


def found_by_schema(path):
    """The lines at which the schema finds something, by the nodes that its errors lead to."""
    problems = Problems()
    node = reading.read(path, problems=Problems())
    check(json_schema(), node, path="", package="schema", problems=problems)
    return {each.line for each in problems.found}


def test_every_mistake_is_told_in_one_run_each_once_and_with_its_line():
    with pytest.raises(ConfigError) as caught:
        load(MISTAKES)
    expected = sorted(marked("(schema)?"))
    assert [each.line for each in caught.value.problems] == expected, "\n".join(caught.value.problems)
    assert len(expected) == 52
    assert {each.file for each in caught.value.problems} == {str(MISTAKES)}
    assert all(each.path for each in caught.value.problems)


def test_a_problem_is_one_line_that_says_what_is_expected_and_what_is_there():
    with pytest.raises(ConfigError) as caught:
        load(MISTAKES)
    told = str(caught.value).splitlines()
    assert len(told) == 53
    assert any(
        line.endswith(
            "mistakes.yaml:42: sources.ticker-b.plugin: expected a name in `plugins`, got `acme/tickr` "
            "(did you mean `acme/ticker`?)"
        )
        for line in told
    )
    assert "hunter2" not in str(caught.value)


def test_the_schema_finds_each_mistake_that_a_schema_can():
    assert found_by_schema(MISTAKES) == set(marked("schema"))


def test_a_file_with_every_key_is_read_and_the_schema_accepts_it():
    loaded = load(CONFIG / "complete.yaml")
    assert found_by_schema(CONFIG / "complete.yaml") == set()
    given = reading.read(CONFIG / "complete.yaml").plain()
    assert set(given) | {"plugins"} == set(PROJECT.keys)
    assert loaded.project.sources["ticker-team-a"].limits == {"memory": 2 * 2**20, "deadline": 0.05}
    for name in ("complete.yaml", "plugins.yaml"):
        plain = {"version": 1, **reading.read(CONFIG / name).plain()}
        jsonschema.Draft202012Validator(json_schema()).validate(plain)


@pytest.mark.parametrize("definition", ["use", "plugin", "job", "pipeline", "secretsource", "repository"])
def test_the_file_with_every_key_has_every_key(definition):
    text = "".join((CONFIG / name).read_text("utf-8") for name in ("complete.yaml", "plugins.yaml"))
    for key in json_schema()["$defs"][definition]["properties"]:
        assert re.search(rf"\b{key}:", text) or key == "type", key
