"""`Halted`, `Ended` and `Lost`: why a pipeline stops that still has records, or begins a batch again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardian.errors import WardianError


class Halted(Exception):  # noqa: N818 - what happened
    """The pipeline goes on no more by itself; nothing that was not acknowledged is.

    Attributes:
        state: what it is from now on: `failed`, `deactivated` or `stopped`.
        error: why.
    """

    def __init__(self, state: str, error: WardianError) -> None:
        super().__init__(state, error)
        self.state, self.error = state, error


class Ended(Exception):  # noqa: N818 - what happened
    """The pipeline was told to end at once."""


class Lost(Exception):  # noqa: N818 - what happened
    """A sink lost what it had taken: the batch has to be delivered once more."""
