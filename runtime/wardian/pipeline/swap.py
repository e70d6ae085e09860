"""`Swap`: a step or sink that is to be exchanged between two batches, and what became of that."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from wardian.errors import ConfigError, WardianError

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.pipeline.plan import Member, Plan
    from wardian.pipeline.stage import Stage
    from wardian.pipeline.worker import Worker

    Open = Callable[[Member, object], Any]


class Swap:
    """One exchange, asked for by one thread and performed by the worker's.

    Attributes:
        member: the name of the step or sink.
        plan: the pipeline as it is to be.
        opened: opens the members of that plan.
        done: set once it was tried.
        error: why it could not be, or None.
    """

    def __init__(self, member: str, plan: Plan, opened: Open) -> None:
        self.member, self.plan, self.opened = member, plan, opened
        self.done = threading.Event()
        self.error: WardianError | None = None

    def perform(self, worker: Worker, uses: dict[str, Any], before: Open) -> None:
        """Close the old use, whose state the new one takes over, and open the new one; else the old one once more.

        Args:
            worker: whose stage is exchanged.
            uses: the open uses, by the names of their members.
            before: opens the members of the plan that was.

        Raises:
            WardianError: the old one cannot be opened again either; there is none then.
        """
        stage = _stage(worker, self.member)
        if stage is None:
            self.error = ConfigError(f"there is no step or sink `{self.member}`")
            return
        uses[self.member].close()
        member = stage.member
        try:
            member = self.plan.member(self.member)
            made = self.opened(member, None)
        except WardianError as error:
            self.error, member = error, stage.member
            made = before(member, None)
        uses[self.member] = made
        stage.member = member
        stage.put(made)


def _stage(worker: Worker, name: str) -> Stage | None:
    return next((each for each in (*worker.steps, *worker.sinks) if each.member.name == name), None)
