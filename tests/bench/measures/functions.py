"""What a guest asks of the application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from measure import Figures, Measure
from timing import Side

from measures.calls import EXTISM, microseconds

if TYPE_CHECKING:
    from workbench import Bench

CALLS = 1000  # of the application, in one call of the guest


def ask(bench: Bench) -> Figures:
    names = {"ours": bench.plugin.call_bytes, "peer": bench.peer.call, "request": b"8 bytes."}
    sides = microseconds(bench, Side("ours('ask', b'')", names), Side("peer('ask', request)", names))
    return Figures(*(tuple(each / CALLS for each in side) for side in sides))


MEASURES = (
    Measure(
        "application_function", "a function of the application, called by the guest: 8 bytes there, 8 back", EXTISM,
        "µs", "times faster", ask,
    ),
)  # fmt: skip
