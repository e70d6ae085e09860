"""The error item: what a guest or the host answers when it could not do what it was asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from wardian.abi.bounds import MOST_INT

ERROR_KINDS: Final = (
    "invalid",
    "config",
    "transient",
    "denied",
    "exhausted",
    "not_found",
    "conflict",
    "unimplemented",
    "internal",
)

# Longer messages help nobody, and they end up in logs; characters, not bytes.
LONGEST_MESSAGE: Final = 4096
LONGEST_CODE: Final = 128

_FIELDS: Final = frozenset({"kind", "message", "code", "retry_after_ms", "details"})


class WrongShape(ValueError):  # noqa: N818 - what happened
    """What was sent as an error item is none; the message says which field."""


@dataclass(frozen=True, slots=True)
class ErrorItem:
    """An error as it crosses the border.

    Attributes:
        kind: one of `ERROR_KINDS`.
        message: what is wrong, for a person; cut to `LONGEST_MESSAGE` characters.
        code: the plugin's own code for it, of at most `LONGEST_CODE` characters, or None.
        retry_after_ms: not before so many milliseconds, or None.
        details: any value of the codec, or None.
    """

    kind: str
    message: str
    code: str | None = None
    retry_after_ms: int | None = None
    details: object = None

    @staticmethod
    def from_value(value: object) -> ErrorItem:
        """The error in a decoded item.

        Raises:
            WrongShape: a field is missing, unknown, or not what it must be.
        """
        if not isinstance(value, dict):
            raise WrongShape(f"expected an error as a map, got {_kind_of(value)}")
        unknown = value.keys() - _FIELDS
        if unknown:
            raise WrongShape(f"an error has no field {_shown(min(unknown, key=repr))}")
        kind, message = value.get("kind"), value.get("message")
        code, retry_after_ms = value.get("code"), value.get("retry_after_ms")
        if kind not in ERROR_KINDS:
            raise WrongShape(f"`kind`: expected one of {', '.join(ERROR_KINDS)}, got {_shown(kind)}")
        if not isinstance(message, str):
            raise WrongShape(f"`message`: expected text, got {_kind_of(message)}")
        if "code" in value and not (isinstance(code, str) and len(code) <= LONGEST_CODE):
            raise WrongShape(f"`code`: expected text of at most {LONGEST_CODE} characters, got {_shown(code)}")
        if "retry_after_ms" in value and not _is_duration(retry_after_ms):
            raise WrongShape(f"`retry_after_ms`: expected milliseconds from 0, got {_shown(retry_after_ms)}")
        return ErrorItem(kind, message[:LONGEST_MESSAGE], code, retry_after_ms, value.get("details"))

    def to_value(self) -> dict[str, object]:
        """The map to encode; what is None is left out."""
        value: dict[str, object] = {"kind": self.kind, "message": self.message[:LONGEST_MESSAGE]}
        for name in ("code", "retry_after_ms", "details"):
            given = getattr(self, name)
            if given is not None:
                value[name] = given
        return value


def _is_duration(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= MOST_INT


def _kind_of(value: object) -> str:
    return "nothing" if value is None else type(value).__name__


def _shown(value: object) -> str:
    """A guest's value in a message: short, and without characters that a terminal or a log would obey."""
    if isinstance(value, (str, bytes)):
        value = value[:64]
        return ascii(value)
    return _kind_of(value) if not isinstance(value, (bool, int, float)) else ascii(value)
