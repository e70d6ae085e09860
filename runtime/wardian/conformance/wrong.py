"""What a plugin is asked that it does not expect: wrong shapes, odd values, the largest and the deepest items."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from wardian.conformance.samples import NOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wardian.policy import Limits

# A value of each type.
OTHERS: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 1.5, "", "text", b"", b"bytes", [], [None], ["text"], [{}], [[]], {}, {"wardian": 1},
    datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip
NUMBERS: Final[tuple[Any, ...]] = (
    0, -1, 2**31, -(2**31) - 1, 2**32, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1, -(2**63), -0.0, 5e-324,
    1.7976931348623157e308, math.nan, math.inf, -math.inf, datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
)  # fmt: skip
TEXTS: Final[tuple[Any, ...]] = (
    "", " ", "\0", "a\0b", "\ufeff", "\ufffd\uffff", "\U0001f469\u200d\U0001f680", "\u202egnirts", "\u05d0\u0628",
    "e\u0301\u0323" * 20, "\U0010ffff", "\x1b[31m\r\n\b", "%s%n{}{{x}}${x}$(x)`x`", "../../etc/passwd", "'\"\\--;",
    "1e999", "NaN", "true", "null", "\u00e9" * 40_000, b"\0\xff\xfe", b"\xed\xa0\x80",
)  # fmt: skip
UNKNOWN: Final = {"wardian_unknown": [1, {"a": None}], "\0": None, "": 1.5}  # keys that no version of the ABI has

_CONTEXT: Final = {"plugin": "checked", "version": "0.0.0", "symbol": "", "instance": "default"}

# For each entry point, how a value comes into its request: each gives a request with the value in one place.
_PLACES: Final[dict[str, tuple[Callable[[Any], Any], ...]]] = {
    "plugin_open": (
        lambda value: {"config": value, "context": _CONTEXT},
        lambda value: {"config": {"x": value}, "context": _CONTEXT, "resume": value},
    ),
    "plugin_check": (lambda value: {"config": value}, lambda value: {"config": {"x": value}}),
    "source_poll": (lambda value: {"now": NOW, "demand": 1, "x": value},),
    "source_request": (
        lambda value: {"payload": value, "headers": {}},
        lambda value: {"payload": {"x": [value]}, "headers": {}},
    ),
    "action_call": (
        lambda value: {"params": value, "vars": {}},
        lambda value: {"params": {"x": value}, "vars": {"x": value}},
    ),
    "action_cancel": (lambda value: {"reason": "deadline", "params": value},),
    "function_call": (lambda value: {"rows": [[value]]}, lambda value: {"rows": [[value, value], [], [[value]]]}),
    "function_validate": (lambda value: {"args": [{"literal": value}]},),
    "lookup_rows": (lambda value: {"fields": ["x"], "keys": ["x"], "values": [value]},),
    "extension_call": (lambda value: {"method": "call", "argument": value},),
}
_OF_RECORDS: Final[tuple[Callable[[Any], Any], ...]] = (
    lambda value: {"records": [{"data": value}]},
    lambda value: {"records": [{"data": {"x": [value]}, "tags": {"x": value}, "meta": {"x": value}}]},
)
_RECORDS: Final = ("processor_process", "aggregator_add", "sink_write")
_BAD_RECORDS: Final[tuple[Any, ...]] = (
    None, 1, "text", [], {}, {"message": "no data"}, {"data": 1, "time": "noon"}, {"data": 1, "key": 1},
    {"data": 1, "tags": []}, {"data": 1, "type": "no such type"}, {"data": 1, "unknown": 1},
)  # fmt: skip


def places(entry: str) -> tuple[Callable[[Any], Any], ...]:
    """How a value comes into the request of an entry point."""
    if entry in _RECORDS:
        return _OF_RECORDS
    return _PLACES.get(entry, (lambda value: value,))


def shapes(entry: str, good: object) -> Iterator[object]:
    """Requests of the wrong shape: others altogether, without one of the keys, with a key of another type."""
    yield from OTHERS
    if not isinstance(good, dict):
        return
    for key in good:
        yield {name: value for name, value in good.items() if name != key}
        for other in OTHERS:
            yield {**good, key: other}
    if entry in _RECORDS:
        yield from ({"records": [bad]} for bad in _BAD_RECORDS)


def values(entry: str, chosen: tuple[Any, ...]) -> Iterator[object]:
    """Each of the values in each place; texts and bytes as keys too."""
    for place in places(entry):
        for value in chosen:
            yield place(value)
            if isinstance(value, (str, bytes)):
                yield place({value: value})


def with_unknown(good: object) -> object:
    """The same request with keys that a guest does not know; what is no map, and a host's null, stays as it is."""
    if not isinstance(good, dict):
        return good
    known = dict(good)
    if isinstance(known.get("context"), dict):
        known["context"] = {**known["context"], **UNKNOWN}
    return {**UNKNOWN, **known, "wardian_last": "unknown"}


