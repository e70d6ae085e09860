"""`Job`: one step of a task: an action, another task or a mixin, and how it is run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardian.config import names
from wardian.document.shapes import Anything, Duration, Flag, Leaf, ListOf, MapOf, Schema, Text, Unfit
from wardian.document.structs import Place, Struct, key, place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardian.document.node import Node
    from wardian.document.problem import Problems


@dataclass(frozen=True)
class _Scalar(Leaf):
    """The value of a variable: a text, a number or a truth."""

    def read(self, node: Node, path: str, problems: Problems) -> Node:
        """The node itself, so that its line is known."""
        if isinstance(node.value, (str, bool, int, float)):
            return node
        problems.note(node, path, "a text, a number, `true` or `false`")
        raise Unfit

    def schema(self, definitions: dict[str, Schema]) -> Schema:  # noqa: ARG002 - as of `Shape`
        """The same as a JSON Schema."""
        return {"type": ["string", "number", "boolean"]}


VARS: Final = MapOf(names.VARIABLE, _Scalar(), check=names.no_twins)


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job; durations are seconds."""

    action: str | None = key(names.ACTION, "An action: a name in `actions`, or `plugin:symbol`.", default=None)
    task: str | None = key(names.NAME, "Another task, by its name in `tasks`.", default=None)
    mixin: str | None = key(names.NAME, "Jobs that several tasks share, by their name in `mixins`.", default=None)
    params: Node | None = key(Anything(map_only=True), "What the action is given.", default=None)
    vars: Mapping[str, Any] = key(VARS, "Variables of this job alone, before those of the project.", factory=dict)
    if_: str | None = key(Text(), "An expression; the job is left out where it is not true.", default=None)
    expand: bool = key(Flag(), "Whether the host fills in the placeholders of `params`.", default=False)
    async_: bool = key(Flag(), "Whether the next job begins before this one ends.", default=False)
    delay: float = key(Duration(), "How long to wait before it begins.", default=0.0)
    deadline: float | None = key(Duration(), "How long it may take.", default=None)
    description: str = key(Text(), "What it is for.", default="")
    at: Place = place()


def _check(job: Job, node: Node, path: str, problems: Problems) -> None:
    if job.params is not None and job.action is None:
        problems.note(
            node.at(["params"]), f"{path}.params", "an `action` where there are `params`", "none", at_key=True
        )
    if job.expand and job.params is None:
        problems.note(node.at(["expand"]), f"{path}.expand", "`params` where they are expanded", "none", at_key=True)


JOB: Final = Struct(
    Job, "A job of a task: exactly one of action, task and mixin.", one_of=("action", "task", "mixin"), check=_check
)
JOBS: Final = ListOf(JOB, least=1)
