"""What becomes of the command line of `wardian check`, and of its report."""

from __future__ import annotations

import pytest

from wardian.cli.checking import Asked, _samples, _seconds, _wanted, code
from wardian.cli.usage import Usage
from wardian.conformance.promise import Promise, failed, not_applicable, passed, undecided
from wardian.conformance.report import Chapter, Report, Result


def report(*verdicts):
    promise = Promise("sink.flush", "It flushes.", "Why.", "do", lambda _: passed())
    return Report("a", "0", (), (Chapter("", "", tuple(Result(promise, each, 0.0) for each in verdicts)),), 0.0)


def test_the_exit_code_is_0_only_when_all_hold():
    assert code(report(passed(), not_applicable("no"))) == 0
    assert code(report(passed(), undecided("time"))) == 6
    assert code(report(undecided("time"), failed("a", "b"))) == 7


def test_the_deadline_is_that_of_the_kit_unless_it_is_given():
    assert _wanted(Asked(plugin="a.wasm"))["limits"].deadline == 5
    assert _wanted(Asked(plugin="a.wasm", limit=("memory=1MiB",)))["limits"].deadline == 5
    assert _wanted(Asked(plugin="a.wasm", limit=("deadline=50ms",)))["limits"].deadline == 0.05


def test_grants_count_only_where_some_are_given():
    assert _wanted(Asked(plugin="a.wasm"))["grants"] is None
    assert _wanted(Asked(plugin="a.wasm", grant=("state",)))["grants"].state


def test_inputs_are_lines_of_json(tmp_path):
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"data": 1}\n\n"a"\n')
    assert _samples(str(lines)) == [{"data": 1}, "a"]
    lines.write_text("1\noops\n")
    with pytest.raises(Usage, match="no JSON"):
        _samples(str(lines))
    lines.write_text("1\n" * 1_001)
    with pytest.raises(Usage, match="1,001"):
        _samples(str(lines))


def test_a_time_is_a_duration_or_a_number_of_seconds():
    assert (_seconds("1m30s"), _seconds("5"), _seconds("0.5")) == (90, 5, 0.5)
    for wrong in ("soon", "0", "-1s", "1e3"):
        with pytest.raises(Usage):
            _seconds(wrong)
