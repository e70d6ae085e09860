"""What a log promises: the one seam between a pipeline and whatever keeps its records.

A log numbers the records of its pipeline, and keeps them until they are acknowledged by a commit, which also keeps what
became of them: state, dead letters, windows, and the cursor, all of it or nothing. Nothing above this file knows where
that is.

How a broker stands behind it: one partition of its topic is one log. Who opens the log acquires the partition by a
lease, and the lease's token (a revision that only grows) is what `commit` has the store compare before it writes, so
that somebody whose lease went by commits nothing any more: he gets `state_conflict`, as he does from the SQLite log
when another process has moved the cursor. Offsets of the broker are cursors; that they have gaps does no harm, as only
their order counts. The cursor is read from the store that the state is in, never from the broker: what the broker
believes to be delivered decides only what it may delete.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from types import TracebackType

    from wardian.state.contract import Scope, StateStore

Value = dict[str, object]
"""A record as the ABI has it. Once it is appended nobody changes it; who adds something makes a new one."""


class Entry(NamedTuple):
    """A record in its log. It is a tuple, as thousands a second are made.

    Attributes:
        cursor: its place: each is one more than the one before.
        source: the name of its source; `dead:ID` for a dead letter that was replayed.
        value: the record.
        start: the member to go on from; an empty text for the first step. A replayed dead letter goes on where it
            failed.
        attempts: attempts of earlier lives.
    """

    cursor: int
    source: str
    value: Value
    start: str = ""
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A record that was given up, whole, and why.

    Attributes:
        id: its number in its pipeline; the store gives it.
        pipeline: the name of the pipeline.
        member: the name of the step or sink where it failed.
        source: where the record came from.
        cursor: the place in the log of the record that it came of.
        key: the stable key.
        value: the record as it went into `member`.
        kind: the kind of the error, such as `invalid`.
        code: the code of the error.
        message: what the error says.
        details: any plain data of the error, or None.
        trace: the frames of the guest, or an empty text.
        attempts: how often it was tried.
        at_ms: when it was given up, in milliseconds since 1970.
        plugin: the name of the plugin that failed.
        digest: the digest of its module.
    """

    id: int = 0
    pipeline: str
    member: str
    source: str
    cursor: int
    key: str
    value: Value
    kind: str
    code: str
    message: str
    details: object = None
    trace: str = ""
    attempts: int
    at_ms: int
    plugin: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class WindowChange:
    """What became of the open window of one aggregator since the last commit.

    Attributes:
        member: the aggregator.
        cleared: what was kept before is gone: the window was closed, and what is added is of the next one.
        added: cursors and records in the order in which they were added.
    """

    member: str
    cleared: bool
    added: Sequence[tuple[int, Value]]


class Log(Protocol):
    """The records of one pipeline that wait, and what is known of those that went.

    Any number of threads may append; one thread reads and commits. Who opened it closes it. What a plugin's call
    commits to `state` is staged: that of a source is written by the next `append` of this source, all else by the next
    `commit`.

    Raises:
        StateError: from any method, when the store fails; nothing has changed then, and the same may be tried again.
            `state_full` and `state_locked` pass by themselves, others do not; `state_closed` after the end.
    """

    state: StateStore

    def append(self, source: str, values: Sequence[Value], offset: object = None) -> int:
        """Keep these records, together with where the source resumes and what is staged of its state.

        Args:
            source: the name of the source.
            values: records; none of them is fine, where only the offset or the state has changed.
            offset: where to resume, any plain data; None leaves what is kept.

        Returns:
            The cursor of the last record of the log.
        """

    def read(self, after: int, most: int, most_bytes: int, timeout: float) -> list[Entry]:
        """The records after a cursor, in order and without a gap.

        Args:
            after: the cursor of the last record that the reader has.
            most: how many records at most.
            most_bytes: how many bytes at most, as they are encoded; one record is given however large it is.
            timeout: seconds to wait for the first one.
        """

    def room(self) -> int:
        """How many records may still be appended; 0 when the log is full by count or by bytes. `append` never asks."""

    def wait_for_room(self, timeout: float) -> bool:
        """Wait until there is room, for so many seconds at most; whether there is."""

    def backlog(self) -> tuple[int, int]:
        """How many records, and bytes, there are after the last commit."""

    @property
    def cursor(self) -> int:
        """The last record that is acknowledged for good; 0 before the first."""

    def offset(self, source: str) -> object:
        """Where the source resumes, or None."""

    def windows(self, member: str) -> list[tuple[int, Value]]:
        """The records in the open window of an aggregator, as of the last commit."""

    def commit(
        self,
        cursor: int,
        *,
        dead: Sequence[DeadLetter] = (),
        windows: Sequence[WindowChange] = (),
        held: Collection[Scope] = (),
    ) -> None:
        """Acknowledge all records up to the cursor, together with what came of them.

        Args:
            cursor: the last record that every sink took, and all before it; the same as before is fine.
            dead: records that were given up.
            windows: what aggregators hold, and do not hold any more.
            held: scopes whose staged state is not to be written yet.

        Raises:
            ValueError: the cursor goes back, or beyond what was read: it would acknowledge what nobody saw.
            StateError: `dead_letters_full` when there is no room for another dead letter; `state_conflict` when
                another process has moved the cursor.
        """

    def rollback(self, source: str = "") -> None:
        """Forget what is staged since the last commit, held scopes included; not what is staged by sources.

        With a source, forget what that has staged since its last `append`, and nothing else.
        """

    def forget(self, scope: Scope) -> None:
        """Forget what is staged of one scope, of a step, since it was last committed and not held."""

    def wake(self) -> None:
        """Have each thread that waits return now, or when it next begins to."""

    def close(self) -> None:
        """Write what may be written, and let go of everything. Closing twice is fine."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
