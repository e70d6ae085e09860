"""From text to a tree that is safe to walk: Jinja2's lexer and parser, and nothing else of it, bounded on both sides.

The parser calls itself for each level, so levels are counted in the tokens, before it begins. What it makes is looked
through node by node: only what `evaluation` knows may be there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from wardian.errors import ConfigError, ExpressionError
from wardian.expression.evaluation import KNOWN
from wardian.expression.filters import FILTERS, TESTS

MOST_TOKENS: Final = 2_000  # of one text: some 20 ms of lexing and parsing
MOST_NESTED: Final = 16  # brackets in each other, signs or `not` in a row, `if` in one expression
MOST_DEEP: Final = 100  # levels of the tree, such as 100 terms of a sum
_SHOWN: Final = 60
_OPENING: Final = re.compile(r"\{[{%]")
_INSIDE: Final = re.compile(r""""(?>(?:\\.|[^"\\])*)"|'(?>(?:\\.|[^'\\])*)'|["'{}]""", re.DOTALL)
_PREFIXES: Final = frozenset({"-", "+", "not"})
_NO_TOKENS: Final = frozenset({"whitespace", "variable_begin"})


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression, and a short form of its text for messages."""

    node: Any
    source: str


def split(text: str) -> list[tuple[str, str]]:
    """The parts of a text in turn, each with its kind: `text`, `expression` or `command`.

    Raises:
        ExpressionError: a placeholder, or a text within one, does not end.
    """
    parts: list[tuple[str, str]] = []
    at = 0
    while (found := _OPENING.search(text, at)) is not None:
        start = found.end()
        if found[0] == "{%":
            end, kind = text.find("%}", start), "command"
        else:
            end, kind = _end_of_placeholder(text, start), "expression"
        if end < 0:
            raise ExpressionError("invalid", f"a placeholder does not end: {shown(text[found.start() :])}")
        if found.start() > at:
            parts.append(("text", text[at : found.start()]))
        parts.append((kind, text[start:end]))
        at = end + 2
    if at < len(text):
        parts.append(("text", text[at:]))
    return parts


def _end_of_placeholder(text: str, start: int) -> int:
    """Where the `}}` stands that is in no text and closes no map, or -1."""
    maps = 0
    for found in _INSIDE.finditer(text, start):
        mark = found[0]
        if mark == "{":
            maps += 1
        elif mark == "}" and maps:
            maps -= 1
        elif mark == "}":
            return found.start() if text.startswith("}}", found.start()) else -1
        elif mark in {"'", '"'}:  # one that nothing closes: to look for the next would take for ever
            return -1
    return -1


class Parser:
    """Parses the expressions of one text, which have their tokens in common.

    Raises:
        ConfigError: Jinja2 is not installed.
    """

    def __init__(self) -> None:
        self._jinja = _jinja()
        self._left = MOST_TOKENS

    def parse(self, text: str) -> Expression:
        """The expression of this text.

        Raises:
            ExpressionError: it is none, or over a bound.
        """
        jinja, source = self._jinja, shown(text.strip())
        if not text.strip():
            raise ExpressionError("invalid", "an expression is empty")
        try:
            self._count(text, source)
            parser = jinja.Parser(jinja.environment, text, state="variable")
            node = parser.parse_expression()
            left = "" if parser.stream.eos else str(parser.stream.current.value)
        except jinja.TemplateSyntaxError as error:
            raise ExpressionError("invalid", f"{shown(error.message or '')}, in `{source}`") from None
        except (ValueError, ArithmeticError):  # a number of thousands of digits, half of an escape
            raise ExpressionError("invalid", f"this cannot be read: `{source}`") from None
        except RecursionError:  # called from a program that is nearly at its own bound
            raise _too_deep(source) from None
        if left:
            raise ExpressionError("invalid", f"unexpected `{shown(left)}`, in `{source}`")
        _require_known(node, source)
        return Expression(node, source)

    def _count(self, text: str, source: str) -> None:
        """Refuse what has too many tokens, or would take the parser too deep."""
        nested = prefixes = conditions = 0
        for _line, kind, value in self._jinja.environment.lexer.tokeniter(text, None, None, "variable"):
            if kind in _NO_TOKENS:
                continue
            self._left -= 1
            prefixes = prefixes + 1 if value in _PREFIXES else 0
            if kind == "operator":
                nested += (value in {"(", "[", "{"}) - (value in {")", "]", "}"})
            elif kind == "name" and value == "if":
                conditions += 1
            if self._left < 0:
                raise ExpressionError("exhausted", f"the expressions of a text have at most {MOST_TOKENS} parts")
            if max(nested, prefixes, conditions) > MOST_NESTED:
                raise _too_deep(source)


def shown(text: str) -> str:
    """A piece of text for a message: short, and in one printable line."""
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in cut)


def _require_known(root: Any, source: str) -> None:  # noqa: ANN401 - a node of Jinja's
    """Refuse every node that the evaluation does not know, and every name that it does not offer."""
    level, deep = [root], 0
    while level:
        deep += 1
        if deep > MOST_DEEP:
            raise _too_deep(source)
        for node in level:
            kind = type(node).__name__
            if kind not in KNOWN:
                raise ExpressionError("invalid", f"{_MEANT.get(kind, 'this')} cannot be used here: `{source}`")
            if kind == "Getattr" and node.attr.startswith("_"):
                raise ExpressionError("invalid", f"a key after a dot cannot begin with `_`: `{source}`")
            if kind in {"Filter", "Test"}:
                known = FILTERS if kind == "Filter" else TESTS
                if node.name not in known:
                    raise ExpressionError(
                        "invalid", f"there is no {kind.lower()} `{shown(node.name)}`, in `{source}`",
                        hint=f"there are: {', '.join(sorted(known))}",
                    )  # fmt: skip
                if node.node is None or node.dyn_args is not None or node.dyn_kwargs is not None:
                    raise ExpressionError("invalid", f"a call cannot be used here: `{source}`")
        level = [below for node in level for below in node.iter_child_nodes()]


def _too_deep(source: str) -> ExpressionError:
    return ExpressionError("exhausted", f"an expression nests too deep: `{source}`")


_MEANT: Final = {"Call": "a call", "Slice": "a slice"}


@dataclass(frozen=True, slots=True)
class _Jinja:
    """What is used of Jinja2."""

    environment: Any
    Parser: Any
    TemplateSyntaxError: Any


@cache
def _jinja() -> _Jinja:
    try:
        from jinja2 import TemplateSyntaxError  # noqa: PLC0415 - takes 40 ms of a start, for those who need it
        from jinja2.parser import Parser as JinjaParser  # noqa: PLC0415
        from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415
    except ImportError as error:
        raise ConfigError(
            "expressions in texts need the package `jinja2`, which is not installed",
            hint="install it with `pip install 'wardian[tasks]'`",
        ) from error
    # Names of filters are looked up by us: Jinja's own are never called, and neither is anything that it compiles.
    return _Jinja(ImmutableSandboxedEnvironment(), JinjaParser, TemplateSyntaxError)
