"""From a name and a configuration to a source or a sink."""

from pathlib import Path

import pytest

from wardian import ConfigError
from wardian.document.node import Node
from wardian.endpoints import open_sink, open_source
from wardian.endpoints.kinds import names

CONFIGS = {
    "file": {"path": "a"},
    "timer": {"interval": "1s"},
    "webhook": {"listen": "127.0.0.1:0"},
}


@pytest.mark.parametrize("name", [each for each in names("sources") if each != "stdio"])
def test_each_source_is_opened_by_its_name(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").touch()
    with open_source(name, CONFIGS[name]) as source:
        assert (source.name, source.kind) == (name, "source")


def test_each_sink_is_opened_by_its_name(tmp_path):
    configs = {"file": {"path": str(tmp_path / "a")}, "webhook": {"url": "http://127.0.0.1:1/"}}
    for name, config in configs.items():
        with open_sink(name, config) as sink:
            assert (sink.name, sink.kind) == (name, "sink")


def test_standard_streams_are_those_of_the_process():
    from wardian import Record

    with open("/dev/null") as nothing, pytest.MonkeyPatch.context() as patch:  # noqa: PTH123
        patch.setattr("sys.stdin", nothing)
        with open_source("stdio") as source:
            assert list(source) == []
    with open("/dev/null", "w") as nothing, pytest.MonkeyPatch.context() as patch:  # noqa: PTH123
        patch.setattr("sys.stdout", nothing)
        with open_sink("stdio") as sink:
            assert sink.write([Record(1)]) == [None]


def test_every_problem_is_told_at_once():
    with pytest.raises(ConfigError) as raised:
        open_source("file", {"format": "xml", "folow": True})
    assert len(raised.value.problems) == 3
    assert "did you mean `follow`?" in str(raised.value)


def test_a_configuration_from_a_file_keeps_its_lines():
    node = Node({"interval": Node("soon", "wardian.yaml", 7)}, "wardian.yaml", 6)
    with pytest.raises(ConfigError, match=r"wardian\.yaml:7: interval"):
        open_source("timer", node)


def test_an_unknown_type_is_refused_with_those_that_there_are():
    with pytest.raises(ConfigError, match="`file`"):
        open_source("flie")
    with pytest.raises(ConfigError, match="`stdio`"):
        open_sink("timer")


def test_what_is_forgotten_warns_and_gives_its_file_back(tmp_path):
    (tmp_path / "a").touch()
    held = set(Path("/proc/self/fd").iterdir())
    for opened in (open_source, open_sink):
        forgotten = opened("file", {"path": str(tmp_path / "a")})
        with pytest.warns(ResourceWarning, match="was not closed"):
            del forgotten
    assert set(Path("/proc/self/fd").iterdir()) == held


def test_what_could_not_be_opened_does_not_warn(tmp_path):
    with pytest.raises(ConfigError):
        open_source("file", {"path": str(tmp_path / "a")})
    with pytest.raises(ConfigError):
        open_sink("file", {"path": str(tmp_path / "no" / "a")})
