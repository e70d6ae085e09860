"""The tables of docs/operating.md are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

from wardian.cli.status_lines import HEAD
from wardian.engine.metrics import METRICS

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")


def rows(heading):
    """The cells of each row of the table under the heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_each_metric_is_told_as_the_code_has_it_and_no_other():
    assert rows("Metrics") == [
        [f"`{each.name}`", each.type, ", ".join(f"`{label}`" for label in each.labels), each.meaning]
        for each in METRICS
    ]


def test_each_column_of_the_status_is_told():
    told = [name for first, _ in rows("Status") for name in re.findall(r"`([^`]+)`", first)]
    assert sorted(told) == sorted(set(HEAD) - {"member", "kind"})
