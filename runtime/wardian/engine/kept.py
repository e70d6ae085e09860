"""`Kept`: what a state directory keeps, whose that is, and what of it belongs to nobody any more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from wardian.bindings.descriptions import Descriptions
from wardian.errors import StateError, WardianError
from wardian.pipeline.plan import plan
from wardian.state.sqlite import SqliteStore
from wardian.transport import holdings
from wardian.transport.holdings import Holdings
from wardian.transport.tables import open_file

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from wardian.config.project import Project
    from wardian.engine.directory import StateDirectory
    from wardian.state.contract import Usage

# The pipelines of a configuration, each with the names of its members; None for any, where it does not run.
Known = dict[str, "Collection[str] | None"]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file of one pipeline keeps.

    Attributes:
        pipeline: its name.
        size: bytes on the disk.
        holdings: what is in it, or None where it cannot be read.
        error: why it cannot be, or None.
        orphan: whether the configuration has no such pipeline.
        orphans: the members that it has state of, and that the configuration has no more.
    """

    pipeline: str
    size: int
    holdings: Holdings | None
    error: WardianError | None
    orphan: bool
    orphans: tuple[str, ...]

    @classmethod
    def of(cls, directory: StateDirectory, name: str, known: Mapping[str, Collection[str] | None] | None) -> Self:
        """What it keeps; `known` is None where there is no configuration to compare it with."""
        path = directory.pipeline(name)
        found: Holdings | None = None
        wrong: WardianError | None = None
        try:
            size = path.stat().st_size
            with open_file(path, name) as file:
                found = Holdings.of(file)
        except StateError as error:
            wrong = error
        orphan = known is not None and name not in known
        members = known.get(name) if known is not None else None
        held = () if found is None or members is None else tuple(
            each for each in sorted(_members(name, found)) if each and each not in members
        )  # fmt: skip
        return cls(name, size, found, wrong, orphan, held)


def known(project: Project) -> Known:
    """The pipelines of a configuration, with the names of their members; what is disabled is known as well."""
    named: Known = dict.fromkeys(project.pipelines)
    for each in plan(project, Descriptions(project.plugins)):
        named[each.name] = {member.name for member in each.members} | {left.name for left in each.left_out}
    return named


def shared(directory: StateDirectory) -> tuple[Usage, ...]:
    """What all pipelines share.

    Raises:
        StateError: it cannot be read.
    """
    if not directory.shared.exists():
        return ()
    with SqliteStore(directory.shared) as store:
        return tuple(store.scopes())


def reset(directory: StateDirectory, name: str) -> bool:
    """Forget what belongs to this name; whether there was anything. Its caller holds the directory.

    Args:
        directory: the directory.
        name: `PIPELINE` for its whole file; `PIPELINE/MEMBER` for the state of one member, its open window and where it
            stands; `PIPELINE/` for what uses of a plugin share in it; `/` for what they share in all of them.

    Raises:
        StateError: the file cannot be read or written.
    """
    pipeline, slash, member = name.partition("/")
    if not slash:
        return directory.forget(pipeline)
    if not pipeline:
        return directory.forget_shared()
    if not directory.pipeline(pipeline).exists():
        return False
    with open_file(directory.pipeline(pipeline), pipeline) as file:
        return holdings.forget(file, pipeline, member)


def _members(pipeline: str, found: Holdings) -> set[str]:
    return {
        *(usage.scope.instance.removeprefix(f"{pipeline}/") for usage in found.state), *found.offsets, *found.windows
    }  # fmt: skip
