"""JSON as RFC 8259 has it, with lines: strict, without recursion, each key of an object once."""

from __future__ import annotations

import re
from json.decoder import scanstring  # type: ignore[attr-defined] # the scanner of Python's own reader
from typing import Final

from wardian.document import scalars
from wardian.document.builder import Builder, Enough
from wardian.document.problem import shown

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS: Final = {"true": True, "false": False, "null": None}
_WORD: Final = re.compile(r"true|false|null")
_NEXT: Final = re.compile(r"[^\s\[\]{},:]{1,40}|.", re.DOTALL)


def build(text: str, builder: Builder) -> None:
    """Give what a JSON text holds to the builder, with all that is wrong as a text."""
    reading = _Reading(text, builder)
    try:
        reading.read()
    except Enough:
        pass
    except _NotJson as error:
        builder.broken = True
        try:
            builder.problem(reading.line, str(error), reading.found())
        except Enough:
            return


class _NotJson(ValueError):  # noqa: N818 - says what was expected
    pass


class _Reading:
    """One walk over a text; `at` is where it stands, `line` the line there."""

    def __init__(self, text: str, builder: Builder) -> None:
        self.text, self.builder = text, builder
        self.at, self.line = 0, 1

    def read(self) -> None:
        closers: list[str] = []
        self.skip()
        while True:
            # A value is due, or an object or list may end that has just begun.
            opened = self.value(closers)
            if not opened:
                while closers and self.ends(closers):
                    closers.pop()
                    self.builder.end()
                if not closers:
                    break
            if closers[-1] == "}":
                self.key()
        if self.at < len(self.text):
            raise _NotJson("the end of the text")

    def value(self, closers: list[str]) -> bool:
        """Take one value; whether it is a container that is not empty, so that what it holds is due."""
        text, start, line = self.text, self.at, self.line
        char = text[start : start + 1]
        if char and char in "{[":
            self.builder.start({} if char == "{" else [], line)
            closer = "}" if char == "{" else "]"
            self.step(start + 1)
            if text[self.at : self.at + 1] == closer:
                self.step(self.at + 1)
                self.builder.end()
                return False
            closers.append(closer)
            return True
        if char == '"':
            self.builder.put(self.string(), line)
        elif match := _NUMBER.match(text, start):
            self.builder.put(self.number(match), line)
            self.step(match.end())
        elif match := _WORD.match(text, start):
            self.builder.put(_WORDS[match[0]], line)
            self.step(match.end())
        else:
            raise _NotJson("a value of JSON")
        return False

    def ends(self, closers: list[str]) -> bool:
        """Whether the innermost container ends here; else a comma is taken."""
        char = self.text[self.at : self.at + 1]
        if char not in ("", ",", closers[-1]) or not char:
            raise _NotJson(f"`,` or `{closers[-1]}`")
        self.step(self.at + 1)
        return char == closers[-1]

    def key(self) -> None:
        line = self.line
        if self.text[self.at : self.at + 1] != '"':
            raise _NotJson("a key in double quotes")
        self.builder.put(self.string(), line)
        if self.text[self.at : self.at + 1] != ":":
            raise _NotJson("`:`")
        self.step(self.at + 1)

    def string(self) -> str:
        try:
            made: str
            made, end = scanstring(self.text, self.at + 1, True)  # noqa: FBT003 - `strict`, which takes no name
        except ValueError as error:
            self.at = int(getattr(error, "pos", self.at))
            raise _NotJson("a text of JSON") from None
        if not made.isascii() and any("\ud800" <= char <= "\udfff" for char in made):
            raise _NotJson("a text of Unicode, without half a pair")
        self.step(end)
        return made

    def number(self, match: re.Match[str]) -> int | float:
        if match[1] or match[2]:
            return float(match[0])
        if len(match[0]) > 20 or not scalars.LEAST <= int(match[0]) <= scalars.MOST:
            self.builder.problem(self.line, "an integer of at most 64 bits", shown(match[0]), "quote it if it is text")
            return 0
        return int(match[0])

    def step(self, to: int) -> None:
        """Go on to `to`, and over the space behind it."""
        self.line += self.text.count("\n", self.at, to)
        self.at = to
        self.skip()

    def skip(self) -> None:
        match = _SPACE.match(self.text, self.at)
        if match:
            self.line += self.text.count("\n", self.at, match.end())
            self.at = match.end()

    def found(self) -> str:
        match = _NEXT.match(self.text, self.at)
        return shown(match[0]) if match else "the end of the text"
