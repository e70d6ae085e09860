"""All measures, in the order of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from measures import calls, functions, instances, loads, memory, overhead, pipelines, starts, threads

if TYPE_CHECKING:
    from measure import Measure

MEASURES: tuple[Measure, ...] = tuple(
    measure
    for module in (calls, functions, instances, loads, threads, memory, overhead, starts, pipelines)
    for measure in module.MEASURES
)
