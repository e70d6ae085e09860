"""`wardian.__main__` and `wardian.cli.main`: the doors of the command line."""

import importlib.util
import keyword

import click
import pytest

from wardian.__main__ import main
from wardian.cli import main as commands
from wardian.cli.main import app, perform
from wardian.errors import GuestError


def test_without_its_libraries_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 2
    assert capsys.readouterr().err == (
        "error: the command line needs `click` and `rich`\nhint: pip install 'wardian[cli]'\n"
    )


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (GuestError("invalid", "no"), 1, "error: [invalid] no\n"), (KeyboardInterrupt(), 130, "\ninterrupted\n"),
        (click.UsageError("wrong"), 2, "error: wrong\n"), (click.exceptions.Exit(141), 141, ""),
        (ZeroDivisionError(), 70, "error: internal error: ZeroDivisionError"),
    ],
)  # fmt: skip
def test_whatever_a_command_raises_becomes_a_code_and_a_text(monkeypatch, capsys, raised, code, said):
    @click.command("fails")
    def fails():
        raise raised

    monkeypatch.setitem(app.commands, "fails", fails)
    assert perform(["fails"]) == code
    assert capsys.readouterr().err.startswith(said)


def test_every_command_is_one_file_and_explains_itself():
    for name, command in app.commands.items():
        assert command.callback.__module__ == f"wardian.cli.{name}{'_' * keyword.iskeyword(name)}"
        assert command.short_help
        assert command.help
    kinds = ["source", "action", "process", "function", "aggregate", "sink", "lookup"]
    running = ["plan", "try", "up", "status", "dead", "state"]
    authors = ["new", "build", "test", "dev", "snapshot"]
    shown = ["inspect", "list", "limits", "schema", "completion"]
    assert list(app.commands) == ["call", "task", *kinds, *running, "tasks", *authors, "check", *shown]
    assert commands.app is app
