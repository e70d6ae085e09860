"""Pipelines for tests: made of text, over real guests, with sinks that tests can look into."""

from __future__ import annotations

import functools
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import wardian
from support.c_guests import compile_guest
from wardian.bindings.descriptions import Descriptions
from wardian.config.loading import load
from wardian.pipeline.plan import plan
from wardian.pipeline.run import Run
from wardian.transport.memory import MemoryLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wardian.pipeline.plan import Member, Plan

FLOW = Path(__file__).parents[1] / "guests" / "c" / "flow" / "flow.c"


@functools.cache
def flow_wasm() -> bytes:
    """The guest that is every member, compiled once a process."""
    with tempfile.TemporaryDirectory() as folder:
        return compile_guest(FLOW, Path(folder) / "flow.wasm").read_bytes()


class Capture:
    """A sink that keeps what it takes, and fails as it is told.

    Attributes:
        values: the records, in the order in which they came.
        refuses: gives the error for a record, or None.
    """

    digest = ""
    bytes_in = bytes_out = memory = 0

    def __init__(self, refuses: Callable[[dict[str, Any]], wardian.GuestError | None] = lambda _: None) -> None:
        self.values: list[dict[str, Any]] = []
        self.refuses = refuses
        self.flushed: list[bool] = []
        self.closed = False
        self.hold = threading.Event()  # cleared: writes wait
        self.hold.set()

    def write_values(self, values: Iterable[dict[str, Any]]) -> list[wardian.GuestError | None]:
        """Take them."""
        self.hold.wait()
        made = []
        for value in values:
            error = self.refuses(value)
            made.append(error)
            if error is None:
                self.values.append(value)
        return made

    def flush(self, *, urgent: bool = False) -> None:
        """Note that it was flushed."""
        self.flushed.append(urgent)

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True

    def data(self) -> list[object]:
        """What was taken, by its data alone."""
        return [each["data"] for each in self.values]

    def keys(self) -> list[str]:
        """What was taken, by its stable key."""
        return [each["meta"]["idempotency_key"] for each in self.values]


class Flow:
    """One pipeline of a `wardian.yaml` at work, with its members opened by this runtime, and captured sinks."""

    def __init__(self, runtime: wardian.Runtime, text: str, folder: Path, *, log: Any = None, **captures: Capture):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "wardian.yaml").write_text(text)
        self.plans = self.planned(folder)
        self.plan: Plan = next(iter(self.plans))
        self.runtime, self.captures = runtime, captures
        rules = self.plan.rules
        self.log = log or MemoryLog(
            pipeline=self.plan.name, queue_count=rules.queue.count, queue_bytes=rules.queue.bytes
        )
        uses = {each.name: self.open(each, self.log.offset(each.name)) for each in self.plan.members}
        self.run = Run(self.plan, self.log, uses)

    @staticmethod
    def planned(folder: Path):
        """The plans of the folder's file."""
        project = load(folder / "wardian.yaml").project
        return plan(project, Descriptions(project.plugins))

    def open(self, member: Member, resume: object) -> Any:
        """Open a member: a captured sink, or a use of the flow guest."""
        if member.name in self.captures:
            return self.captures[member.name]
        config = [each.plain() for each in member.use.config]
        wasm = flow_wasm()
        loaded = self.runtime.load(
            wasm, name=member.plugin, instance=f"{self.plan.name}/{member.name}",
            grants=wardian.Grants(state=True), limits=wardian.Limits(deadline="300ms"),
        )  # fmt: skip
        more = {"resume": resume} if member.kind == "source" else {}
        return getattr(loaded, member.kind)(config, instance=f"{self.plan.name}/{member.name}", **more)

    def all(self, timeout: float = 30) -> Flow:
        """Run it to its end."""
        self.run.start()
        assert self.run.wait(timeout), self.run
        return self
