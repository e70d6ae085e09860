"""Where text goes: data to standard output, everything else to standard error; colours only where a person looks."""

from __future__ import annotations

import contextlib
import os
import select
import sys
from typing import IO, TYPE_CHECKING, Any, Final

import click

from wardian.cli.exit_codes import PIPE_CLOSED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

_WIDTH: Final = 160  # columns where there is no terminal to ask


def coloured(stream: IO[Any]) -> bool:
    """Whether the stream is a terminal whose person has not asked for plain text (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def say(text: str) -> None:
    """Write one line, styled or not, to standard error."""
    stream = sys.stderr
    # A stream that is gone must not hide why the command ends.
    with contextlib.suppress(OSError, ValueError):
        # Written to the stream as it is now: while a progress bar is shown, that is one that prints above it.
        stream.write(f"{text if coloured(stream) else click.unstyle(text)}\n")
        stream.flush()


def heard(seconds: float = 1.0) -> bool:
    """Whether standard error takes a line without keeping us waiting: a full pipe that nobody reads does not.

    Args:
        seconds: how long to wait for a reader.
    """
    ready = select.poll()
    try:
        ready.register(sys.stderr.fileno(), select.POLLOUT)
    except (OSError, ValueError):  # it is gone, or is no file at all
        return True
    return bool(ready.poll(seconds * 1000))


def give(data: str | bytes) -> None:
    """Write data to standard output at once, as it is.

    Raises:
        click.exceptions.Exit: nobody reads it any more, so there is nothing left to do.
        OSError: it cannot be written.
    """
    with _reader():
        if isinstance(data, bytes):
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            click.echo(data, color=coloured(sys.stdout))


@contextlib.contextmanager
def _reader() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        # Click would end the command with 1, which says that the plugin failed.
        raise click.exceptions.Exit(PIPE_CLOSED) from None


def abandon_output() -> None:
    """Let nothing more go to standard output, so that the interpreter's own last flush is silent."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)


def console(stream: IO[Any]) -> Console:
    """Rich's console on one of the two streams, under the same rule for colours."""
    from rich.console import Console  # noqa: PLC0415 - a quarter of the start-up time of a plain call

    colour = coloured(stream)
    width = None if stream.isatty() else _WIDTH
    return Console(
        file=stream, no_color=not colour, highlight=False, markup=False, emoji=False, soft_wrap=False, width=width
    )


def show(what: object, stream: IO[Any]) -> None:
    """Print a table or another of rich's things, without the spaces that it ends its lines with.

    Raises:
        click.exceptions.Exit, OSError: as of `give`.
    """
    screen = console(stream)
    with screen.capture() as captured:
        screen.print(what)
    text = "\n".join(line.rstrip() for line in captured.get().rstrip("\n").split("\n"))
    with _reader():
        click.echo(text, file=stream, color=coloured(stream))
