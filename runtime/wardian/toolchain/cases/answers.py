"""What the host answers a plugin under test, as a case says it: functions, actions, extensions, variables, HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from wardian.abi.failure import ERROR_KINDS
from wardian.document.shapes import Anything, ListOf, MapOf, Shape, Text, Unfit, Whole
from wardian.document.structs import Place, Struct, key, place

if TYPE_CHECKING:
    from wardian.document.node import Node
    from wardian.document.problem import Problems
    from wardian.document.shapes import Schema

_NAME: Final = Text("a name", most=200)
_LONGEST_DELAY: Final = 2**53  # milliseconds; what every language can count


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The error that the plugin is answered with."""

    kind: str = key(Text(names=ERROR_KINDS), "Whose turn it is.")
    message: str = key(Text(), "What it says.", default="the case says so")
    code: str | None = key(Text(), "The name of what happened.", default=None)
    retry_after_ms: int | None = key(Whole(0, _LONGEST_DELAY), "Not before so many milliseconds.", default=None)


FAILURE: Final = Struct(Failure, "An error that the host answers with.")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is answered to a request; the first answer that fits it is given."""

    given: Node | None = key(Anything(), "The request that it is for; any, where it is not said.", default=None)
    method: str | None = key(_NAME, "The method of an extension that it is for; any, where it is not said.",
        default=None)  # fmt: skip
    answer: Node | None = key(Anything(), "What the plugin gets.", default=None)
    error: Failure | None = key(FAILURE, "The error that it gets instead.", default=None)
    at: Place = place()

    def fits(self, request: object, method: str | None = None) -> bool:
        """Whether it is for this request."""
        from wardian.toolchain.cases.difference import differences  # noqa: PLC0415 - a module that needs no other

        if self.method not in (None, method):
            return False
        given = self.at.node.value.get("given")
        return given is None or not any(differences(given.plain(), request))


ANSWER: Final = Struct(Answer, "An answer of the host.", one_of=("answer", "error"))


@dataclass(frozen=True, kw_only=True)
class Response:
    """What a server answers; the first response that fits a request is given."""

    url: str = key(Text("a URL", most=8_192), "What is asked for.")
    method: str | None = key(Text("a method, such as GET", pattern="[A-Z]+"), "Of the request; any, where it is not "
        "said.", default=None)  # fmt: skip
    status: int = key(Whole(200, 599), "The status.", default=200)
    headers: dict[str, str] = key(MapOf(_NAME, Text()), "Headers, by their names in lower case.", factory=dict)
    body: Node | None = key(Anything(), "A text as it is, anything else as JSON.", default=None)
    error: Failure | None = key(FAILURE, "Why there is no answer.", default=None)
    at: Place = place()


RESPONSE: Final = Struct(Response, "What a server answers.")


@dataclass(frozen=True)
class _Answers:
    """One answer, or a list of them."""

    def read(self, node: Node, path: str, problems: Problems) -> tuple[Answer, ...]:
        """The answers, the first one first."""
        if isinstance(node.value, list):
            return ListOf(ANSWER, least=1).read(node, path, problems)
        if not isinstance(node.value, dict):
            problems.note(node, path, "`answer: …`, `error: …`, or a list of these")
            raise Unfit
        return (ANSWER.read(node, path, problems),)

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """The same as a JSON Schema."""
        one = ANSWER.schema(definitions)
        return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}

    def inner(self, key: str) -> Shape[object] | None:
        """The shape of a key of a single answer."""
        return ANSWER.inner(key)

    def known(self, node: Node) -> tuple[str, ...] | None:
        """The keys of a single answer."""
        return ANSWER.known(node)


_BY_NAME: Final = MapOf(_NAME, _Answers())


@dataclass(frozen=True, kw_only=True)
class Host:
    """All that a plugin can ask for in a case; what it asks beside that is answered with `not_found`."""

    app: dict[str, tuple[Answer, ...]] = key(_BY_NAME, "Functions of the application.", factory=dict)
    actions: dict[str, tuple[Answer, ...]] = key(_BY_NAME, "Actions.", factory=dict)
    extensions: dict[str, tuple[Answer, ...]] = key(_BY_NAME, "Extensions.", factory=dict)
    vars: Node | None = key(Anything(map_only=True), "The variables of the job.", default=None)
    http: tuple[Response, ...] = key(ListOf(RESPONSE), "What servers answer.", default=())
    at: Place = place()

    @property
    def variables(self) -> dict[str, Any]:
        """The variables as plain data."""
        return {} if self.vars is None else dict(self.vars.plain())


HOST: Final = Struct(Host, "What the host answers.")
