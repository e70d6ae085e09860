"""What calls cost, as a table for people or as JSON, on standard error."""

from __future__ import annotations

import statistics
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from wardian.cli import terminal
from wardian.cli.json_text import write
from wardian.quantity import format_duration, format_size

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wardian.capabilities.metric import Reading, Series
    from wardian.guests.receipt import Receipt

_SUMMED = (
    "wall_ns", "cpu_ns", "request_bytes", "reply_bytes", "log_lines", "log_dropped", "log_bytes", "state_bytes",
    "emitted",
    "http_bytes",
)  # fmt: skip
_NAMES = {
    "calls": "calls",
    "wall_ns": "wall-clock time",
    "wall_ns_median": "  median",
    "cpu_ns": "CPU time",
    "cpu_ns_median": "  median",
    "fuel": "fuel",
    "memory": "memory",
    "request_bytes": "request",
    "reply_bytes": "reply",
    "log_lines": "log lines",
    "log_bytes": "log text",
    "log_dropped": "log lines dropped",
    "state_bytes": "state written",
    "emitted": "records emitted",
    "http_bytes": "HTTP answers",
}


def summary(receipts: Sequence[Receipt], metrics: Mapping[Series, Reading]) -> dict[str, Any]:
    """All receipts of a run as one: sums, the largest memory, medians where there is more than one call."""
    made: dict[str, Any] = {"calls": len(receipts)}
    for name in _SUMMED:
        values = [getattr(receipt, name) or 0 for receipt in receipts]
        made[name] = sum(values)
        if name in ("wall_ns", "cpu_ns") and len(values) > 1:
            made[f"{name}_median"] = int(statistics.median(values))
    fuel = [receipt.fuel for receipt in receipts if receipt.fuel is not None]
    made["fuel"] = sum(fuel) if fuel else None
    made["memory"] = max((receipt.memory for receipt in receipts), default=0)
    calls: Counter[str] = Counter()
    for receipt in receipts:
        calls.update(receipt.host_calls)
    made["host_calls"] = dict(sorted(calls.items()))
    made["metrics"] = [
        {"name": series.name, "kind": series.kind, "labels": dict(series.labels), "value": reading.value,
         "count": reading.count, "least": reading.least, "most": reading.most}
        for series, reading in metrics.items()
    ]  # fmt: skip
    return made


def print_json(total: Mapping[str, Any]) -> None:
    """Print a summary as one line of JSON on standard error."""
    terminal.say(write(total))


def print_table(total: Mapping[str, Any]) -> None:
    """Print a summary as a small table on standard error; what was not used is left out."""
    from rich.table import Table  # noqa: PLC0415 - only where a table is asked for

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column(justify="right")
    for name, value in rows(total):
        table.add_row(name, value)
    terminal.show(table, sys.stderr)


def rows(total: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The rows of the table: what, and how much."""
    made = [(label, _written(name, total[name])) for name, label in _NAMES.items() if _worth_a_row(name, total)]
    made += [(f"host calls of {name}", f"{count:,}") for name, count in total["host_calls"].items()]
    for metric in total["metrics"]:
        labels = ", ".join(f"{name}={value}" for name, value in metric["labels"].items())
        name = f"{metric['kind']} {metric['name']}" + (f" {{{labels}}}" if labels else "")
        made.append((name, f"{metric['value']:,g}"))
    return made


def _worth_a_row(name: str, total: Mapping[str, Any]) -> bool:
    if name == "calls":
        return bool(total[name] != 1)
    return bool(total.get(name)) or name in ("wall_ns", "cpu_ns", "memory", "request_bytes", "reply_bytes")


def _written(name: str, value: float) -> str:
    if "_ns" in name:
        return format_duration(float(f"{value / 1e9:.3g}"))
    if name == "memory" or name.endswith("_bytes"):
        return _size(value)
    return f"{value:,}"


def _size(value: float) -> str:
    """Exact where that is short, else rounded: a person compares."""
    for unit, factor in (("MiB", 2**20), ("KiB", 2**10)):
        if value >= 10 * factor and value % factor:
            return f"{value / factor:,.1f}{unit}"
    return format_size(value)
