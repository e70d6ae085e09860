"""`Batch`, `Queue` and `Window`: how many records go together, how many wait, and how many an aggregator holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.document.measures import SPAN, Size
from wardian.document.shapes import Duration, Whole
from wardian.document.structs import Place, Struct, key, place

if TYPE_CHECKING:
    from wardian.document.node import Node
    from wardian.document.problem import Problems


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A batch is full with either of the first two, and goes after the third; the linger is in seconds."""

    count: int = key(Whole(1, 100_000), "Records at most.", default=100)
    bytes: int = key(Size(), "Bytes at most, as they are encoded; a record that is larger goes alone.", default=2**20)
    linger: float = key(Duration(), "How long a batch that is not full waits for more records.", default=0.02)


@dataclass(frozen=True, kw_only=True)
class Queue:
    """A queue is full with either; its sources are then not polled."""

    count: int = key(Whole(1, 10_000_000), "Records at most.", default=10_000)
    bytes: int = key(Size(), "Bytes at most, as they are encoded.", default=64 * 2**20)


@dataclass(frozen=True, kw_only=True)
class Window:
    """A window is closed by whichever comes first; the time is in seconds and begins with the first record."""

    count: int | None = key(Whole(1, 1_000_000), "Records at most.", default=None)
    every: float | None = key(SPAN, "How long it is open at most.", default=None)
    at: Place = place()


def _check(window: Window, node: Node, path: str, problems: Problems) -> None:
    if window.count is None and window.every is None:
        problems.note(node, path, "`count`, `every` or both", "neither", at_key=True)


BATCH: Final = Struct(Batch, "How many records go through the steps together.")
QUEUE: Final = Struct(Queue, "How many records may wait for the first step.")
WINDOW: Final = Struct(Window, "How long an aggregator gathers records before it says what came of them.", check=_check)
