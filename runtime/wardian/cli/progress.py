"""A progress bar on standard error, where a person waits for a run that prints its data elsewhere."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from wardian.cli import terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def progress(total: int | None) -> Iterator[Callable[[int, int], None]]:
    """Show a bar while the block runs; gives the function that is told bytes read and lines done.

    Shown only when standard error is a terminal and standard output is none: lines that scroll by are progress enough.

    Args:
        total: the size of the input in bytes, or None where it is not known.
    """
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda _bytes, _lines: None
        return
    from rich import progress as bars  # noqa: PLC0415 - only where it is shown

    columns = (
        bars.SpinnerColumn(),
        bars.BarColumn(),
        bars.TextColumn("{task.fields[lines]:,} lines"),
        bars.TimeElapsedColumn(),
        *((bars.TimeRemainingColumn(),) if total else ()),
    )
    # Log lines and errors that are printed meanwhile appear above the bar.
    with bars.Progress(
        *columns, console=terminal.console(sys.stderr), transient=True, redirect_stdout=False, redirect_stderr=True
    ) as bar:
        task = bar.add_task("", total=total, lines=0)
        yield lambda bytes_, lines: bar.update(task, completed=bytes_, lines=lines)
