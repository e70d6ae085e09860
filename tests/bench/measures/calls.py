"""One call and its reply, of several sizes."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import cbor2
from measure import Figures, Measure
from timing import Side, in_turns

if TYPE_CHECKING:
    from workbench import Bench

EXTISM = "Extism"
VALUE = {"name": "Ada", "age": 36, "tags": ["a", "b"], "ok": True, "x": 1.5, "c": "UK"}  # 46 bytes


def echo(bench: Bench, size: int) -> Figures:
    request = bytes(range(64)) * (size // 64)
    assert bench.plugin.call_bytes("echo", request) == bench.peer.call("echo", request) == request
    names = {"ours": bench.plugin.call_bytes, "peer": bench.peer.call, "request": request}
    return Figures(*microseconds(bench, Side("ours('echo', request)", names), Side("peer('echo', request)", names)))


def echo_map(bench: Bench) -> Figures:
    encoded = cbor2.dumps(VALUE)
    assert len(encoded) == 46
    assert bench.plugin.call("echo", VALUE) == cbor2.loads(bench.peer.call("echo", encoded)) == VALUE
    names = {
        "ours": bench.plugin.call, "peer": bench.peer.call, "value": VALUE, "dumps": cbor2.dumps, "loads": cbor2.loads,
    }  # fmt: skip
    peer = Side("loads(peer('echo', dumps(value)))", names)
    return Figures(*microseconds(bench, Side("ours('echo', value)", names), peer))


def microseconds(bench: Bench, *sides: Side) -> list[tuple[float, ...]]:
    """Each side's figures, in turns."""
    return [tuple(each * 1e6 for each in side) for side in in_turns(bench.effort, *sides)]


def _echo(name: str, what: str, size: int) -> Measure:
    return Measure(name, f"echo of {what}, `call_bytes`", EXTISM, "µs", "times faster", partial(echo, size=size))


MEASURES = (
    _echo("echo_64_bytes", "64 bytes", 64),
    Measure("echo_map", "echo of a map of 46 bytes, `call`", f"{EXTISM}, cbor2", "µs", "times faster", echo_map),
    _echo("echo_64_kib", "64 KiB", 2**16),
    _echo("echo_1_mib", "1 MiB", 2**20),
)
