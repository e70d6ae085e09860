"""`Change`: what a new configuration means for the pipelines that run, decided without touching any."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardian.engine.makeup import Makeup
    from wardian.errors import WardianError
    from wardian.pipeline.plan import Member

# What is written for people changes nothing, and what its members are shows in these.
_PASSED_OVER: Final = frozenset({"description", "at", "sources", "steps", "sinks"})


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one pipeline.

    Attributes:
        pipeline: its name.
        what: `start` and `stop`; `swap`, where it goes on while some of its members are replaced between two batches;
            `restart`, where it is drained and begins anew.
        members: those that are swapped.
        why: for people.
    """

    pipeline: str
    what: str
    members: tuple[str, ...] = ()
    why: str = ""

    def __str__(self) -> str:
        return f"{self.what} {self.pipeline}{f': {self.why}' if self.why else ''}"


@dataclass(frozen=True, slots=True)
class Reloaded:
    """What a reload came to.

    Attributes:
        changes: what was done.
        failed: what could not be done, each with why: there runs what ran before.
    """

    changes: tuple[Change, ...]
    failed: tuple[tuple[Change, WardianError], ...]


def changes(old: Mapping[str, Makeup], new: Mapping[str, Makeup]) -> tuple[Change, ...]:
    """What is to be done so that the new pipelines run in place of the old ones.

    First what stops, for what starts may need what it holds; each in the order of its configuration. A pipeline of
    which nothing has changed is left alone.
    """
    stopped = [Change(name, "stop", why="it is there no more") for name in old if name not in new]
    altered = [_changed(name, old[name], new[name]) for name in new if name in old]
    started = [Change(name, "start") for name in new if name not in old]
    return (*stopped, *(each for each in altered if each is not None), *started)


def _changed(name: str, old: Makeup, new: Makeup) -> Change | None:
    if rules := _other_rules(old, new):
        return Change(name, "restart", why=f"{_listed(rules)} changed")
    if [_place(each) for each in old.plan.members] != [_place(each) for each in new.plan.members]:
        return Change(name, "restart", why="it has other members")
    altered = [each for each in new.plan.members if old.prints[each.name] != new.prints[each.name]]
    if not altered:
        return None
    names = tuple(each.name for each in altered)
    # A source holds the place up to which it has read, and what the host makes may hold a file or a port: such a member
    # is closed before it is opened anew.
    if any(each.role == "source" or each.type is not None for each in altered):
        return Change(name, "restart", why=f"{_listed(names)} changed")
    return Change(name, "swap", names, why=f"{_listed(names)} changed")


def _other_rules(old: Makeup, new: Makeup) -> list[str]:
    """The keys of the pipeline that say something else."""
    before, after = old.plan.rules, new.plan.rules
    names = (each.name for each in fields(before) if each.name not in _PASSED_OVER)
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _place(member: Member) -> tuple[object, ...]:
    """What makes it another member, whatever its plugin is: a swap keeps all of this."""
    use = member.use
    return member.role, member.name, member.use_name, member.kind, member.paths, use.window, use.scope


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{each}`" for each in names)
