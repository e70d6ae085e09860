"""Finds the records on which a whole call fails: the batch is halved until each of them is alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from wardian.errors import Cancelled, StateError, WardianError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
Made = TypeVar("Made")


def isolated(
    call: Callable[[Sequence[T]], list[Made | WardianError]],
    things: Sequence[T],
    failed: Callable[[WardianError], object],
) -> list[Made | WardianError]:
    """One outcome for each thing, in their order: what the call made of it, or the error that it fails with alone.

    A call that fails has undone what it did, so that its halves can be called with the same things again.

    Args:
        call: gives an outcome for each of the things, or raises.
        things: at least one.
        failed: told of each thing that fails alone; what it raises ends this.

    Raises:
        Cancelled, StateError: as the call does: that is not the fault of a thing.
    """
    made: list[Made | WardianError] = []
    left = [things]
    while left:
        part = left.pop()
        try:
            made += call(part)
        except (Cancelled, StateError):
            raise
        except WardianError as error:
            if len(part) == 1:
                failed(error)
                made.append(error)
            else:
                middle = len(part) // 2
                left += [part[middle:], part[:middle]]
    return made
