"""Shapes of replies, as the ABI has them: each reader gives what is typed, or says where the reply is wrong.

All of them run before anything of their call is kept, so that a reply that breaks the rules undoes what its call did.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

from wardian.abi.bounds import MOST_INT
from wardian.abi.contract import LOG_LEVELS
from wardian.abi.failure import ErrorItem, WrongShape
from wardian.errors import AbiViolation, GuestError
from wardian.package.fields import shown
from wardian.record import NotARecord, Record, Value, records_from, values_from

Kept = TypeVar("Kept")
Reader = Callable[[object, str], Kept]

_HINT: Final = "the plugin's author has to answer as the ABI says, in section 5"


def bad(path: str, said: str) -> AbiViolation:
    """The error for a reply that is wrong at a path, such as `records[2]`; an empty one is the whole."""
    return AbiViolation(f"the reply is wrong at `{path or '$'}`: {said}", code="bad_reply", hint=_HINT)


def null(value: object) -> None:
    """Null, and nothing else.

    Raises:
        AbiViolation: it is something.
    """
    if value is not None:
        raise bad("", f"expected null, got {shown(value)}")


def anything(value: object) -> Any:  # noqa: ANN401 - whatever the guest answers
    """Any item."""
    return value


def fields(value: object, must: frozenset[str], may: frozenset[str] = frozenset()) -> dict[str, Any]:
    """A map with all keys that it must have, and of others those that it may.

    Raises:
        AbiViolation: it is none, a key is missing, or unknown.
    """
    if not isinstance(value, dict):
        raise bad("", f"expected a map, got {shown(value)}")
    for missing in sorted(must - value.keys()):
        raise bad(missing, "it has to be there")
    for unknown in value.keys() - must - may:
        raise bad("", f"there is no field {shown(unknown)}")
    return value


def whole(value: object, path: str, least: int) -> int:
    """A whole number of 64 bits, from `least` on.

    Raises:
        AbiViolation: it is none.
    """
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= MOST_INT:
        raise bad(path, f"expected a whole number from {least}, got {shown(value)}")
    return value


def records(value: object, path: str) -> list[Record]:
    """A list of records.

    Raises:
        AbiViolation: it is none, or one of them is no record.
    """
    try:
        return records_from(value)
    except NotARecord as error:
        raise _no_record(error, path) from None


def values(value: object, path: str) -> list[Value]:
    """A list of records, checked and left as they are. Raises as `records`."""
    try:
        return values_from(value)
    except NotARecord as error:
        raise _no_record(error, path) from None


def record_or_null(value: object) -> Record | None:
    """A record, or null.

    Raises:
        AbiViolation: it is neither.
    """
    try:
        return None if value is None else Record.from_value(value)
    except NotARecord as error:
        raise bad("", str(error)) from None


def outcomes(value: object, count: int, read: Reader[Kept], where: str) -> list[Kept | GuestError]:
    """A list with one outcome for each of so many things: what `read` makes of it, or an error.

    Args:
        value: the reply.
        count: how many outcomes there have to be.
        read: makes something of an outcome that is no error, given its path.
        where: where an error among them happened.

    Raises:
        AbiViolation: it is no list, has another length, or an outcome is neither.
    """
    if not isinstance(value, list):
        raise bad("", f"expected a list of {count} outcomes, got {shown(value)}")
    if len(value) != count:
        raise bad("", f"expected {count} outcomes, one for each, got {len(value)}")
    return [_error(each, at, where) if _is_error(each) else read(each, f"[{at}]") for at, each in enumerate(value)]


def value_outcomes(value: object, count: int, where: str) -> list[list[Value] | GuestError]:
    """The outcomes of a processor, with records that are checked and left as they are. Raises as `outcomes`.

    What `outcomes` would do with `values`, in half the time where all is well: records are many.
    """
    if not isinstance(value, list) or len(value) != count:
        return outcomes(value, count, values, where)  # it says what is wrong
    for each in value:
        if type(each) is not list:
            break
        for record in each:
            if type(record) is not dict or len(record) != 1 or "data" not in record:
                break
        else:
            continue
        break
    else:
        return value
    return outcomes(value, count, values, where)


def remarks(value: object) -> list[tuple[str, str]]:
    """A list of `[level, message]`, with the level by its name.

    Raises:
        AbiViolation: it is none.
    """
    if not isinstance(value, list):
        raise bad("", f"expected a list of remarks, got {shown(value)}")
    made = []
    for at, each in enumerate(value):
        if not isinstance(each, list) or len(each) != 2 or not isinstance(each[1], str):
            raise bad(f"[{at}]", "expected a level and a message")
        level = whole(each[0], f"[{at}][0]", 0)
        if level >= len(LOG_LEVELS):
            raise bad(f"[{at}][0]", f"expected a level from 0 to {len(LOG_LEVELS) - 1}, got {level}")
        made.append((LOG_LEVELS[level], each[1]))
    return made


def interval(value: object) -> int | None:
    """What an instance answers to being opened: the milliseconds between two polls that it wants, or None.

    Raises:
        AbiViolation: it is neither null nor a map of that alone.
    """
    if value is None:
        return None
    given = fields(value, frozenset(), frozenset({"interval_ms"}))
    return whole(given["interval_ms"], "interval_ms", 1) if given else None


def _no_record(error: NotARecord, path: str) -> AbiViolation:
    place, _, said = str(error).partition(": ") if str(error).startswith("[") else ("", "", str(error))
    return bad(f"{path}{place}", said)


def _is_error(value: object) -> bool:
    return isinstance(value, dict) and "kind" in value


def _error(value: object, at: int, where: str) -> GuestError:
    try:
        said = ErrorItem.from_value(value)
    except WrongShape as error:
        raise bad(f"[{at}]", str(error)) from None
    return GuestError(
        said.kind, said.message, guest_code=said.code, retry_after_ms=said.retry_after_ms, details=said.details,
        where=where,
    )  # fmt: skip
