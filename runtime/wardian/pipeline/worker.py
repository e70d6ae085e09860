"""`Worker`: takes records through the steps into the sinks, and says what came of each before any is acknowledged."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from wardian.errors import Cancelled, GuestError, StateError, WardianError
from wardian.pipeline.dead import dead_letter
from wardian.pipeline.halt import Halted
from wardian.pipeline.item import Item
from wardian.pipeline.retry import pause
from wardian.pipeline.window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardian.config.pipeline import Pipeline
    from wardian.pipeline.outlet import Outlet
    from wardian.pipeline.stage import Outcome, Pauses, Stage
    from wardian.transport.contract import DeadLetter, Entry

_NOWHERE: Final = "no_such_output"


class Worker:
    """The steps and sinks of a running pipeline, used by one thread.

    What it gives up is gathered in `dead` until the caller has committed it.

    Attributes:
        steps: the steps, in their order.
        sinks: the sinks.
        dead: records that were given up since the last commit.
    """

    def __init__(
        self, name: str, rules: Pipeline, steps: Sequence[Stage], sinks: Sequence[Outlet], pauses: Pauses
    ) -> None:
        self.steps, self.sinks = tuple(steps), tuple(sinks)
        self.dead: list[DeadLetter] = []
        self._name, self._rules, self._pauses = name, rules, pauses
        self._turns = 0  # of sinks that take turns
        self._takers: dict[str | None, list[Outlet]] = {}
        for sink in self.sinks:
            for path in sink.member.paths:
                self._takers.setdefault(path, []).append(sink)
        without = self._takers.get(None, [])
        self._only = without[0] if len(without) == 1 else None  # as in most pipelines

    @property
    def windows(self) -> list[Window]:
        """The aggregators among the steps."""
        return [each for each in self.steps if isinstance(each, Window)]

    def take(self, entries: Sequence[Entry]) -> None:
        """Take records through everything; when this returns, each is delivered, dropped, held by a window, or dead.

        Raises:
            Halted, Ended, StateError: it did not come to that; the records have to be taken once more.
        """
        first = 0
        for at, entry in enumerate(entries):  # a replayed dead letter goes on where it failed, alone
            if entry.start:
                self._advance(0, [Item(each, "", each.value) for each in entries[first:at]])
                self._replay(entry)
                first = at + 1
        self._advance(0, [Item(each, "", each.value) for each in entries[first:]])

    def close_windows(self, *, all_of_them: bool = False) -> bool:
        """Close the windows that are due, or all; what came of them goes on. Whether any was. Raises as `take`."""
        closed = False
        for position, step in enumerate(self.steps):
            if isinstance(step, Window) and (step.due() or all_of_them):
                closed = True
                self._advance(position + 1, self._close(step))
        return closed

    def rollback(self) -> None:
        """Forget what came of the records since the last commit, so that they can be taken once more."""
        self.dead.clear()
        for window in self.windows:
            window.rollback()
        for sink in self.sinks:
            sink.rollback()

    def committed(self) -> None:
        """What came of the records so far is kept for good."""
        self.dead.clear()
        for window in self.windows:
            window.committed()

    def _replay(self, entry: Entry) -> None:
        item = Item(entry, "", entry.value)
        for position, step in enumerate(self.steps):
            if step.member.name == entry.start:
                self._advance(position, [item])
                return
        named = [sink for sink in self.sinks if sink.member.name == entry.start]
        if named:
            self._settle({named[0]: [item]})
        else:  # it is not there any more: from the start, which is where it came from
            self._advance(0, [item])

    def _advance(self, position: int, items: list[Item]) -> None:
        """Take items through the steps from this one on, and then into the sinks."""
        while items and position < len(self.steps):
            step = self.steps[position]
            position += 1
            path = step.member.path
            mine = [each for each in items if each.value.get("path") == path]
            if not mine:
                continue
            if isinstance(step, Window):
                items = [each for each in items if each.value.get("path") != path] if len(mine) < len(items) else []
                items += self._gather(step, mine)
            else:
                items = self._through(step, position, items, mine)
        if items:
            self._deliver(items)

    def _through(self, step: Stage, after: int, items: list[Item], mine: list[Item]) -> list[Item]:
        """What goes on from a step at once; what has to be tried again is, and goes on by itself, before this."""
        path = step.member.path
        made = step.attempt([each.value for each in mine])
        good: list[Item] = []
        if len(mine) == len(items) and all(type(each) is list for each in made):
            for item, values in zip(items, made, strict=True):
                # As `made` does for the only one that comes of it, without its frame.
                if len(values) == 1:  # type: ignore[arg-type]
                    good.append(Item(item[0], item[1], values[0]))  # type: ignore[index]
                else:
                    good += item.made(values)  # type: ignore[arg-type]
            return good
        outcomes = iter(made)
        late: list[tuple[Item, Outcome]] = []  # with errors, or with what waits behind a record of the same key
        waiting: set[object] = set()
        for item in items:
            outcome: Outcome = next(outcomes) if item.value.get("path") == path else [item.value]
            key = item.value.get("key")
            if isinstance(outcome, WardianError):
                if self._again(step, item, outcome, 1) is not None:
                    late.append((item, outcome))
                    if key is not None:
                        waiting.add(key)
            elif waiting and key in waiting:
                late.append((item, outcome))
            else:
                good += item.made(outcome or ())
        if not late:
            return good
        self._advance(after, good)  # these do not wait for the others
        self._retry(step, after, late)
        return []

    def _retry(self, step: Stage, after: int, late: list[tuple[Item, Outcome]]) -> None:
        attempts = 1
        while late:
            failed = [(item, error) for item, error in late if isinstance(error, WardianError)]
            self._pauses.pause(max(self._wait(error, attempts) for _, error in failed))
            step.counters.retried += len(failed)
            outcomes = iter(step.attempt([item.value for item, _ in failed]))
            attempts += 1
            good: list[Item] = []
            still: list[tuple[Item, Outcome]] = []
            waiting: set[object] = set()
            for item, before in late:
                outcome = next(outcomes) if isinstance(before, WardianError) else before
                key = item.value.get("key")
                if isinstance(outcome, WardianError):
                    if self._again(step, item, outcome, attempts) is not None:
                        still.append((item, outcome))
                        if key is not None:
                            waiting.add(key)
                elif waiting and key in waiting:
                    still.append((item, outcome))
                else:
                    good += item.made(outcome or ())
            self._advance(after, good)
            late = still

    def _gather(self, window: Window, items: list[Item]) -> list[Item]:
        """Add items to a window, closing it whenever it is due; what came of it."""
        made: list[Item] = []
        left = items
        while left:
            room = window.room()
            part, left = (left, []) if room is None else (left[:room], left[room:])
            outcomes = window.add(part)
            for attempts in range(1, self._rules.on_error.attempts + 1):
                wrong = [
                    (item, outcome)
                    for item, outcome in zip(part, outcomes, strict=True)
                    if isinstance(outcome, WardianError) and self._again(window, item, outcome, attempts) is not None
                ]
                if not wrong:
                    break
                self._pauses.pause(max(self._wait(error, attempts) for _, error in wrong))
                window.counters.retried += len(wrong)
                part = [item for item, _ in wrong]
                outcomes = window.add(part)
            if window.due():
                made += self._close(window)
        return made

    def _close(self, window: Window) -> list[Item]:
        attempts = 1
        while True:
            try:
                return window.flush()
            except (Cancelled, StateError):
                raise
            except WardianError as error:
                wait = pause(error, attempts, self._rules.on_error)
                failure = error
            window.counters.note(failure)
            if wait is None:
                for item in window.clear():
                    self._give_up(window, item, failure, attempts)
                return []
            attempts += 1
            self._pauses.pause(wait)

    def _deliver(self, items: list[Item]) -> None:
        """Hand items to the sinks of their outputs, each in its order."""
        batches: dict[Stage, list[Item]] = {}
        in_turns = self._rules.distribute == "round_robin"
        if self._only is not None and not any("path" in each.value for each in items):
            self._settle({self._only: items})
            return
        for item in items:
            takers = self._takers.get(item.path)
            if takers is None:
                self._nowhere(item)
                continue
            if in_turns:
                takers = [takers[self._turns % len(takers)]]
                self._turns += 1
            for sink in takers:
                batches.setdefault(sink, []).append(item)
        self._settle(batches)

    def _settle(self, batches: dict[Stage, list[Item]]) -> None:
        """Have each sink take its items; one that fails does not keep the others from theirs."""
        attempts = 0
        while batches:
            attempts += 1
            left: dict[Stage, list[Item]] = {}
            longest = 0.0
            for sink, items in batches.items():
                outcomes = sink.attempt([each.keyed(self._name) for each in items])
                for item, outcome in zip(items, outcomes, strict=True):
                    if isinstance(outcome, WardianError):
                        wait = self._again(sink, item, outcome, attempts)
                        if wait is not None:
                            left.setdefault(sink, []).append(item)
                            longest = max(longest, wait)
            if left:
                self._pauses.pause(longest)
                for sink, items in left.items():
                    sink.counters.retried += len(items)
            batches = left

    def _wait(self, error: WardianError, attempts: int) -> float:
        return pause(error, attempts, self._rules.on_error) or 0.0

    def _again(self, stage: Stage, item: Item, error: WardianError, attempts: int) -> float | None:
        """How long to wait before a record is tried again, or None: then it has been given up."""
        wait = pause(error, attempts, self._rules.on_error)
        if wait is None:
            self._give_up(stage, item, error, attempts)
        return wait

    def _nowhere(self, item: Item) -> None:
        path = item.value.get("path")
        said = "a record without a `path`" if path is None else f"a record of the output `{path}`"
        error = GuestError("invalid", f"no sink takes {said}", guest_code=_NOWHERE, where=self._name)
        self._give_up(None, item, error, 1)

    def _give_up(self, stage: Stage | None, item: Item, error: WardianError, attempts: int) -> None:
        then = self._rules.on_error.then
        if then == "stop":
            raise Halted("stopped", error)
        if then == "drop":
            if stage is not None:
                stage.counters.dropped += 1
            return
        self.dead.append(dead_letter(self._name, stage, item, error, attempts, time.time_ns() // 1_000_000))
        if stage is not None:
            stage.counters.dead += 1
