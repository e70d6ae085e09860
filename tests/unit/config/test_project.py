"""`wardian.config.project`: the whole, and its schema."""

import jsonschema
import pytest

from wardian.config.project import PROJECT, json_schema


def test_the_least_is_a_version(project):
    made = project("")
    assert (made.version, made.plugins, made.vars) == (1, {}, {})


@pytest.mark.parametrize("text", ["version: 2\n", "name: x\n", "version: '1'\n", "version: true\n"])
def test_another_version_is_refused(written, text):
    from wardian.config.loading import load
    from wardian.errors import ConfigError

    with pytest.raises(ConfigError) as caught:
        load(written(text))
    assert {each.line for each in caught.value.problems} == {1}


def test_the_schema_is_one_and_describes_every_key():
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert set(schema["$defs"]["project"]["properties"]) == set(PROJECT.keys)
    for name, definition in schema["$defs"].items():
        for key, each in definition["properties"].items():
            assert name in ("limits", "grants") or each["description"].endswith("."), (name, key)


def test_each_asking_gives_a_new_one():
    json_schema()["$defs"].clear()
    assert json_schema()["$defs"]
