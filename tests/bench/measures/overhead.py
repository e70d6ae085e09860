"""What a call costs beyond what cannot be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bare import checked, unchecked
from measure import Figures, Measure
from timing import Side

from measures.calls import VALUE, microseconds

if TYPE_CHECKING:
    from workbench import Bench

REQUEST = b"x" * 64


def floor(bench: Bench) -> Figures:
    return _against(bench, unchecked(bench.plugin))


def guarding(bench: Bench) -> Figures:
    return _against(bench, checked(bench.plugin))


def receipt(bench: Bench) -> Figures:
    names = {"invoke": bench.plugin.invoke, "call": bench.plugin.call, "value": VALUE}
    return Figures(*microseconds(bench, Side("invoke('echo', value)", names), Side("call('echo', value)", names)))


def _against(bench: Bench, bare: object) -> Figures:
    assert bench.plugin.call_bytes("echo", REQUEST) == bare("echo", REQUEST) == REQUEST
    names = {"ours": bench.plugin.call_bytes, "bare": bare, "request": REQUEST}
    return Figures(*microseconds(bench, Side("ours('echo', request)", names), Side("bare('echo', request)", names)))


MEASURES = (
    Measure(
        "floor", "echo of 64 bytes, `call_bytes`", "an unchecked C call, two copies", "µs", "times slower", floor
    ),
    Measure(
        "guarding", "deadline, limits and pool of a call", "the same call without, pointers checked", "µs", "more",
        guarding,
    ),
    Measure("receipt", "`invoke` of a map of 46 bytes", "`call`", "µs", "more", receipt),
)  # fmt: skip
