"""`wardian.config.loading`: files, environment and options, and every problem of all of them at once."""

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wardian.config.loading import load
from wardian.errors import ConfigError

TEXT = """\
version: 1
plugins: {p: {source: ./p.wasm}}
sources: {x: {plugin: p, config: {interval: 1s}}}
"""


def test_the_environment_lies_over_the_file_and_options_over_both(written):
    path = written(TEXT)
    loaded = load(
        path,
        environ={"WARDIAN__SOURCES__X__CONFIG__INTERVAL": "2s", "WARDIAN__SOURCES__X__INSTANCES": "3"},
        settings=["sources.x.config.interval=3s"],
    )
    use = loaded.project.sources["x"]
    assert [each.plain()["interval"] for each in use.config] == ["1s", "2s", "3s"]
    assert use.instances == 3
    assert loaded.files == (path,)
    assert loaded.warnings == ()


def test_without_an_environment_none_is_looked_at(written, monkeypatch):
    monkeypatch.setenv("WARDIAN__SOURCES__X__INSTANCES", "3")
    assert load(written(TEXT)).project.sources["x"].instances == 1


def test_problems_of_file_environment_and_options_are_told_together(written):
    path = written(TEXT + "sinks: {x: {plugin: q}}\n")
    with pytest.raises(ConfigError) as caught:
        load(path, environ={"WARDIAN__SOURCES__Y__ENABLED": "1"}, settings=["sources.x.fresh=maybe", "x"])
    assert sorted((each.file.rpartition("/")[2], each.line) for each in caught.value.problems) == [
        ("--set sources.x.fresh", 0), ("--set x", 0), ("WARDIAN__SOURCES__Y__ENABLED", 0), ("wardian.yaml", 4),
    ]  # fmt: skip
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert [each.line for each in caught.value.problems] == [4]


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(ConfigError, match="no such file"):
        load(tmp_path / "wardian.yaml")


KEYS = st.sampled_from(
    ["version", "imports", "vars", "plugins", "sources", "tasks", "pipelines", "secrets", "x", "plugin", "config",
     "source", "action", "limits", "grants", "command", "mixins", "mixin", "memory", "http", "params", "${secret:x}"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | KEYS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=25,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_whatever_a_file_holds_nothing_but_a_config_error_is_raised(tmp_path, value):
    from wardian.document.yaml_text import write

    path = tmp_path / "any.yaml"
    path.write_text(write(value), "utf-8", errors="replace")
    with contextlib.suppress(ConfigError):
        load(path, environ={"WARDIAN__SOURCES__X__CONFIG__A": "1"}, settings=["sources.x.config.a=1"])
