"""What stands in the place of a file for a log that has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.state.memory import MemoryStore
from wardian.transport.stages import Stages

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from wardian.state.contract import Scope
    from wardian.transport.contract import DeadLetter, WindowChange
    from wardian.transport.packing import Packed


class Forgetful:
    """Keeps in memory what a `Keeper` keeps in a file; its state is staged, committed and forgotten likewise.

    Attributes:
        dead: dead letters, without bound.
    """

    def __init__(self, pipeline: str, sources: Collection[str]) -> None:
        self._store = MemoryStore()
        self.stages = Stages(self._store, pipeline, sources)
        self.state = self.stages.state
        self.cursor = 0
        self.dead: list[DeadLetter] = []
        self._offsets: dict[str, object] = {}

    def append(self, source: str, offset: object, packed: Sequence[Packed]) -> int:  # noqa: ARG002 - as of a `Keeper`
        """Keep the offset of a source, and what it has staged."""
        self.stages.settle(self.stages.of_source(source), below=True)
        if offset is not None:
            self._offsets[source] = offset
        return 0

    def commit(
        self,
        cursor: int,
        dead: Sequence[DeadLetter],
        windows: Sequence[WindowChange],  # noqa: ARG002 - the log has them
        held: Collection[Scope],
    ) -> None:
        """Keep what a commit says."""
        self.stages.settle(self.stages.of_steps(held), below=True)
        self.dead.extend(dead)
        self.cursor = cursor

    def checkpoint(self, *, patient: bool = False) -> None:
        """Nothing is kept back."""

    def offset(self, source: str) -> object:
        """Where a source resumes, or None."""
        return self._offsets.get(source)

    def close(self) -> None:
        """Forget everything."""
        self.stages.close()
        self._store.close()
