"""`wardian dead` shows dead letters, mends them, sends them on their way again, and forgets them."""

from __future__ import annotations

import json

import click
import pytest

from support.letters import give_up, letter
from wardian.cli.main import perform
from wardian.transport.dead_letters import DeadLetters
from wardian.transport.journal import Journal
from wardian.transport.tables import open_file

TRAP = letter(2, member="store", kind="", code="trap", message="unreachable", trace="at <store>!put\nat\x1b[31m b")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with a wardian.yaml, whose pipeline `words` gave up two records, and `other` one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wardian.yaml").write_text("version: 1\n")
    give_up(tmp_path / ".wardian" / "pipelines" / "words.db", letter(), TRAP)
    give_up(tmp_path / ".wardian" / "pipelines" / "other.db", letter(pipeline="other"), pipeline="other")
    return tmp_path


@pytest.fixture
def words(folder):
    return folder / ".wardian" / "pipelines" / "words.db"


def told(capsys, *command, code=0):
    assert perform(["dead", *command]) == code
    return capsys.readouterr().out


def left(path):
    with open_file(path, "") as file:
        return [each.id for each in DeadLetters(file).some()]


def waiting(path):
    with Journal(path, pipeline="words", sources=[], queue_count=9, queue_bytes=9) as log:
        return [(each.source, each.start, each.value) for each in log.read(log.cursor, 9, 10**9, 0)]


def test_the_letters_of_all_pipelines_are_listed_with_where_and_why_they_failed(folder, capsys):
    lines = told(capsys, "list").splitlines()
    assert lines[0].split() == ["letter", "member", "error", "attempts", "given", "up", "message"]
    assert lines[1].startswith("other/1  parse   invalid bad  3         1970-01-01 00:00:00Z  no")
    assert [line.split()[0] for line in lines[2:]] == ["words/1", "words/2"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--pipeline", "words"], ["words/1", "words/2"]),
        (["--member", "store"], ["words/2"]),
        (["--kind", "invalid"], ["other/1", "words/1"]),
        (["--code", "trap"], ["words/2"]),
        (["--source", "elsewhere"], []),
        (["--limit", "2"], ["other/1", "words/1"]),
    ],
)
def test_some_of_them_may_be_asked_for(folder, capsys, options, expected):
    found = json.loads(told(capsys, "list", "--json", *options))
    assert [each["letter"] for each in found["dead"]] == expected
    assert found["pipelines"]["words"]["dead"] == 2


def test_that_not_all_are_shown_is_said(folder, capsys):
    assert told(capsys, "list", "--limit", "1").splitlines()[-1] == "1 of 3 dead letters"
    assert told(capsys, "list", "--pipeline", "other", "--code", "x").splitlines() == ["0 of 1 dead letters"]


def test_case_06_a_pipeline_whose_file_is_damaged_is_told_and_the_others_are_listed(folder, words, capsys):
    words.write_bytes(b"garbage!" * 1000)
    assert perform(["dead", "list"]) == 8
    out, err = capsys.readouterr()
    assert "other/1" in out
    assert "error: the state file is damaged" in err
    assert words.read_bytes() == b"garbage!" * 1000


def test_a_letter_is_shown_whole_and_cannot_speak_to_the_terminal(folder, capsys):
    text = told(capsys, "show", "words/2")
    assert '    {\n      "data": 2\n    }' in text
    assert "    in at <store>!put\n    in at\\x1b[31m b\n" in text
    shown = json.loads(told(capsys, "show", "2", "--pipeline", "words", "--json"))
    assert (shown["letter"], shown["value"], shown["trace"], shown["attempts"]) == (
        "words/2",
        {"data": 2},
        TRAP.trace,
        3,
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["edit", "words/1", '{"data": "new", "key": "k"}'], {"data": "new", "key": "k"}),
        (["edit", "words/1", "--set", "data=3", "--set", "tags.fixed=yes"], {"data": 3, "tags": {"fixed": "yes"}}),
    ],
)
def test_a_mended_record_goes_on_where_the_letter_failed_once(folder, words, capsys, given, expected):
    told(capsys, *given)
    assert told(capsys, "replay", "words/1") == "replayed 1 letter of words\n"
    assert waiting(words) == [("dead:1", "parse", expected)]
    assert left(words) == [2]
    assert "no dead letter words/1" in refused(capsys, "replay", "words/1")
    assert len(waiting(words)) == 1


def test_a_record_may_be_mended_in_an_editor(folder, words, capsys, monkeypatch):
    monkeypatch.setattr(click, "edit", lambda text, extension: text.replace("1", '"by hand"'))
    told(capsys, "edit", "words/1")
    assert json.loads(told(capsys, "show", "words/1", "--json"))["value"] == {"data": "by hand"}
    monkeypatch.setattr(click, "edit", lambda text, extension: None)
    assert perform(["dead", "edit", "words/1"]) == 0
    assert capsys.readouterr().err == "nothing was changed\n"
    monkeypatch.setattr(click, "edit", lambda text, extension: "{")
    assert "the letter is as it was" in refused(capsys, "edit", "words/1")


def test_all_that_are_meant_are_replayed_or_deleted(folder, words, capsys):
    assert told(capsys, "replay", "--all", "--member", "store") == "replayed 1 letter of words\n"
    assert json.loads(told(capsys, "delete", "--all", "--json")) == {"deleted": {"other": 1, "words": 1}}
    assert told(capsys, "delete", "--all") == "there are no dead letters\n"
    assert told(capsys, "list") == "there are no dead letters\n"
    assert len(waiting(words)) == 1


def test_several_may_be_named(folder, words, capsys):
    assert told(capsys, "delete", "words/2", "other/1", "words/1", "words/2").splitlines() == [
        "deleted 2 letters of words", "deleted 1 letter of other",
    ]  # fmt: skip


def refused(capsys, *command):
    assert perform(["dead", *command]) == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (["show", "words/9"], "there is no dead letter words/9"),
        (["show", "nobody/1"], "no pipeline `nobody` has a file"),
        (["show", "../words/1"], "no pipeline `../words` has a file"),
        (["show", "1"], "which pipeline is it of?"),
        (["show", "words/x"], "by its pipeline and its number"),
        (["show", "words/1", "--pipeline", "other"], "by its pipeline and its number"),
        (["list", "--pipeline", "nobody"], "there are: other, words"),
        (["replay"], "name the letters, or give `--all`"),
        (["delete", "words/1", "--all"], "name the letters, or give `--all`"),
        (["delete", "words/1", "--member", "parse"], "name the letters, or give `--all`"),
        (["delete", "words/1", "words/9"], "there is no dead letter words/9"),
        (["edit", "words/1", "3"], "this is no record"),
        (["edit", "words/1", '{"data": 1, "when": 2}'], "a record has no field"),
        (["list", "--state", "nowhere"], "there is no state directory `nowhere`"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_done(folder, words, capsys, command, expected):
    assert expected in refused(capsys, *command)
    assert left(words) == [1, 2]


def test_case_13_a_pipeline_that_runs_takes_what_is_replayed_and_loses_nothing_meanwhile(folder, words, capsys):
    with Journal(words, pipeline="words", sources=["lines"], queue_count=99, queue_bytes=9999) as log:
        log.append("lines", [{"data": 3}])
        told(capsys, "replay", "--all", "--pipeline", "words")
        entries = []
        while len(entries) < 3:
            entries += log.read(2 + len(entries), 9, 10**9, 5)
        assert [(each.cursor, each.source) for each in entries] == [(3, "lines"), (4, "dead:1"), (5, "dead:2")]
        log.commit(5)
    assert left(words) == []
