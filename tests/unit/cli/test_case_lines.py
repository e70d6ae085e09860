from pathlib import Path

import click

from wardian.capabilities.log import LogLine
from wardian.cli import case_lines
from wardian.toolchain.cases.running import Result

LOG = LogLine("greet", "case 1", "info", "said", {})


def lines(result, **more):
    return [click.unstyle(each) for each in case_lines.lines(result, Path("a/cases.yaml"), **more)]


def test_a_case_that_passed_is_a_line():
    passed = Result("greets", 3, 0.0015, (), (LOG,))
    assert lines(passed) == ["ok      greets  1.5ms"]
    assert lines(passed, logs=True)[1:] == ["        | info   greet  said"]


def test_a_case_that_failed_has_its_place_its_faults_and_its_log():
    assert lines(Result("greets", 3, 0.1, ("output: expected 1, got 2",), (LOG,))) == [
        "FAILED  greets  cases.yaml:3",
        "          output: expected 1, got 2",
        "        | info   greet  said",
    ]


def test_what_a_plugin_says_cannot_move_the_cursor_and_is_bounded():
    shown = lines(Result("a\x1b[2J", 1, 0.0, tuple(f"fault {at}\n" for at in range(30))))
    assert all(each.isprintable() for each in shown)
    assert shown[-1].strip() == "and 10 more"
    assert len(shown) == 22


def test_the_summary_counts():
    good, bad = Result("a", 1, 0.5), Result("b", 1, 0.5, ("no",))
    assert click.unstyle(case_lines.summary([good])) == "1 case passed; 500ms"
    assert click.unstyle(case_lines.summary([good, bad])) == "1 of 2 cases passed; 1s"


def test_as_data_it_has_all_of_it():
    assert case_lines.as_json(Result("a", 1, 0.5, ("no",), (LOG,))) == {
        "name": "a", "line": 1, "passed": False, "seconds": 0.5, "faults": ["no"],
        "logs": [{"level": "info", "message": "said", "fields": {}}],
    }  # fmt: skip
