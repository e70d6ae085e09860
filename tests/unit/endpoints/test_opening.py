"""From a name and a configuration to a source or a sink."""

from pathlib import Path

import pytest

from wardian import ConfigError, Record
from wardian.config.layers import merged_layers
from wardian.config.loading import load
from wardian.document.node import Node
from wardian.endpoints import open_sink, open_source
from wardian.endpoints.kinds import TYPES, names

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


class TestPaths:
    """Whose folder a path of a file counts from."""

    CONFIG = "version: 1\n{0}: {{one: {{type: file, config: {{path: ./a.jsonl}}}}}}\n"

    @pytest.fixture
    def at_home(self, tmp_path, monkeypatch):
        """A folder with a configuration, beside the one that the program runs in."""
        (tmp_path / "home").mkdir()
        (tmp_path / "elsewhere").mkdir()
        monkeypatch.chdir(tmp_path / "elsewhere")

        def configured(group, *settings, environ=None):
            (tmp_path / "home" / "wardian.yaml").write_text(self.CONFIG.format(group))
            loaded = load(tmp_path / "home" / "wardian.yaml", settings=settings, environ=environ or {}, types=TYPES)
            use = getattr(loaded.project, group)["one"]
            return merged_layers(use.config, use.at.node)

        return configured

    def test_one_of_a_file_counts_from_the_folder_of_that_file(self, at_home, tmp_path):
        with open_sink("file", at_home("sinks")) as sink:
            assert sink.write([Record(1)]) == [None]
        assert [each.name for each in tmp_path.glob("*/*.jsonl")] == ["a.jsonl"]
        assert (tmp_path / "home" / "a.jsonl").is_file()
        with open_source("file", at_home("sources")) as source:
            assert [each.data for each in source] == [1]

    @pytest.mark.parametrize("by", ["settings", "environ"])
    def test_one_that_overrides_it_counts_from_where_the_program_runs(self, at_home, tmp_path, by):
        (tmp_path / "elsewhere" / "b.jsonl").write_text("2\n")
        given = {"environ": {"WARDIAN__SOURCES__ONE__CONFIG__PATH": "b.jsonl"}} if by == "environ" else {}
        settings = ["sources.one.config.path=b.jsonl"] if by == "settings" else []
        with open_source("file", at_home("sources", *settings, **given)) as source:
            assert [each.data for each in source] == [2]

    def test_one_of_a_program_counts_from_where_it_runs(self, at_home, tmp_path):
        with open_sink("file", {"path": "c.jsonl"}) as sink:
            sink.write([Record(3)])
        assert (tmp_path / "elsewhere" / "c.jsonl").read_text() == '{"data": 3}\n'

    def test_the_home_of_a_user_is_known(self, tmp_path, monkeypatch):
        monkeypatch.setenv("HOME", str(tmp_path))
        with open_sink("file", {"path": "~/d.jsonl"}):
            assert (tmp_path / "d.jsonl").is_file()