def deep(entry: str, limits: Limits) -> Iterator[object]:
    """Requests that nest as deep as the limits allow: as lists, as maps, and both."""
    for place in places(entry):
        mark = object()
        room = limits.depth - _above(place(mark), mark)
        for make in (_list, _map, lambda value, at: (_list if at % 2 else _map)(value, at)):
            value: object = 0
            for at in range(max(0, room)):
                value = make(value, at)
            yield place(value)


def many(entry: str, limits: Limits, most: int = 10_000) -> Iterator[object]:
    """Requests of many items: 10,000 records, rows or elements, or as many as the limits allow."""
    if entry in _RECORDS:
        yield {"records": [{"data": at} for at in range(_fitting(limits, most, 3))]}
    elif entry == "function_call":
        yield {"rows": [[at] for at in range(_fitting(limits, most, 3))]}
        yield {"rows": [list(range(_fitting(limits, most, 1)))]}
    elif entry == "function_validate":
        yield {"args": [{"literal": at} for at in range(_fitting(limits, most, 3))]}
    elif entry == "lookup_rows":
        names = [str(at) for at in range(_fitting(limits, most, 3))]
        yield {"fields": names, "keys": names, "values": names}
    for place in places(entry):
        yield place(list(range(_fitting(limits, most, 3))))
        yield place({str(at): at for at in range(_fitting(limits, most, 6))})


def large(entry: str, limits: Limits) -> Iterator[object]:
    """Requests of as many bytes as the limits allow, in one text or one byte string."""
    for place in places(entry)[:1]:
        room = max(1, limits.request - 4096)
        yield place("x" * room)
        yield place(b"\xff" * room)


def empty(good: object) -> Iterator[object]:
    """The request with each of its lists, maps and texts empty."""
    if isinstance(good, dict):
        for key, value in good.items():
            if isinstance(value, (list, dict, str)):
                yield {**good, key: type(value)()}
        yield {key: type(value)() if isinstance(value, (list, dict, str)) else value for key, value in good.items()}


def _list(value: object, _at: int) -> object:
    return [value]


def _map(value: object, _at: int) -> object:
    return {"x": value}


def _above(value: object, mark: object) -> int:
    """The levels above the deepest place where the mark stands; none where it stands nowhere."""
    if not isinstance(value, (list, dict)):
        return 0
    held = [each for each in (value.values() if isinstance(value, dict) else value) if _holds(each, mark)]
    return 1 + max(_above(each, mark) for each in held) if held else 0


def _holds(value: object, mark: object) -> bool:
    if isinstance(value, (list, dict)):
        return any(_holds(each, mark) for each in (value.values() if isinstance(value, dict) else value))
    return value is mark


def _fitting(limits: Limits, most: int, each: int) -> int:
    """How many things of so many items fit; their outcomes, which may be twice as many items, have to fit as well."""
    return max(1, min(most, (limits.items - 64) // each // 2))
