"""What every capability is: an object bound to one instance, with a method for each import that it answers.

The host function of an import is shared by all instances of a plugin; it finds the object of the calling instance and
gives it the running call and the decoded request. What a method returns is the reply. A method raises `CapabilityError`
to answer its guest with an error, and any other error to end the call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from wardian.errors import CapabilityError
from wardian.sandbox.faults import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Thing = TypeVar("Thing")
_LISTED = 20  # names in an answer to a guest


class Capability(Protocol):
    """What the end of a call asks of each capability that the call has used.

    Attributes:
        settles: those of a lower number are settled before those of a higher one.
    """

    settles: ClassVar[int]

    def used(self) -> dict[str, int]:
        """What the running call has used so far, by the names of the receipt's fields."""

    def settle(self, *, succeeded: bool) -> None:
        """Keep or forget what the call did; raises when it cannot be kept, and the call has failed then."""


class QuotaSpent(CapabilityError):  # noqa: N818 - the name of what happened
    """A guest asked for more than a limit gives; it gets the error `exhausted` and may go on.

    Attributes:
        limit: the field of `Limits`.
        value: what it allows.
        asked: what was asked for.
    """

    def __init__(self, limit: str, message: str, *, value: float, asked: float) -> None:
        super().__init__(
            "exhausted", message, guest_code=limit, details={"limit": limit, "value": value, "asked": asked}
        )
        self.limit, self.value, self.asked = limit, value, asked


def arguments(request: object, least: int, most: int, expected: str) -> Sequence[Any]:
    """The parts of a request that is a list of `least` to `most` items.

    Raises:
        CapabilityError: `invalid`, saying what was expected.
    """
    if not isinstance(request, list) or not least <= len(request) <= most:
        raise CapabilityError("invalid", f"expected {expected}")
    return request


def whole(given: object, name: str, least: int, most: int) -> int:
    """A whole number within bounds.

    Raises:
        CapabilityError: `invalid`, with the bounds.
    """
    if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= most:
        raise CapabilityError("invalid", f"`{name}`: expected a whole number from {least} to {most}")
    return given


def text(given: object, name: str, most: int) -> str:
    """A text of at most so many characters, without control characters in it where it is a name.

    Raises:
        CapabilityError: `invalid`, with what was expected.
    """
    if not isinstance(given, str) or not 0 < len(given) <= most or not given.isprintable():
        raise CapabilityError("invalid", f"`{name}`: expected a printable text of 1 to {most} characters")
    return given


def found(things: Mapping[str, Thing], what: str, name: str) -> Thing:
    """The thing of this name.

    Raises:
        CapabilityError: `not_found`, with the names that there are, twenty at most.
    """
    thing = things.get(name)
    if thing is None:
        known = ", ".join(f"`{printable(each)}`" for each in list(things)[:_LISTED]) or "none"
        more = f" and {len(things) - _LISTED} more" if len(things) > _LISTED else ""
        raise CapabilityError("not_found", f"there is no {what} `{printable(name)}`; there are: {known}{more}")
    return thing
