"""The request of a call, as it is given: an argument, `@file`, or standard input."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from wardian.cli import json_text
from wardian.cli.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

_STDIN: Final = "standard input"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an input.

    Attributes:
        number: from 1.
        content: its bytes without the end of the line.
        end: how many bytes of the input end with it.
    """

    number: int
    content: bytes
    end: int


def read_value(given: str | None, *, text: bool) -> Any:  # noqa: ANN401
    """The request: JSON, or a text as it is; null where nothing is given.

    Raises:
        Usage: it cannot be read, or is not what it should be.
    """
    if given is None:
        return None
    if given == "-" or given.startswith("@"):
        return to_value(read_bytes(given), name_of(given), text=text)
    # The bytes of the command line are UTF-8, whatever the locale made of them.
    argument = _decoded(os.fsencode(given), "the argument", "give it as `@file`, or in UTF-8")
    return argument if text else json_text.parse(argument, where="the argument")


def to_value(content: bytes, where: str, *, text: bool) -> Any:  # noqa: ANN401
    """The value that the bytes of an input stand for.

    Raises:
        Usage: they are no UTF-8, or no JSON.
    """
    decoded = _decoded(content, where, "with `--cbor`, bytes are given as CBOR" if text else "JSON is written in UTF-8")
    if text:
        return decoded
    return json_text.parse(decoded.removeprefix("\ufeff"), where=where, hint="if it is plain text, add `--text`")


def read_bytes(given: str) -> bytes:
    """All of `@file` or of standard input.

    Raises:
        Usage: it cannot be read.
    """
    with opened(given) as stream, _readable(given):
        return stream.read()


def read_lines(stream: IO[bytes], given: str) -> Iterator[Line]:
    """The lines of an input, as they come.

    Raises:
        Usage: it cannot be read.
    """
    end = 0
    with _readable(given):
        for number, line in enumerate(stream, 1):
            end += len(line)
            yield Line(number, line.removesuffix(b"\n").removesuffix(b"\r"), end)


@contextlib.contextmanager
def opened(given: str) -> Iterator[IO[bytes]]:
    """The stream of `@file`, closed afterwards, or of standard input.

    Raises:
        Usage: it cannot be opened.
    """
    if given == "-":
        yield sys.stdin.buffer
        return
    with _readable(given):
        stream = Path(given[1:]).expanduser().open("rb")
    with stream:
        yield stream


def name_of(given: str) -> str:
    """What an input is called in messages."""
    return _STDIN if given == "-" else given.removeprefix("@")


def _decoded(content: bytes, where: str, hint: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Usage(f"this is no UTF-8: byte {error.start}", where=where, hint=hint) from None


@contextlib.contextmanager
def _readable(given: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        hint = "check the path; a request that begins with `@` names a file" if given != "@" else "`@` and a path"
        raise Usage("there is no such file", where=name_of(given) or "@", hint=hint) from None
    except IsADirectoryError:
        raise Usage("this is a directory", where=name_of(given), hint="name a file") from None
    except OSError as error:
        raise Usage(f"it cannot be read: {error.strerror}", where=name_of(given)) from None
