"""`wardian state`: what is kept, and how it is forgotten."""

import json

import pytest

from support.keepings import keep, put
from wardian.cli.main import perform
from wardian.engine.directory import StateDirectory
from wardian.state.sqlite import SqliteStore

TEXT = """\
version: 1
plugins: {p: {source: ./p.wasm}}
sources: {in: {plugin: p}}
steps: {parse: {plugin: p}}
sinks: {out: {plugin: p}}
pipelines: {a: {sources: [in], steps: [parse], sinks: [out]}}
"""


@pytest.fixture
def directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wardian.yaml").write_text(TEXT)
    made = StateDirectory(tmp_path / ".wardian")
    keep(made.pipeline("a"), "a", "parse", "gone", waiting=2)
    keep(made.pipeline("old"), "old", "parse")
    return made


def told(capsys, *words, code=0):
    assert perform(["state", *words]) == code
    return capsys.readouterr().out


def test_each_pipeline_is_listed_with_what_it_keeps_and_orphans_are_marked(directory, capsys):
    first, gone, parse, old, _ = told(capsys, "list").splitlines()
    assert first.startswith("a  ")
    assert first.endswith("2 waiting, 0 dead")
    assert gone.startswith("  a/gone  plugin: 1 keys, ")
    assert gone.endswith("Z, orphan")
    assert parse.endswith("Z")
    assert old.endswith("0 dead, orphan")


def test_what_all_pipelines_share_is_listed_last(directory, capsys):
    with SqliteStore(directory.shared) as store:
        put(store, "plugin", "/", key=b"value")
    assert told(capsys, "list").splitlines()[-2] == "/"


def test_as_json_it_is_one_value(directory, capsys):
    listed = json.loads(told(capsys, "list", "--json"))
    first, second = listed["pipelines"]
    assert (first["name"], first["waiting"], first["offsets"], first["orphans"]) == ("a", 2, ["in"], ["gone"])
    assert [each["instance"] for each in first["state"]] == ["a/gone", "a/parse"]
    assert (second["orphan"], listed["shared"]) == (True, [])


def test_a_file_that_is_corrupt_is_told_and_in_the_exit_code(directory, capsys):
    directory.pipeline("old").write_bytes(b"garbage" * 100)
    assert "old  cannot be read: " in told(capsys, "list", code=8)


def test_a_directory_is_listed_without_a_configuration(directory, capsys, tmp_path, monkeypatch):
    (tmp_path / "wardian.yaml").unlink()
    assert "orphan" not in told(capsys, "list", "--state", str(directory.path))


def test_what_is_named_is_forgotten(directory, capsys):
    assert told(capsys, "reset", "a/parse", "old", "a/nobody").splitlines() == [
        "a/parse is forgotten", "old is forgotten", "a/nobody had nothing",
    ]  # fmt: skip
    assert directory.pipelines() == ["a"]


def test_orphans_are_collected_and_nothing_else(directory, capsys):
    assert told(capsys, "reset", "--orphans").splitlines() == ["a/gone is forgotten", "old is forgotten"]
    assert told(capsys, "reset", "--orphans") == "there are no orphans\n"
    assert "a/parse" in told(capsys, "list")


def test_while_pipelines_run_nothing_is_forgotten(directory, capsys):
    with directory.hold():
        assert perform(["state", "reset", "a"]) == 8
        assert perform(["state", "list"]) == 0
    assert "runs pipelines with this state" in capsys.readouterr().err
    assert directory.pipelines() == ["a", "old"]


@pytest.mark.parametrize("words", [["reset"], ["reset", "a", "--orphans"], ["list", "--state", "nowhere"]])
def test_what_is_not_meant_is_a_mistake_of_the_command_line(directory, words):
    assert perform(["state", *words]) == 2


def test_orphans_need_a_configuration(directory, tmp_path):
    (tmp_path / "wardian.yaml").unlink()
    assert perform(["state", "reset", "--orphans", "--state", str(directory.path)]) == 2
