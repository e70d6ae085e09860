"""Writes docs/performance.md and its plots from what was measured."""

from __future__ import annotations

import os
import platform
import textwrap
import time
import timeit
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from curves import CURVES, Curve, Series
from plot import draw
from table import markdown

if TYPE_CHECKING:
    from measure import Result
    from workbench import Bench

DOCS = Path(__file__).parents[2] / "docs"

_PAGE = """\
# Performance

What a call costs, measured against Extism's Python SDK in the same process, or against a floor below which nothing can
go. `just bench --plot` measures all of it and writes this page.

{machine}

{manner}

{table}
{budgets}

{curves}## To repeat it

```sh
pip install -c constraints.txt -e '.[cli,build,bench]'
just bench
```

`just bench --only fresh_call echo_map` measures some of it, `just bench --list` names all, `just bench --json FILE`
writes every figure of every repetition, and `just bench --quick` does one short repetition of each, which shows that
they run and enforces no budget. Leave the machine alone meanwhile: `two_threads` needs two idle cores, and there is
nothing to be said of a budget that fails while others use them.

`call_bytes` leaves the encoding to its caller; `call` encodes and decodes CBOR within the plugin's limits, where
Extism's caller does so with the same library and no limits. The guests are `tests/bench/guests/wardian.wat` and
`tests/bench/guests/extism.wat`: they answer with the request where it lies, so that what is measured is the way to a
guest and back.
"""

_MANNER = (
    "Trust the ratios, not the figures: they are of one machine, one day. Both sides take turns in short repetitions, "
    "so that what disturbs one disturbs the other; figures are medians of {repetitions} repetitions, or of {processes} "
    "where each is a process. Every limit has its default, the deadline among them; Extism is given the same deadline "
    "and the same limit of memory."
)

_BUDGETS = (
    "The budgets are in `tests/bench/budgets.toml`. `just bench` ends with an error when one is not kept. A score with "
    "`x` says how many times as fast as the other side we are, where the budget is a least one, and how many times its "
    "time we take, where it is a most one. A receipt leaves out CPU time unless it is asked for, as that needs two "
    "system calls of {taken:.2f} µs here."
)


def write(folder: Path, results: list[Result], drawn: list[tuple[Curve, Series]]) -> None:
    """Write the page, and a plot for each curve, to a folder."""
    sections = []
    for curve, series in drawn:
        (folder / f"performance_{curve.name}.svg").write_text(draw(curve.title, curve.axis, "µs", series), "utf-8")
        sections.append(_section(curve, series))
    manner = _MANNER.format(
        repetitions=max(len(each.figures.ours) for each in results),
        processes=min(len(each.figures.ours) for each in results),
    )
    taken = min(timeit.repeat("ask()", globals={"ask": time.thread_time_ns}, number=100_000)) * 10  # µs of one
    page = _PAGE.format(
        budgets=_wrapped(_BUDGETS.format(taken=taken)),
        machine=_wrapped(_machine()),
        manner=_wrapped(manner),
        table=markdown(results),
        curves="".join(sections),
    )
    (folder / "performance.md").write_text(page, "utf-8")


def _section(curve: Curve, series: Series) -> str:
    points = sorted({x for each in series.values() for x, _ in each})
    known = [dict(each) for each in series.values()]
    lines = [(curve.axis, *series), ("---",) * (len(series) + 1)]
    lines += [(curve.write(x), *(f"{each[x]:,.1f} µs" if x in each else "" for each in known)) for x in points]
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
    image = f"![{curve.title}](performance_{curve.name}.svg)"
    return f"## {curve.title}\n\n{_wrapped(curve.about)}\n\n{image}\n\n{table}\n"


def _machine() -> str:
    versions = ", ".join(
        f"{name} {metadata.version(package)}"
        for name, package in (("wasmtime", "wasmtime"), ("Extism", "extism"), ("its library", "extism-sys"))
    )
    return (
        f"The machine: {os.cpu_count()} cores of {platform.machine()}; {platform.system()}, "
        f"Python {platform.python_version()}, {versions}."
    )


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)


def measure_curves(bench: Bench) -> list[tuple[Curve, Series]]:
    """Every curve of the page, measured."""
    return [(curve, curve.measure(bench)) for curve in CURVES]
