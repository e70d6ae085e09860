"""The report of a check in lines for a person."""

from __future__ import annotations

from wardian.cli.check_report import limits, rows, show, summary, title
from wardian.conformance.promise import Promise, failed, not_applicable, passed, undecided
from wardian.conformance.report import Chapter, Report, Result
from wardian.conformance.smallest import Smallest


def chapter(*verdicts, found=None, note="", kind="sink", name="s"):
    promise = Promise("sink.flush", "It flushes.", "Why it matters.", "do this", lambda _: passed())
    return Chapter(kind, name, tuple(Result(promise, verdict, 0.0) for verdict in verdicts), found, note)


def report(*chapters):
    return Report("a.wasm", "0" * 64, ("state",), (Chapter("", "", ()), *chapters), 1.0)


def test_a_promise_has_one_line_and_a_broken_one_says_more():
    verdicts = (passed("twice"), not_applicable("none"), undecided("time"), failed("null", "true", "sink_flush null"))
    lines = list(rows(chapter(*verdicts)))
    assert [(mark, name) for mark, name, *_ in lines] == [
        ("ok", "sink.flush"), ("-", "sink.flush"), ("?", "sink.flush"), ("BROKEN", "sink.flush"),
        ("", "  expected"), ("", "  seen"), ("", "  asked"), ("", "  why"), ("", "  hint"),
    ]  # fmt: skip
    assert [text for _, _, text, _ in lines[:2]] == ["It flushes.  (twice)", "It flushes.  (none)"]
    assert [text for _, _, text, _ in lines[4:]] == ["null", "true", "sink_flush null", "Why it matters.", "do this"]


def test_what_a_plugin_says_cannot_reach_the_terminal():
    hostile = "\x1b[2J\n\u202e" * 1_000
    for _, _, text, _ in rows(chapter(failed(hostile, hostile, hostile), passed(hostile))):
        assert text.isprintable()
        assert len(text) <= 10_000
    assert title(chapter(name="\x1b[2J")).isprintable()


def test_a_symbol_is_called_by_its_kind_and_name():
    assert title(chapter()) == "sink s"
    assert title(chapter(kind="", name="")) == "entry points of its own"


def test_limits_are_a_block_for_plugin_yaml_or_a_reason():
    block = list(limits(chapter(found=Smallest(65_536, 65_536, 7, 0.01, 0.0))))
    assert block[1:] == ["limits:", "  memory: 64KiB", "  deadline: 10ms", "  fuel: 7", "  stack: 64KiB"]
    assert list(limits(chapter(note="some are broken"))) == ["no smallest limits: some are broken"]
    assert list(limits(chapter())) == []


def test_the_last_line_counts(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    assert "1 hold, 0 broken; 1.0 s" in summary(report(chapter(passed())))
    assert "0 broken, 1 not seen" in summary(report(chapter(undecided("time"))))


def test_all_of_it_goes_to_standard_output(capsys):
    show(report(chapter(passed(), failed("a", "b"))))
    out, error = capsys.readouterr()
    assert error == ""
    assert out.startswith("a.wasm  sha256 0000000000000000…\nneeds state;")
    assert "\nsink s\n" in out
    assert out.endswith("1 hold, 1 broken; 1.0 s\n")
