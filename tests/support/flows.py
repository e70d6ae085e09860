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
from wardian.bindings.opener import Opener
from wardian.config.loading import load
from wardian.config.secrets import Secrets
from wardian.endpoints.kinds import TYPES
from wardian.pipeline.plan import plan
from wardian.pipeline.run import Run
from wardian.pipeline.tracing import UNTRACED
from wardian.transport.memory import MemoryLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from wardian.config.project import Project
    from wardian.pipeline.plan import Member
    from wardian.pipeline.tracing import Tracing

ANOTHER = b"\x00\x02\x01x"  # a custom section more: the same guest with another digest
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
    holds = False
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
    """One pipeline of a `wardian.yaml` at work, over the guest that is every member, and sinks that are captured.

    Args:
        cache: the folder of the compile cache.
        text: the file, whose plugin's source is `./flow.wasm`.
        folder: where the file is put.
        log: where its records wait; in memory by default.
        captures: sinks to put in the place of those of these names.
    """

    def __init__(
        self, cache: Path, text: str, folder: Path, *, log: Any = None, tracing: Tracing = UNTRACED, **captures: Any
    ) -> None:
        self.folder = folder
        project, descriptions = self._read(text, b"")
        self.plan = plan(project, descriptions)[0]
        rules = self.plan.rules
        self.log = log or MemoryLog(
            pipeline=self.plan.name, queue_count=rules.queue.count, queue_bytes=rules.queue.bytes
        )
        self.runtime = wardian.Runtime(cache=cache, state=self.log.state)
        self.opener = Opener(project, Secrets(), self.runtime, descriptions)
        self.captures = captures
        uses = {each.name: self.open(each) for each in self.plan.members}
        self.run = Run(self.plan, self.log, uses, tracing=tracing)

    def open(self, member: Member) -> Any:
        """Open a member, or give the captured sink."""
        if member.name in self.captures:
            return self.captures[member.name]
        return self.opener.open(self.plan.name, [member], offset=self.log.offset)[member.name]

    def changed(self, member: str, text: str, *, more: bytes = b"") -> Any:
        """Open a member as another file has it, over a guest with `more` at its end; what runs stays as it is."""
        project, descriptions = self._read(text, more)
        opener = Opener(project, Secrets(), self.runtime, descriptions)
        return opener.open(self.plan.name, [self.plan.member(member)])[member]

    def _read(self, text: str, more: bytes) -> tuple[Project, Descriptions]:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "wardian.yaml").write_text(text)
        (self.folder / "flow.wasm").write_bytes(flow_wasm() + more)
        project = load(self.folder / "wardian.yaml", types=TYPES).project
        return project, Descriptions(project.plugins)

    def all(self, timeout: float = 30) -> Flow:
        """Run it to its end."""
        self.run.start()
        assert self.run.wait(timeout), self.run
        return self

    def close(self) -> None:
        """End it, and free all."""
        self.run.end()
        self.runtime.close()
