"""What a call costs as something grows: the payload, the number of live instances."""

from __future__ import annotations

import statistics
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import extism
from measures.calls import microseconds
from timing import Side

import wardian
from wardian.quantity import format_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbench import Bench

Series = dict[str, list[tuple[int, float]]]

PAYLOADS = tuple(64 * 4**step for step in range(10))  # 64 B to 16 MiB
COUNTS = (1, 10, 100, 1000, 5000, 10_000)
MOST_PEERS = 5000  # each takes 16 GiB of address space, and a process has 128 TiB


@dataclass(frozen=True)
class Curve:
    """A figure over something that grows.

    Attributes:
        name: of its plot's file.
        title: its heading.
        axis: what grows.
        about: what a reader has to know.
        write: writes a value of the axis.
        measure: gives microseconds, by side.
    """

    name: str
    title: str
    axis: str
    about: str
    write: Callable[[int], str]
    measure: Callable[[Bench], Series]


def payload(bench: Bench) -> Series:
    """An echo of each size; the limits on sizes are raised for the largest one alone."""
    ours, peer = [], []
    limits = wardian.Limits(request="16MiB", reply="16MiB")
    with bench.load(limits=limits) as large:
        for size in PAYLOADS:
            plugin = bench.plugin if size <= bench.plugin.limits.request else large
            names = {"ours": plugin.call_bytes, "peer": bench.peer.call, "request": b"x" * size}
            sides = microseconds(bench, Side("ours('echo', request)", names), Side("peer('echo', request)", names))
            _add(size, (ours, peer), sides)
    return {"Wardian": ours, "Extism": peer}


def live(bench: Bench) -> Series:
    """An echo of 64 bytes, each call on the instance that waited longest."""
    ours, peer = [], []
    peers: deque[extism.Plugin] = deque()
    limits = wardian.Limits(instances=COUNTS[-1])
    with bench.load(instances=COUNTS[-1], limits=limits) as plugin:
        pool = plugin._pool
        for count in (each for each in COUNTS if each <= COUNTS[-1] * bench.effort.scale):
            if count > MOST_PEERS:
                peers.clear()
            others = [pool.another() for _ in range(count - len(pool.idle))]
            for each in others:
                each.call("echo", b"")  # what only its first call does is done
                pool.release(each)
            sides = [Side("turn(); call('echo', request)", {
                "turn": pool.idle.rotate, "call": plugin.call_bytes, "request": b"x" * 64,
            })]  # fmt: skip
            if count <= MOST_PEERS:
                peers.extend(extism.Plugin(bench.compiled) for _ in range(count - len(peers)))
                for each in peers:
                    each.call("echo", b"")  # likewise
                sides.append(Side("turn(); peers[0].call('echo', request)", {
                    "turn": peers.rotate, "peers": peers, "request": b"x" * 64,
                }))  # fmt: skip
            _add(count, (ours, peer), microseconds(bench, *sides))
    return {"Wardian": ours, "Extism": peer}


def _add(x: int, series: tuple[list[tuple[int, float]], ...], sides: list[tuple[float, ...]]) -> None:
    for each, figures in zip(series, sides, strict=False):
        each.append((x, statistics.median(figures)))


CURVES = (
    Curve(
        "payload", "Cost against the size of the payload", "payload",
        "An echo with `call_bytes`. The limits `request` and `reply`, 8 MiB by default, are raised for the last row.",
        format_size, payload,
    ),
    Curve(
        "instances", "Cost against the number of live instances", "live instances",
        "An echo of 64 bytes, each call on the instance that has waited longest, so that none is in the CPU's caches "
        "when there are many. A process cannot hold 10,000 of Extism's: each takes 16 GiB of address space, of which "
        "there are 128 TiB; one of ours takes 4 GiB.",
        "{:,}".format, live,
    ),
)  # fmt: skip
