"""A new instance for each call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import extism
from measure import Figures, Measure
from timing import Side

from measures.calls import EXTISM, microseconds

if TYPE_CHECKING:
    from workbench import Bench


def fresh_call(bench: Bench) -> Figures:
    request = b"x" * 64
    with bench.load(fresh=True) as plugin:
        names = {"ours": plugin.call_bytes, "Plugin": extism.Plugin, "compiled": bench.compiled, "request": request}
        peer = Side("Plugin(compiled).call('echo', request)", names)
        return Figures(*microseconds(bench, Side("ours('echo', request)", names), peer))


MEASURES = (Measure("fresh_call", "a new instance and one call of it", EXTISM, "µs", "times faster", fresh_call),)
