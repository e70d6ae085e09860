"""What the person at the command line got wrong, with what to do next."""

from __future__ import annotations

import click


class Usage(click.UsageError):
    """A command line, or an input that it names, that cannot be used.

    Attributes:
        where: the option, file or line concerned, or an empty text.
        hint: what to do next, or an empty text.
    """

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.where = where
        self.hint = hint
