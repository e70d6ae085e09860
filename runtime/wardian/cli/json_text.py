"""JSON as requests and replies are written on the command line: what is wrong with it is a fault of its use."""

from __future__ import annotations

import json
from typing import Any, Final

from wardian.cli.usage import Usage
from wardian.plain_json import read, write

__all__ = ["parse", "write"]

_TEXT: Final = "a text is written with quotes, such as '\"hello\"'; or add `--text` to give plain text"
_QUOTED: Final = "put all of it in single quotes, so that the shell leaves its double quotes alone"


def parse(text: str, *, where: str = "", hint: str | None = None) -> Any:  # noqa: ANN401
    """The value of one JSON text, as RFC 8259 has it: no `NaN`, no key twice.

    Args:
        text: the whole of it.
        where: where it stands, for the error.
        hint: what to do about it, where that is not what it is for an argument of a shell.

    Raises:
        Usage: it is no JSON; the message says where in the text.
    """
    try:
        return read(text)
    except json.JSONDecodeError as error:
        place = f"at line {error.lineno}, column {error.colno}"
        reason = "it is empty" if not text.strip() else f"{error.msg[0].lower()}{error.msg[1:]} {place}"
    except ValueError as error:
        reason = str(error)
    if hint is None:
        hint = _QUOTED if text.lstrip()[:1] in ("{", "[", '"') else _TEXT
    raise Usage(f"this is no JSON: {reason}", where=where, hint=hint)
