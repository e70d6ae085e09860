"""What an engine says of its pipelines, and to whom."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from wardian.errors import WardianError


class Say(Protocol):
    """Takes what is to be said of a pipeline."""

    def __call__(self, level: str, message: str, *, pipeline: str) -> object:
        """Take one line; `level` is one of `trace`, `debug`, `info`, `warn` and `error`."""


def to_logging(level: str, message: str, *, pipeline: str) -> None:
    """Say it to Python's `logging`, as `wardian.engine`."""
    number = {"trace": logging.DEBUG, "warn": logging.WARNING}.get(level) or logging.getLevelNamesMapping()[
        level.upper()
    ]
    logging.getLogger("wardian.engine").log(number, "%s: %s", pipeline, message)


def in_one_line(error: WardianError | None) -> str:
    """The text of an error, for a line among others."""
    return "; ".join(each.strip() for each in str(error).splitlines())
