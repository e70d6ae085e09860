"""Batches that are larger than a request may be: cut into as many as are needed, all of them before the first call."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from wardian.errors import RequestTooLarge
from wardian.plugins import plugin as plugins

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from wardian.plugins.plugin import Plugin


class Batch(NamedTuple):
    """One request, and how many things it carries."""

    request: bytes
    size: int


def cut(things: Sequence[object], encode: Callable[[Sequence[object]], bytes]) -> list[Batch]:
    """Requests that carry these things in their order, as few as halving gives; none for no things.

    Raises:
        RequestTooLarge: one thing alone is too large, or too deep; nothing has been called then.
    """
    made: list[Batch] = []
    left = [things] if things else []
    while left:
        part = left.pop()
        try:
            made.append(Batch(encode(part), len(part)))
        except RequestTooLarge as error:
            if len(part) == 1 or error.limit == "depth":
                raise
            middle = len(part) // 2
            left += [part[middle:], part[:middle]]
    return made


def encoded_records(plugin: Plugin, entry: str, records: Sequence[object]) -> bytes:
    """The request for some records, see `encoded`."""
    return plugins.encoded(plugin, entry, {"records": records})
