"""`docs/reliability.md` is whole and true: each fault that is promised is there, and so is each test of faults."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contract.test_coverage import TEST, defined, rows

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reliability.md"
PROMISED = [*"12456789", *map(str, range(12, 22)), "24", "26", "27", "30"]
NUMBER = re.compile(r"test_case_0*(\d+)_")


def problems(page):
    """All that is wrong with the page, a line each."""
    table = rows(page)
    numbers = [cells[0] for cells in table]
    found = [] if numbers == PROMISED else [f"the rows are numbered {', '.join(numbers)}"]
    named = {}
    for cells in table:
        number, what, happens, shown = (*cells, "", "", "")[:4]
        tests = TEST.findall(shown)
        if len(cells) != 4 or not (what and happens and tests):
            found.append(f"row {number}: expected a number, a fault, what happens and tests that show it")
        for path, name in tests:
            named[path, name] = number
            if not (ROOT / path).is_file() or name not in defined(path):
                found.append(f"row {number}: there is no {path}::{name}")
            told = NUMBER.match(name)
            if told is not None and told[1] != number:
                found.append(f"row {number}: {name} is of another row")
    for path in sorted((ROOT / "tests" / "reliability").glob("test_*.py")):
        place = str(path.relative_to(ROOT))
        found += [f"{place}::{name} is in no row" for name in sorted(defined(place)) if (place, name) not in named]
    return found


def test_the_page_has_each_fault_and_each_test_of_faults():
    assert problems(PAGE.read_text("utf-8")) == []


def test_the_readme_leads_to_it():
    assert "](docs/reliability.md)" in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (r"^\| 7 \|.*\n", "", "the rows are numbered"),
        (
            r"::test_case_14_a_batch_\w+",
            "::test_gone",
            "row 14: there is no tests/reliability",
        ),
        (r"`[^`]*::test_case_14_a_batch_\w+`<br>", "", "test_poison.py::test_case_14_a_batch"),
        (r"^(\| 8 \|[^|]*\|[^|]*\|).*", r"\1 a wish |", "row 8: expected"),
        (r"^\| 14 \|", "| 13 |", "is of another row"),
    ],
)
def test_a_page_that_is_wrong_is_found(old, new, problem):
    page, changed = re.subn(old, new, PAGE.read_text("utf-8"), flags=re.MULTILINE)
    assert changed
    assert [each for each in problems(page) if problem in each]
