"""Results as a table for people and as numbers for programs."""

from __future__ import annotations

from typing import Any

from measure import SCORES, Result

HEADINGS = ("measure", "name", "Wardian", "compared with", "", "score", "budget", "holds")


def rows(results: list[Result]) -> list[tuple[str, ...]]:
    """The cells of each result, as text."""
    return [
        (
            each.measure.what, each.measure.name, _amount(each.ours, each.measure.unit), each.measure.other,
            _amount(each.other, each.measure.unit), _score(each), _budget(each), "yes" if each.holds else "NO",
        )
        for each in results
    ]  # fmt: skip


def markdown(results: list[Result]) -> str:
    """The table for the page; the budgets' own names are left out."""
    lines = [HEADINGS, ("---",) * len(HEADINGS), *rows(results)]
    return "".join(f"| {' | '.join((*cells[:1], *cells[2:]))} |\n" for cells in lines)


def plain(results: list[Result]) -> str:
    """The table for a terminal; scores stand by their names."""
    cells = [each[1:] for each in (HEADINGS, *rows(results))]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in cells
    )


def numbers(results: list[Result]) -> list[dict[str, Any]]:
    """Every figure of every repetition, for JSON."""
    return [
        {
            "name": each.measure.name,
            "unit": each.measure.unit,
            "ours": each.figures.ours,
            "other": each.figures.other,
            "score": each.score,
            "score_is": each.measure.score,
            each.budget[0]: each.budget[1],
            "holds": each.holds,
        }
        for each in results
    ]


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 2 if value < 10 else 1 if value < 100 else 0
    return f"{value:,.{digits}f} {unit}"


def _score(result: Result) -> str:
    return SCORES[result.measure.score][1].format(result.score, unit=result.measure.unit)


def _budget(result: Result) -> str:
    bound, number = result.budget
    unit = "x" if result.measure.score.startswith("times") else f" {result.measure.unit}"
    return f"{'≥' if bound == 'at_least' else '≤'} {number:g}{unit}"
