"""`Swap`: a step or sink that is to be exchanged between two batches, and what became of that."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wardian.pipeline.worker import Worker


class Swap:
    """One exchange, asked for by one thread and performed by the worker's.

    Attributes:
        member: the name of the step or sink.
        use: what takes its place.
        done: set once it was tried.
        error: why it could not be, or None.
    """

    def __init__(self, member: str, use: Any) -> None:  # noqa: ANN401 - a use of any kind
        self.member, self.use = member, use
        self.done = threading.Event()
        self.error: KeyError | None = None

    def perform(self, worker: Worker, uses: dict[str, Any]) -> None:
        """Exchange it, and close the old one.

        Args:
            worker: whose stage is exchanged.
            uses: the open uses, by the names of their members.
        """
        stage = next((each for each in (*worker.steps, *worker.sinks) if each.member.name == self.member), None)
        if stage is None:
            self.error = KeyError(self.member)
            self.use.close()
        else:
            old, uses[self.member] = uses[self.member], self.use
            stage.put(self.use)
            old.close()
        self.done.set()
