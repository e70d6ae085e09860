"""`docs/coverage.md` is whole and true: each row is there, and what it names exists."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from wardian.cli.main import app

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "coverage.md"
ROWS = 50

TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
FILE = re.compile(r"`(tests/[\w/]+\.py)`")
COMMAND = re.compile(r"`wardian (\w+)[^`]*`")


def rows(page):
    """The rows of the page's table, each a list of its cells."""
    lines = [line for line in page.splitlines() if re.match(r"\| *\d", line)]
    return [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]


@cache
def defined(path):
    """The names of the tests that a file has; nothing of it is run."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {each.name for each in ast.walk(tree) if isinstance(each, kinds) and each.name.startswith("test")}


def problems(page):
    """All that is wrong with the page, a line each."""
    found = []
    table = rows(page)
    numbers = [cells[0] for cells in table]
    if numbers != [str(number) for number in range(1, ROWS + 1)]:
        found.append(f"the rows are numbered {', '.join(numbers)}, and not 1 to {ROWS}")
    for cells in table:
        number, what, state, shown = (*cells, "", "", "")[:4]
        tests, commands = TEST.findall(shown), COMMAND.findall(shown)
        if len(cells) != 4 or not what:
            found.append(f"row {number}: expected a number, a capability, a state and what shows it")
        found += [
            f"row {number}: there is no {path}::{name}"
            for path, name in tests
            if not (ROOT / path).is_file() or name not in defined(path)
        ]
        found += [f"row {number}: there is no command {name}" for name in commands if name not in app.commands]
        if state not in ("yes", "partly", "not yet"):
            found.append(f"row {number}: {state} is no state")
        if state in ("yes", "partly") and not (tests or commands):
            found.append(f"row {number}: nothing shows it")
        if (state != "yes") != ("not yet: " in shown):
            found.append(
                f"row {number}: it is `{state}`, and what is missing is {'told' * (state == 'yes') or 'not told'}"
            )
    return found


def test_the_page_has_each_row_and_names_what_exists():
    assert problems(PAGE.read_text("utf-8")) == []


def test_the_page_counts_its_rows_right():
    count = Counter(cells[2] for cells in rows(PAGE.read_text("utf-8")))
    said = f"Of fifty, {count['yes']} are there, {count['partly']} partly, and {count['not yet']} not yet."
    assert said in PAGE.read_text("utf-8")


def test_the_page_names_each_file_of_scenarios():
    named = set(FILE.findall(PAGE.read_text("utf-8")))
    assert named == {str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "scenarios").glob("test_*.py")}


def test_the_readme_leads_to_it():
    assert "](docs/coverage.md)" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (r"^\| 7 \|.*\n", "", "the rows are numbered"),
        (r"::test_a1_1_\w+", "::test_gone", "row 1: there is no tests/scenarios/test_a1_botkube.py::test_gone"),
        (r"tests/scenarios/test_a1_botkube.py::", "tests/gone.py::", "there is no tests/gone.py"),
        (r"`wardian source`", "`wardian gone`", "row 1: there is no command gone"),
        (r"^(\| 1 \|[^|]*\|) yes \|.*", r"\1 yes | a wish |", "row 1: nothing shows it"),
        (r"^(\| 1 \|[^|]*\|) yes", r"\1 maybe", "row 1: maybe is no state"),
        (r"^(\| 1 \|[^|]*\|) yes", r"\1 partly", "row 1: it is `partly`"),
        (r"^(\| 2 \|[^|]*\|) partly", r"\1 yes", "row 2: it is `yes`"),
    ],
)
def test_a_page_that_is_wrong_is_found(old, new, problem):
    page, changed = re.subn(old, new, PAGE.read_text("utf-8"), flags=re.MULTILINE)
    assert changed
    assert [each for each in problems(page) if problem in each]
