"""Measures what this project promises of speed and size, each against a peer or a floor in the same run.

    python3 tests/bench/run.py [--only NAME …] [--quick] [--json FILE] [--plot [FOLDER]]

Ends with 1 when a budget of `budgets.toml` is not kept.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from pathlib import Path

import page
from measure import Measure, Result
from measures import MEASURES
from table import numbers, plain
from timing import FULL, QUICK
from workbench import HERE, Bench


def main() -> int:
    """Measure what was asked for; gives the exit code."""
    parser = _arguments()
    asked = parser.parse_args()
    if asked.plot and asked.only:
        parser.error("the page has every measure: --plot goes without --only")
    if asked.plot == page.DOCS and asked.quick:
        parser.error("the page in docs has full figures: --plot goes with --quick into another folder only")
    chosen = [each for each in MEASURES if not asked.only or each.name in asked.only]
    if asked.list:
        print(*(each.name for each in chosen), sep="\n")
        return 0
    budgets = read_budgets(HERE / "budgets.toml")
    results = []
    with Bench(QUICK if asked.quick else FULL) as bench:
        for each in chosen:
            print(f"measuring {each.name} …", file=sys.stderr)
            results.append(_measure(bench, each, budgets[each.name]))
        drawn = page.measure_curves(bench) if asked.plot else []
    print(plain(results), end="")
    if asked.json:
        plots = {curve.name: series for curve, series in drawn}
        asked.json.write_text(json.dumps({"results": numbers(results), "plots": plots}, indent=1), "utf-8")
    if asked.plot:
        page.write(asked.plot, results, drawn)
    if asked.quick:
        print("one short repetition each: this shows that the measures run, and nothing else")
        return 0
    return 0 if all(each.holds for each in results) else 1


def read_budgets(path: Path) -> dict[str, tuple[str, float]]:
    """The bound and the number of each measure."""
    return {name: next(iter(budget.items())) for name, budget in tomllib.loads(path.read_text("utf-8")).items()}


def _measure(bench: Bench, measure: Measure, budget: tuple[str, float]) -> Result:
    return Result(measure, measure.run(bench), budget)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    names = [each.name for each in MEASURES]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help="measure only these")
    parser.add_argument("--list", action="store_true", help="print the names of the measures")
    parser.add_argument("--quick", action="store_true", help="one short repetition each; budgets are not enforced")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure here")
    parser.add_argument(
        "--plot", type=Path, nargs="?", const=page.DOCS, metavar="FOLDER", help="write performance.md and its plots"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
