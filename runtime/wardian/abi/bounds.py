"""How much a CBOR item may be, and what is raised when it is more than that or not what the ABI speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LEAST_INT: Final = -(2**63)
MOST_INT: Final = 2**64 - 1


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one item may be at most; values are constants of a plugin, so one `Bounds` serves many calls.

    Attributes:
        size: encoded bytes.
        items: data items, counted as heads: each number, text, key, array, map, tag and chunk of a string is one.
        depth: arrays and maps within each other; a number alone has depth 0, `[]` has depth 1.
    """

    size: int
    items: int
    depth: int


class CodecError(ValueError):
    """An item that cannot cross the border, and why.

    Attributes:
        code: `too_large`, `too_deep` or `too_many_items` for a limit; `bad_cbor` for everything else.
        limit: the field of `Bounds` that was hit, or an empty text.
        value: what that field allows, or 0.
        asked: what the item would have needed, or None where counting stopped at the limit.
    """

    def __init__(self, code: str, message: str, *, limit: str = "", value: int = 0, asked: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.limit = limit
        self.value = value
        self.asked = asked


def too_large(bounds: Bounds, asked: int | None) -> CodecError:
    """The error for more bytes than `bounds.size`; `asked` is None where encoding stopped at the limit."""
    found = "it has more" if asked is None else f"it has {asked}"
    message = f"the item may have {bounds.size} bytes, {found}"
    return CodecError("too_large", message, limit="size", value=bounds.size, asked=asked)


def too_many_items(bounds: Bounds) -> CodecError:
    """The error for more data items than `bounds.items`; counting stopped there."""
    message = f"the item may hold {bounds.items} data items, it has more"
    return CodecError("too_many_items", message, limit="items", value=bounds.items)


def too_deep(bounds: Bounds, where: str = "") -> CodecError:
    """The error for nesting beyond `bounds.depth`; `where` is the path of the first value that is too deep."""
    place = f"{where}: " if where else ""
    message = f"{place}the item may nest {bounds.depth} deep, it is deeper"
    return CodecError("too_deep", message, limit="depth", value=bounds.depth)


def bad_cbor(message: str) -> CodecError:
    """The error for whatever is not an item of the ABI."""
    return CodecError("bad_cbor", message)
