"""A report, and its machine form."""

from __future__ import annotations

import json

from wardian.conformance.promise import Promise, failed, not_applicable, passed, undecided
from wardian.conformance.report import Chapter, Report, Result
from wardian.conformance.smallest import Smallest


def report(*verdicts, limits=None):
    results = tuple(
        Result(Promise(f"kind.p{at}", "It does.", "Why.", "do", lambda _: passed()), verdict, 0.5)
        for at, verdict in enumerate(verdicts)
    )
    return Report("a.wasm", "00ff", ("state",), (Chapter("sink", "s", results, limits, ""),), 1.25)


def test_a_plugin_conforms_when_nothing_is_broken_and_all_was_seen():
    assert report(passed(), not_applicable("no")).conforms
    assert not report(passed(), failed("a", "b")).conforms
    assert not report(passed(), undecided("time")).conforms
    assert report(failed("a", "b"), undecided("time")).failed == ("kind.p0",)
    assert report(failed("a", "b"), undecided("time")).undecided == ("kind.p1",)


def test_its_json_has_the_documented_keys():
    limits = Smallest(65_536, 65_536, 1, 0.01, 0.0)
    value = report(passed("note"), failed("a", "b", "entry null"), limits=limits).to_json()
    assert json.loads(json.dumps(value)) == value
    assert value.keys() == {"plugin", "digest", "conforms", "capabilities", "counts", "symbols", "seconds"}
    assert value["counts"] == {"passed": 1, "failed": 1, "undecided": 0, "not_applicable": 0}
    symbol = value["symbols"][0]
    assert symbol.keys() == {"kind", "name", "promises", "limits", "limits_note"}
    assert symbol["limits"] == {"memory": "64KiB", "deadline": "10ms", "fuel": 1, "stack": "64KiB"}
    first, second = symbol["promises"]
    assert first == {
        "id": "kind.p0", "text": "It does.", "outcome": "passed", "note": "note", "expected": "", "seen": "",
        "request": "", "hint": "", "seconds": 0.5,
    }  # fmt: skip
    assert (second["expected"], second["seen"], second["request"], second["hint"]) == ("a", "b", "entry null", "do")
