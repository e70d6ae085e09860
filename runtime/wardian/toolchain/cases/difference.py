"""How what came differs from what a case expects, in lines that name the place."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from wardian import plain_json
from wardian.document.node import below

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLOSE: Final = 1e-9  # relative; the same sum taken in another order differs by less
_SHOWN: Final = 200  # characters of a value
# Replies of one outcome for each record or row: those that are errors are compared in what the case says of them.
OUTCOMES: Final = frozenset({"processor_process", "function_call", "sink_write"})


def of_reply(entry: str, expected: object, reply: object) -> Iterator[str]:
    """The differences of an entry point's reply, as `differences` gives them."""
    if entry == "sink_write" and reply is None and isinstance(expected, list):
        reply = [None] * len(expected)  # which null stands for, as the ABI has it
    if entry in OUTCOMES and isinstance(expected, list) and isinstance(reply, list):
        cut = [_as_said(one, other) for one, other in zip(expected, reply, strict=False)]
        reply = [*cut, *reply[len(cut) :]]
    yield from differences(expected, reply, "output")


def differences(expected: object, given: object, path: str = "") -> Iterator[str]:
    """A line for each place where the two are not the same; none where they are.

    An integer and a float of one value are the same, and so are floats that differ by less than a billionth of them.
    What JSON has no word for is compared as it is written: bytes as `h'0102'`, points in time as texts.
    """
    yield from _differences(_as_written(expected), _as_written(given), path)


def shown(value: object) -> str:
    """A value as JSON, cut to a line."""
    text = plain_json.write(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _differences(expected: object, given: object, path: str) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(given, dict):
        for name, held in expected.items():
            if name in given:
                yield from _differences(held, given[name], below(path, name))
            else:
                yield f"{below(path, name)}: expected {shown(held)}, and there is none"
        for name in given.keys() - expected.keys():
            yield f"{below(path, name)}: expected none, got {shown(given[name])}"
    elif isinstance(expected, list) and isinstance(given, list):
        if len(expected) != len(given):
            yield f"{_at(path)}expected {len(expected)} items, got {len(given)}: {shown(given)}"
            return
        for at, (one, other) in enumerate(zip(expected, given, strict=True)):
            yield from _differences(one, other, f"{path}[{at}]")
    elif not _same(expected, given):
        yield f"{_at(path)}expected {shown(expected)}, got {shown(given)}"


def _same(expected: object, given: object) -> bool:
    if isinstance(expected, bool) or isinstance(given, bool) or not isinstance(expected, (int, float)):
        return type(expected) is type(given) and expected == given
    if not isinstance(given, (int, float)):
        return False
    return expected == given or (
        float in (type(expected), type(given)) and math.isclose(expected, given, rel_tol=_CLOSE)
    )


def _as_written(value: object) -> object:
    """The value as JSON gives it back: there is nothing else in it then."""
    return plain_json.read(plain_json.write(value))


def _as_said(expected: object, outcome: object) -> object:
    """An outcome that is an error, without what the case does not say of it."""
    errors = isinstance(expected, dict) and isinstance(outcome, dict) and "kind" in expected and "kind" in outcome
    return {name: held for name, held in outcome.items() if name in expected} if errors else outcome  # type: ignore[attr-defined, operator] # maps, as was just seen


def _at(path: str) -> str:
    return f"{path}: " if path else ""
