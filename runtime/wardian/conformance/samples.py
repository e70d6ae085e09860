"""What each kind of plugin is asked when nothing is wrong with it: the author's samples, or those of the kit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

Request = tuple[str, object]  # an entry point, and what it is asked

NOW: Final = 1_800_000_000_000_000_000  # nanoseconds since 1970; time goes on by an hour with each poll
_HOUR: Final = 3_600_000_000_000

RECORDS: Final[tuple[dict[str, Any], ...]] = (
    {"data": "To be, or not to be"},
    {"data": {"name": "Ada", "count": 3, "value": 1.5, "text": "that is the question", "tags": ["a", "b"]}},
    {"data": 42},
    {"data": {"value": 7}, "type": "metric", "time": NOW, "key": "a", "tags": {"unit": "s"}, "meta": {"from": "kit"}},
    {"data": b"\0\1\2", "type": "bytes", "message": "three bytes", "path": "main"},
    {"data": ["a", 1, None]},
    {"data": None, "type": "event", "message": "nothing but a message"},
)
PARAMS: Final[tuple[dict[str, Any], ...]] = ({}, {"name": "Ada", "text": "to be", "count": 3})
ROWS: Final = (["a"], ["a", "b"], [1], [1, 2], [1.5], [None], [[1, 2, 3]], [[1, 2, 3], ["a", "b", "c"]], ["a", 1, True])
CALLS: Final = ({"method": "describe", "argument": None}, {"method": "call", "argument": {"name": "Ada"}})
LOOKUPS: Final = (
    {"fields": ["name"], "keys": ["id"], "values": ["1"]},
    {"fields": ["id", "name"], "keys": ["name"], "values": ["Ada"]},
    {"fields": ["name"], "keys": [], "values": []},
)
PUSHED: Final = (
    {"payload": {"text": "to be"}, "headers": {"content-type": "application/json"}},
    {"payload": b"to be", "headers": {}},
)
_OWN: Final[tuple[Any, ...]] = (None, {}, "to be")


def samples(kind: str, given: Sequence[Any]) -> tuple[Any, ...]:
    """The inputs of a kind: the author's, alone or in whole requests, or else the kit's own."""
    given = [each for whole in given for each in _parts(kind, whole)]
    if kind in _FROM_RECORDS:
        return tuple(map(_record, given)) or RECORDS
    if kind == "function":
        return tuple(each if isinstance(each, list) else [each] for each in given) or ROWS
    if kind == "lookup":
        return tuple(each for each in given if isinstance(each, dict)) or LOOKUPS
    if kind == "extension":
        return tuple(map(_method, given)) or CALLS
    if kind == "source":
        return tuple(map(_pushed, given)) or PUSHED
    return tuple(given) or (PARAMS if kind == "action" else _OWN)


def good(kind: str, given: Sequence[Any], entries: Sequence[str], step: int = 0) -> list[Request]:
    """One round of work: what a host asks a plugin of this kind, in order, of the entry points that it has.

    Args:
        kind: the kind, or an empty text where the entry points are the author's own.
        given: what `samples` gave.
        entries: the entry points that are there.
        step: how often it was asked before.
    """
    asked: list[Request] = []
    if kind == "source":
        asked = [("source_poll", poll(step * 2 + at, demand)) for at, demand in enumerate((1, 10))]
        asked += [("source_request", each) for each in given]
    elif kind == "action":
        asked = [("action_call", {"params": each, "vars": {}}) for each in given]
    elif kind == "processor":
        asked = [("processor_process", {"records": list(given)}), ("processor_process", {"records": [given[0]]})]
    elif kind == "function":
        asked = [("function_call", {"rows": list(given)}), ("function_call", {"rows": [given[0]]})]
    elif kind == "aggregator":
        add: Request = ("aggregator_add", {"records": list(given)})
        asked = [add, ("aggregator_flush", None), ("aggregator_reset", None)]
    elif kind == "sink":
        asked = [("sink_write", {"records": list(given)}), ("sink_flush", {"urgent": False})]
    elif kind == "lookup":
        asked = [("lookup_rows", each) for each in given]
    elif kind == "extension":
        asked = [("extension_call", each) for each in given]
    else:
        asked = [(entry, each) for entry in entries for each in given]
    return [each for each in asked if each[0] in entries]


def poll(step: int, demand: int = 10) -> dict[str, int]:
    """The request of the poll after so many others."""
    return {"now": NOW + step * _HOUR, "demand": demand}


def arguments(row: Sequence[Any]) -> dict[str, Any]:
    """What `function_validate` is asked for calls such as this row's."""
    return {"args": [{"literal": each} for each in row]}


_FROM_RECORDS: Final = ("processor", "aggregator", "sink")


def _parts(kind: str, given: Any) -> list[Any]:  # noqa: ANN401 - any sample
    """What a line of the author's inputs holds: one of them, or those of a whole request."""
    if not isinstance(given, dict):
        return [given]
    if kind == "source" and "demand" in given:
        return []  # the kit polls by itself
    key = "records" if kind in _FROM_RECORDS else "rows" if kind == "function" else ""
    if isinstance(given.get(key), list):
        return list(given[key])
    return [given["params"]] if kind == "action" and "params" in given else [given]


def _record(given: Any) -> dict[str, Any]:  # noqa: ANN401 - any sample
    return given if isinstance(given, dict) and "data" in given else {"data": given}


def _method(given: Any) -> dict[str, Any]:  # noqa: ANN401
    known = isinstance(given, dict) and "method" in given
    return {"argument": None, **given} if known else {"method": "call", "argument": given}


def _pushed(given: Any) -> dict[str, Any]:  # noqa: ANN401
    known = isinstance(given, dict) and "payload" in given
    return {"headers": {}, **given} if known else {"payload": given, "headers": {}}
