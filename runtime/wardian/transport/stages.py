"""The state of a pipeline's plugins: what a source stages goes with its records, all other with the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.state.routed import RoutedStore
from wardian.state.staged import StagedStore

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from wardian.state.contract import Scope, StateStore, Usage
    from wardian.state.staged import SettledStore, Staged


class Stages:
    """Two stages over one store: of the sources, and of all others.

    Args:
        below: the store; who made it closes it.
        pipeline: the name of the pipeline.
        sources: the names of its sources. The state of a source is in the scopes whose instance is `PIPELINE/SOURCE`;
            what plugins share among each other belongs to no source.

    Attributes:
        state: the store for the plugins.
    """

    def __init__(self, below: SettledStore, pipeline: str, sources: Collection[str]) -> None:
        self._below, self._pipeline = below, pipeline
        self._of_sources, self._of_steps = StagedStore(below), StagedStore(below)
        self._instances = {f"{pipeline}/{name}" for name in sources}
        self.state: StateStore = RoutedStore(self._stage, self._usages)

    def of_source(self, source: str) -> list[Staged]:
        """What a source has staged."""
        name = f"{self._pipeline}/{source}"
        return self._of_sources.staged(lambda scope: scope.instance == name)

    def of_steps(self, held: Collection[Scope] | None) -> list[Staged]:
        """What all others have; of held scopes, or of all for None, what was kept."""
        return self._of_steps.staged(held=held)

    def settle(self, written: Sequence[Staged], *, below: bool) -> None:
        """This is written, or is to be written below now, where that is a store in memory."""
        for scope, batch in written if below else ():
            self._below.shelf(scope).write(batch)
        for stage in (self._of_sources, self._of_steps):
            stage.settle([each for each in written if self._stage(each.scope) is stage])

    def keep(self, held: Collection[Scope]) -> None:
        """What steps have staged is not to be forgotten, but for held scopes."""
        self._of_steps.keep(held)

    def rollback(self, source: str = "") -> None:
        """Forget what steps have staged, or this source."""
        if source:
            name = f"{self._pipeline}/{source}"
            self._of_sources.forget(lambda scope: scope.instance == name)
        else:
            self._of_steps.forget()

    def forget(self, scope: Scope) -> None:
        """Forget what is staged of one scope of a step since it was kept or written."""
        self._of_steps.forget(lambda each: each == scope)

    def size(self) -> int:
        """Bytes that steps have staged."""
        return self._of_steps.size()

    def close(self) -> None:
        """Forget what is staged; the store below stays open."""
        for store in (self.state, self._of_sources, self._of_steps):
            store.close()

    def _stage(self, scope: Scope) -> StagedStore:
        return self._of_sources if scope.instance in self._instances else self._of_steps

    def _usages(self) -> list[Usage]:
        found = {usage.scope: usage for usage in self._of_steps.scopes()}
        found |= {usage.scope: usage for usage in self._of_sources.scopes() if usage.scope.instance in self._instances}
        return list(found.values())
