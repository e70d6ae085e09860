"""The bench measures what it has budgets for, and runs; how fast anything is, is for `just bench` to say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[2]
BENCH = ROOT / "tests" / "bench"


def run(*arguments):
    return subprocess.run(
        [sys.executable, BENCH / "run.py", *map(str, arguments)], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def budgets():
    return tomllib.loads((BENCH / "budgets.toml").read_text("utf-8"))


def test_each_measure_has_a_budget_and_each_budget_a_measure(budgets):
    listed = run("--list")
    assert listed.returncode == 0, listed.stderr
    assert listed.stdout.split() == list(budgets)


def test_each_budget_is_one_bound(budgets):
    for name, budget in budgets.items():
        assert len(budget) == 1, name
        assert budget.keys() <= {"at_least", "at_most"}, name
        assert all(isinstance(number, float) and number > 0 for number in budget.values()), name


def test_one_short_repetition_of_everything_gives_a_figure_for_each_budget(budgets, tmp_path):
    figures = tmp_path / "figures.json"
    done = run("--quick", "--json", figures, "--plot", tmp_path)
    assert done.returncode == 0, done.stderr
    results = {each["name"]: each for each in json.loads(figures.read_text("utf-8"))["results"]}
    assert list(results) == list(budgets)
    for name, result in results.items():
        assert len(result["ours"]) == 1, name
        assert all(figure > 0 for figure in [*result["ours"], *result["other"]]), name
        assert re.search(rf"^{name}\b", done.stdout, re.MULTILINE), name
    page = (tmp_path / "performance.md").read_text("utf-8")
    plots = re.findall(r"\]\((\w+\.svg)\)", page)
    assert [ET.parse(tmp_path / name).getroot().get("viewBox") for name in plots] == ["0 0 640 360"] * 2
    assert len(rows(page)) == len(budgets)


def test_a_budget_that_is_not_kept_is_an_error(tmp_path):
    # The names of the module `run` in a process of its own: a budget that nothing can keep, and one measure.
    script = (
        "import sys, tomllib; import run; run.FULL = run.QUICK; run.read_budgets = lambda path: "
        "{'echo_64_bytes': ('at_least', 1e9)}; sys.argv[1:] = ['--only', 'echo_64_bytes']; sys.exit(run.main())"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=BENCH, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "NO" in done.stdout


def rows(page):
    """The rows of the first table of the page."""
    return [line for line in page.partition("## ")[0].splitlines() if line.startswith("|")][2:]


def test_the_page_has_a_row_for_each_measure(budgets):
    assert len(rows((ROOT / "docs" / "performance.md").read_text("utf-8"))) == len(budgets)
