"""`wardian.cli.exit_codes`: one table, complete."""

import click
import pytest

from wardian import errors
from wardian.cli.exit_codes import INTERNAL, PIPE_CLOSED, TABLE, exit_code, table_text
from wardian.cli.main import app
from wardian.cli.usage import Usage


def every_error():
    found, todo = [], [errors.WardianError]
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        if kind.__module__ == "wardian.errors":
            found.append(kind)
    return found


def made(kind):
    return kind.__new__(kind)


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_every_error_has_an_exit_code_of_its_own_or_its_parent(kind):
    assert (exit_code(made(kind)) == INTERNAL) == (kind is errors.WardianError)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.GuestError, 1), (Usage, 2), (click.UsageError, 2), (click.NoSuchOption, 2), (errors.PackageError, 3),
        (errors.PermissionDenied, 4), (errors.ConfigError, 5), (errors.LimitExceeded, 6), (errors.DeadlineExceeded, 6),
        (errors.MemoryExceeded, 6), (errors.Trap, 7), (errors.AbiViolation, 7), (errors.StateError, 8),
        (errors.HostFunctionError, 9), (errors.Cancelled, 130), (KeyboardInterrupt, 130), (PermissionError, 74),
        (BrokenPipeError, 141), (ValueError, 70), (RecursionError, 70), (errors.WardianError, 70),
    ],
)  # fmt: skip
def test_the_codes_stay_what_they_are(kind, code):
    assert exit_code(made(kind)) == code


def test_what_nobody_reads_is_told_as_that_also_of_a_pipeline():
    error = errors.WardianError("nobody reads it", code="closed")
    error.__cause__ = BrokenPipeError()
    assert exit_code(error) == PIPE_CLOSED


def test_each_code_stands_once():
    codes = [row.code for row in TABLE]
    assert len(codes) == len(set(codes))


def test_each_type_stands_once():
    kinds = [kind for row in TABLE for kind in row.kinds]
    assert len(kinds) == len(set(kinds))


def test_the_help_lists_every_code_in_order():
    assert table_text() in app.epilog
    assert [int(line.split()[0]) for line in table_text().splitlines()] == sorted(row.code for row in TABLE)
