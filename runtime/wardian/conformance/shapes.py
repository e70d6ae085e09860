"""The shapes of what plugins reply, as `abi.cddl` has them: judged with the readers by which a host reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wardian.errors import AbiViolation
from wardian.package.fields import shown
from wardian.plugins import reply

if TYPE_CHECKING:
    from collections.abc import Callable

_POLL_MUST: Final = frozenset({"records"})
_POLL_MAY: Final = frozenset({"wait_ms", "offset", "done"})


def fault(entry: str, request: object, value: object) -> str:
    """What is wrong with the reply of an entry point, or an empty text; no reply of one of no kind is wrong."""
    read = _READERS.get(entry)
    if read is None:
        return ""
    try:
        read(request, value)
    except AbiViolation as wrong:
        return wrong.message
    return ""


def is_error(outcome: object) -> bool:
    """Whether one outcome says that its record or row failed: the other outcomes are no maps with a `kind`."""
    return isinstance(outcome, dict) and "kind" in outcome


def _polled(_request: object, value: object) -> None:
    given = reply.fields(value, _POLL_MUST, _POLL_MAY)
    reply.records(given["records"], "records")
    if "wait_ms" in given:
        reply.whole(given["wait_ms"], "wait_ms", 0)
    if not isinstance(given.get("done", False), bool):
        raise reply.bad("done", f"expected true or false, got {shown(given['done'])}")


def _flushed(_request: object, value: object) -> None:
    reply.records(reply.fields(value, _POLL_MUST)["records"], "records")


def _written(request: object, value: object) -> None:
    if value is not None:
        _each(request, value, "records", _nothing)


def _rows(_request: object, value: object) -> None:
    if not isinstance(value, list):
        raise reply.bad("", f"expected a list of rows, got {shown(value)}")
    for at, row in enumerate(value):
        if not isinstance(row, dict) or not all(isinstance(key, str) for key in row):
            raise reply.bad(f"[{at}]", f"expected a row as a map with texts as keys, got {shown(row)}")


def _each(request: object, value: object, key: str, read: Callable[[object, str], object]) -> None:
    """One outcome for each record or row; how many there are is judged where the request is a right one."""
    given = request.get(key) if isinstance(request, dict) else None
    counted = given if isinstance(given, list) else value
    reply.outcomes(value, len(counted) if isinstance(counted, list) else 0, read, "")


def _result(outcome: object, path: str) -> None:
    if not isinstance(outcome, dict) or outcome.keys() != {"value"}:
        raise reply.bad(path, f"expected a map of `value`, or an error, got {shown(outcome)}")


def _nothing(outcome: object, path: str) -> None:
    if outcome is not None:
        raise reply.bad(path, f"expected null or an error, got {shown(outcome)}")


def _alone(read: Callable[[object], Any]) -> Callable[[object, object], None]:
    """A reader that needs no request."""

    def judge(_request: object, value: object) -> None:
        read(value)

    return judge


_READERS: Final[dict[str, Callable[[Any, Any], None]]] = {
    "plugin_open": _alone(reply.interval),
    "plugin_check": _alone(reply.remarks),
    "plugin_close": _alone(reply.null),
    "source_poll": _polled,
    "source_request": _alone(reply.record_or_null),
    "action_cancel": _alone(reply.null),
    "processor_process": lambda request, value: _each(request, value, "records", reply.records),
    "function_call": lambda request, value: _each(request, value, "rows", _result),
    "function_validate": _alone(reply.null),
    "aggregator_add": _alone(reply.null),
    "aggregator_flush": _flushed,
    "aggregator_reset": _alone(reply.null),
    "sink_write": _written,
    "sink_flush": _alone(reply.null),
    "lookup_rows": _rows,
}
