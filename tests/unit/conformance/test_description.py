"""What a check needs of a package's description."""

from __future__ import annotations

from wardian.conformance.description import faults, symbols
from wardian.package.manifest import Manifest

RIGHT = {"name": "acme/a", "version": "1.0.0", "symbols": [{"kind": "sink", "name": "a"}]}


def manifest(**more):
    return Manifest.from_value({**RIGHT, **more})


def test_wishes_that_are_limits_are_right():
    assert list(faults(manifest())) == []
    assert list(faults(manifest(limits={"memory": "1MiB", "deadline": "10ms"}))) == []


def test_wishes_that_are_no_limits_are_told_all_at_once():
    told = list(faults(manifest(limits={"memory": "much", "memori": "1MiB", "fuel": 0})))
    assert [each.partition(":")[0] for each in told] == ["limits.memori", "limits.memory", "limits.fuel"]


def test_symbols_are_those_described_or_one_for_each_kind_that_is_served():
    assert [(each.kind, each.name) for each in symbols(manifest(), frozenset())] == [("sink", "a")]
    served = symbols(None, frozenset({"sink_write", "lookup_rows"}))
    assert [(each.kind, each.name) for each in served] == [("sink", ""), ("lookup", "")]
    assert [(each.kind, each.name) for each in symbols(None, frozenset({"count"}))] == [("", "")]
