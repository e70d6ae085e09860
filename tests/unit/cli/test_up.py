"""`wardian.cli.up`: its options reach the one who carries it out; `tests/e2e/test_up.py` has what becomes of them."""

import pytest

from wardian.cli import upping
from wardian.cli.main import perform


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ([], upping.Asked()),
        (
            ["x.yaml", "--set", "a=1", "--set", "b=2", "--state", "s", "--once", "--no-watch", "--metrics", "9"],
            upping.Asked(file="x.yaml", set_=("a=1", "b=2"), state="s", once=True, no_watch=True, metrics=9),
        ),
        (
            ["--log-format", "json", "--log-level", "warn", "-q"],
            upping.Asked(log_format="json", log_level="warn", quiet=True),
        ),
    ],
)
def test_each_option_is_asked_for(monkeypatch, words, asked):
    given = []
    monkeypatch.setattr(upping, "up", lambda each: given.append(each) or 3)
    assert perform(["up", *words]) == 3
    assert given == [asked]


@pytest.mark.parametrize("words", [["--metrics", "70000"], ["--log-format", "xml"], ["--log-level", "loud"]])
def test_what_is_no_option_is_refused(words, capsys):
    assert perform(["up", *words]) == 2
    assert "error:" in capsys.readouterr().err
