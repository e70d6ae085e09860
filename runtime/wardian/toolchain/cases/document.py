"""`Document`: a `cases.yaml` as a typed value, read with every problem and its line at once."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardian.abi.failure import ERROR_KINDS
from wardian.capabilities.log import LEVELS
from wardian.document import reading
from wardian.document.problem import Problems
from wardian.document.shapes import Anything, ListOf, MapOf, Shape, Text, Unfit
from wardian.document.structs import Place, Struct, key, place
from wardian.toolchain.cases.answers import HOST, Host

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from wardian.document.node import Node
    from wardian.document.shapes import Schema

CASES: Final = "cases.yaml"
_NAME: Final = Text("a name", most=200)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """The error that is expected; what is not said of it may be anything."""

    kind: str | None = key(Text(names=ERROR_KINDS), "The kind of an error of the plugin's own.", default=None)
    message: str | None = key(Text(), "All of its message.", default=None)
    code: str | None = key(Text(), "The plugin's own name for what happened.", default=None)
    fault: str | None = key(Text(), "What ended the call instead: the code of an error of the runtime, such as `trap` "
        "or `deadline_exceeded`.", default=None)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Line:
    """A log line that is expected."""

    message: str = key(Text(), "All of its message.")
    level: str | None = key(Text(names=LEVELS), "Its level; any, where it is not said.", default=None)


@dataclass(frozen=True)
class _LineShape:
    """A line, or its message alone."""

    def read(self, node: Node, path: str, problems: Problems) -> Line:
        """The line."""
        return Line(message=node.value) if isinstance(node.value, str) else _LINE.read(node, path, problems)

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """The same as a JSON Schema."""
        return {"anyOf": [{"type": "string"}, _LINE.schema(definitions)]}

    def inner(self, key: str) -> Shape[object] | None:
        """The shape of one key."""
        return _LINE.inner(key)

    def known(self, node: Node) -> tuple[str, ...] | None:
        """The keys of the map."""
        return _LINE.known(node)


_LINE: Final = Struct(Line, "A log line.")
_REFUSAL: Final = Struct(Refusal, "An error of the plugin.")


@dataclass(frozen=True, kw_only=True)
class Call:
    """What a plugin is asked, and what it has to answer."""

    entry: str = key(_NAME, "The entry point; `plugin_open` for what it answers to being opened.")
    input: Node | None = key(Anything(), "The request; null where none is said.", default=None)
    output: Node | None = key(Anything(), "The reply; any, where none is said.", default=None)
    error: Refusal | None = key(_REFUSAL, "The error that it answers with instead.", default=None)
    logs: tuple[Line, ...] = key(ListOf(_LineShape()), "All that it logs.", default=())
    emits: Node | None = key(Anything(), "The records that it emits.", default=None)
    at: Place = place()

    def says(self, name: str) -> bool:
        """Whether the case says anything of this key; null is something."""
        return name in self.at.node.value


_CALL: Final = Struct(Call, "A call.")
_OF_CALLS: Final = frozenset(_CALL.keys)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One case, on an instance of its own; a single call stands in it without `calls`."""

    name: str = key(_NAME, "What it shows, in a few words.")
    symbol: str | None = key(_NAME, "Which of the plugin's symbols, where there are several.", default=None)
    section: str | None = key(_NAME, "A section of configuration of that symbol.", default=None)
    config: Node | None = key(Anything(map_only=True), "The configuration, over the symbol's defaults.", default=None)
    resume: Node | None = key(Anything(), "The offset that a source resumes from.", default=None)
    host: Host = key(HOST, "What the host answers.", factory=Host)
    limits: dict[str, Node] = key(MapOf(_NAME, Anything()), "Limits, over those that the description wishes for.",
        factory=dict)  # fmt: skip
    calls: tuple[Call, ...] = key(ListOf(_CALL, least=1), "Calls, one after the other, in place of `entry`.",
        default=())  # fmt: skip
    entry: str | None = key(_NAME, "The entry point of the only call.", default=None)
    input: Node | None = key(Anything(), "The request; null where none is said.", default=None)
    output: Node | None = key(Anything(), "The reply; any, where none is said.", default=None)
    error: Refusal | None = key(_REFUSAL, "The error that it answers with instead.", default=None)
    logs: tuple[Line, ...] = key(ListOf(_LineShape()), "All that it logs.", default=())
    emits: Node | None = key(Anything(), "The records that it emits.", default=None)
    at: Place = place()

    @property
    def asked(self) -> tuple[Call, ...]:
        """Its calls, also where there is but one."""
        if self.entry is None:
            return self.calls
        only = {name: getattr(self, name) for name in _OF_CALLS}
        return (Call(**only, at=self.at),)


def _together(case: Case, node: Node, path: str, problems: Problems) -> None:
    """Note what does not go together."""
    if case.calls:
        for name in sorted(_OF_CALLS & node.value.keys()):
            problems.note(node.value[name], f"{path}.{name}", f"`{name}` in one of the `calls`", "it beside them",
                          at_key=True)  # fmt: skip
    for at, call in enumerate(case.asked):
        where = f"{path}.calls[{at}]" if case.calls else path
        if call.says("output") and call.error is not None:
            problems.note(call.at.node, where, "an `output` or an `error`", "both", at_key=True)
        if call.entry == "plugin_open" and at:
            problems.note(call.at.node, where, "`plugin_open` as the first call", "it after others", at_key=True)
        if call.entry == "plugin_open" and call.says("input"):
            hint = "its request is made of the case's `config` and `resume`"
            problems.note(call.at.node.value["input"], f"{where}.input", "no input of `plugin_open`", "one", hint=hint,
                          at_key=True)  # fmt: skip


_CASE: Final = Struct(Case, "A case.", one_of=("entry", "calls"), check=_together)


@dataclass(frozen=True, kw_only=True)
class Document:
    """All cases of a plugin."""

    cases: tuple[Case, ...] = key(ListOf(_CASE), "The cases, in the order in which they are run.")
    config: Node | None = key(Anything(map_only=True), "Configuration under that of each case.", default=None)
    at: Place = place()


DOCUMENT: Final = Struct(Document, "What a plugin is asked, and has to answer.")


def read(path: Path, look: Callable[[Document, Problems], object] = lambda *_: None) -> Document:
    """The cases in a file.

    Args:
        path: the file.
        look: notes what else is wrong with what could be read, such as entry points that the plugin does not have.

    Raises:
        ConfigError: with every problem, by its line.
    """
    problems = Problems()
    node = reading.read(path, problems=problems)
    made: Document | None = None
    with contextlib.suppress(Unfit):
        made = DOCUMENT.read(node, "", problems)
    if made is not None:
        _names(made, problems)
        look(made, problems)
    problems.raise_any("these cases are wrong", where=str(path))
    assert made is not None  # noqa: S101 - where it is, a problem was raised
    return made


def _names(document: Document, problems: Problems) -> None:
    seen: dict[str, int] = {}
    for at, case in enumerate(document.cases):
        if case.name in seen:
            node = case.at.node.value["name"]
            problems.note(node, f"cases[{at}].name", "each name once", f"`{case.name}` again")
        seen[case.name] = at


def plain(node: Node | None) -> Any:  # noqa: ANN401
    """The plain data of what may not have been said."""
    return None if node is None else node.plain()
