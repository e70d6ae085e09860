"""What the host makes itself is known to the reader of a configuration."""

import jsonschema
import pytest

from wardian import ConfigError
from wardian.config.loading import load
from wardian.config.project import json_schema
from wardian.endpoints.kinds import TYPES, names


def test_the_names():
    assert names("sources") == ["file", "stdio", "timer", "webhook"]
    assert names("sinks") == ["file", "stdio", "webhook"]


def test_each_configuration_has_a_schema_with_what_its_keys_mean():
    for each in TYPES.values():
        definitions = {}
        each.config.schema(definitions)
        (schema,) = definitions.values()
        assert schema["description"]
        assert all(held["description"] for held in schema["properties"].values())


def test_a_project_may_use_them_by_their_type(tmp_path):
    path = tmp_path / "wardian.yaml"
    path.write_text(
        "version: 1\nsources:\n  in: {type: file, config: {path: a, follow: true}}\n"
        "sinks:\n  out: {type: file, config: {path: b, rotate: 10}}\n"
    )
    assert load(path, types=TYPES).project.sinks["out"].type == "file"


def test_a_wrong_key_is_a_problem_with_its_line(tmp_path):
    path = tmp_path / "wardian.yaml"
    path.write_text(
        "version: 1\nsources:\n  in:\n    type: file\n    config:\n      path: a\n      rotate: 10\n"
        "  tick:\n    type: timer\n    config: {interval: soon}\n"
        "sinks:\n  tock:\n    type: timer\n"
    )
    with pytest.raises(ConfigError) as raised:
        load(path, types=TYPES)
    said = [(each.line, each.path) for each in raised.value.problems]
    assert said == [(7, "sources.in.config.rotate"), (10, "sources.tick.config.interval"), (13, "sinks.tock.type")]


def test_the_schema_of_a_project_knows_the_configuration_of_each_type():
    schema = jsonschema.Draft202012Validator(json_schema(TYPES))
    jsonschema.Draft202012Validator.check_schema(json_schema(TYPES))

    def fits(group, name, config):
        return schema.is_valid({"version": 1, group: {"one": {"type": name, "config": config}}})

    assert fits("sources", "file", {"path": "a", "follow": True})
    assert not fits("sources", "file", {"path": "a", "rotate": 10})
    assert fits("sinks", "file", {"path": "a", "rotate": 10})
    assert not fits("sinks", "file", {"path": "a", "follow": True})
    assert not fits("sources", "timer", {"count": 0})
