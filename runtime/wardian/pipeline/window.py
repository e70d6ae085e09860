"""`Window`: an aggregator at work: what it holds, when it is closed, and how it is filled again after a failure."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from wardian.config import flow
from wardian.errors import GuestError, LimitExceeded, WardianError
from wardian.pipeline.isolation import isolated
from wardian.pipeline.item import Item
from wardian.pipeline.stage import Stage
from wardian.pipeline.tracing import UNTRACED
from wardian.transport.contract import Entry, WindowChange

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wardian.config.failing import Restart
    from wardian.pipeline.counters import Counters
    from wardian.pipeline.plan import Member
    from wardian.pipeline.stage import Outcome, Pauses
    from wardian.pipeline.tracing import Tracing
    from wardian.record import Value
    from wardian.state.contract import Scope

_EACH_BATCH = flow.Window(every=0.0)  # where no window is configured, which a plan does not let through


class Window(Stage):
    """An aggregator of a running pipeline.

    Its instance holds what was added; the window keeps the same records, to fill a new instance with them when one is
    broken, and for the log, which keeps them for the next process. Where its plugin counts in `state`, that is set back
    before it is filled again; state that it shares with others is not.

    Attributes:
        forget: sets back what is staged of a scope to what was there when the window was last empty at a commit.
        at_once: how many records a new instance is given in one call when it is filled.
    """

    def __init__(
        self, member: Member, use: Any, counters: Counters, rules: Restart, pauses: Pauses,  # noqa: ANN401 - a use of an aggregator
        tracing: Tracing = UNTRACED,
    ) -> None:  # fmt: skip
        super().__init__(member, use, counters, rules, pauses, tracing)
        window = member.use.window or _EACH_BATCH
        self._count, self._every = window.count, window.every
        self._held: list[Item] = []
        self._added: list[tuple[int, Value]] = []  # since the last commit
        self._cleared = False
        self._kept, self._before = 0, self._held  # what the last commit has of it: the first so many of these
        self._closes_at: float | None = None  # as of `time.monotonic`
        self._whole = True  # whether the instance holds what is held here
        self._own = member.use.scope == "instance"
        self.forget: Callable[[Scope], object] = lambda _: None
        self.at_once = 100

    @property
    def scope(self) -> Scope | None:
        """Whose state must wait, as long as records are held that it may already count; None where none are."""
        return self.use.scope if self._held and self._own else None

    @property
    def held(self) -> Sequence[Item]:
        """What it holds."""
        return self._held

    @property
    def closes_at(self) -> float | None:
        """When it is closed, as `time.monotonic` counts, or None."""
        return self._closes_at

    def room(self) -> int | None:
        """How many records may be added before it is full, or None for any number."""
        return None if self._count is None else self._count - len(self._held)

    def due(self) -> bool:
        """Whether it is to be closed now."""
        return self.room() == 0 or (self._closes_at is not None and time.monotonic() >= self._closes_at)

    def restore(self, held: Sequence[tuple[int, Value]]) -> None:
        """Fill it with what an earlier process has kept."""
        self._held = [Item(Entry(cursor, self.member.name, value), "", value) for cursor, value in held]
        self._whole = not self._held
        self._kept = len(self._held)
        if self._held:
            self._open()

    def put(self, use: Any) -> None:  # noqa: ANN401 - as above
        """Go on with another use, which is filled with what is held."""
        super().put(use)
        self._whole = False

    def add(self, items: Sequence[Item]) -> list[Outcome]:
        """Add records, no more than there is room for; None for each that was added, or the error it fails with.

        Raises:
            Halted, Ended, StateError: as `Stage.attempt`.
        """
        with self.traced(len(items)):
            made: list[Outcome] = isolated(self._add, items, self._failed)
        counters = self.counters
        for outcome in made:
            if isinstance(outcome, WardianError):
                counters.failed += 1
                counters.note(outcome)
        counters.records_in += len(items)
        return made

    def flush(self) -> list[Item]:
        """Close it: what came of the records that it held; it is empty then, and open for others.

        Raises:
            WardianError: the aggregator failed; all is held still, and the same may be tried again.
        """
        if not self._held:
            self._closes_at = None
            return []
        made: list[Value] = []
        self._fill()
        try:
            with self.traced(len(self._held)):
                self.once(lambda: made.extend(self.use.flush_values()))
        except WardianError as error:
            self._broken(error)
            raise
        # Of the aggregator, whatever the last record came from: that is not known of one that was kept.
        last = self._held[-1].entry._replace(source=self.member.name)
        self.counters.records_out += len(made)
        self.clear()
        return [Item(last, str(at), each) for at, each in enumerate(made)]

    def clear(self) -> list[Item]:
        """Forget what it holds, and say what that was."""
        held, self._held = self._held, []
        if not self._cleared:
            self._before = held
        self._added, self._cleared, self._closes_at = [], True, None
        return held

    def change(self) -> WindowChange | None:
        """What the next commit has to keep, or None."""
        if not (self._added or self._cleared):
            return None
        return WindowChange(self.member.name, self._cleared, self._added)

    def committed(self) -> None:
        """What `change` gave is kept."""
        self._added, self._cleared = [], False
        self._kept, self._before = len(self._held), []

    def rollback(self) -> None:
        """Hold again what the last commit has."""
        if self._added or self._cleared:
            self._held = (self._before if self._cleared else self._held)[: self._kept]
            self._added, self._cleared, self._before, self._whole = [], False, [], False
            self.use.renew()
            self._closes_at = None
            if self._held:
                self._open()

    def _add(self, items: Sequence[Item]) -> list[Outcome]:
        self._fill()
        try:
            self.once(lambda: self.use.add_values([each.value for each in items]))
        except WardianError as error:
            self._broken(error)
            raise
        self._health.succeeded(time.monotonic())
        if not self._held:
            self._open()
        self._held += items
        self._added += [(each.entry.cursor, each.value) for each in items]
        return [None] * len(items)

    def _open(self) -> None:
        if self._every is not None:
            self._closes_at = time.monotonic() + self._every

    def _fill(self) -> None:
        """Give a new instance what the one before it held, in no larger calls than it bears."""
        most = self.at_once
        while not self._whole:
            try:
                self._refill(most)
                self._whole = True
            except LimitExceeded:  # of a call: what was added in many is too much for few
                if most == 1:
                    raise
                most //= 2
                self.use.renew()

    def _refill(self, most: int) -> None:
        if self._held and self._own:
            self.forget(self.use.scope)
        for begin in range(0, len(self._held), most):
            part = [each.value for each in self._held[begin : begin + most]]
            self.once(lambda part=part: self.use.add_values(part))  # type: ignore[misc]

    def _broken(self, error: WardianError) -> None:
        # What an error that the plugin answers with left of a call in several requests, nobody knows: a new instance
        # is the only thing that surely holds what is held here.
        if isinstance(error, GuestError):
            self.use.renew()
        else:
            self.counters.restarts += 1
        self._whole = False
