"""`Schedule`: when a pipeline runs that does not run all the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.config import cron
from wardian.document.measures import SPAN
from wardian.document.shapes import Flag, Text
from wardian.document.structs import Place, Struct, key, place

if TYPE_CHECKING:
    from wardian.document.node import Node
    from wardian.document.problem import Problems


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """A run goes on until its sources are done or its time is over; durations are seconds."""

    every: float | None = key(SPAN, "How long from the beginning of one run to that of the next.", default=None)
    cron: str | None = key(Text("a cron expression such as `*/5 * * * *`", most=200), "When a run begins, as a cron "
        "expression of five fields, in local time.", default=None)  # fmt: skip
    once: bool | None = key(Flag(), "Whether there is one run alone; `true`, where it is there.", default=None)
    timeout: float | None = key(SPAN, "How long a run may take; it is then drained as if its sources were done.",
        default=None)  # fmt: skip
    at: Place = place()


def _check(schedule: Schedule, node: Node, path: str, problems: Problems) -> None:
    if schedule.cron is not None and (fault := cron.wrong(schedule.cron)):
        problems.note(node.at(["cron"]), f"{path}.cron", "a cron expression such as `*/5 * * * *`", fault,
            hint="its fields are minute, hour, day of the month, month and day of the week")  # fmt: skip


SCHEDULE: Final = Struct(
    Schedule, "When it runs: exactly one of these.", one_of=("every", "cron", "once"), check=_check
)
