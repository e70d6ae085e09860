"""`Struct`: a map with known keys, declared as a frozen dataclass whose fields say the shape of each."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from wardian.document.node import Node, below
from wardian.document.problem import Problems, listed, nearest, shown
from wardian.document.shapes import Schema, Shape, Unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from _typeshed import DataclassInstance

T = TypeVar("T")

_MISSING: Final = dataclasses.MISSING


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was written, for problems that show only when it is used.

    Attributes:
        node: what was written.
        path: the keys that lead to it.
    """

    node: Node = field(default_factory=lambda: Node({}), repr=False)
    path: str = ""


def key(shape: Shape[Any], doc: str, *, default: object = _MISSING, factory: Callable[[], object] | None = None) -> Any:  # noqa: ANN401
    """A field of a dataclass that is a key of the map; it is required unless it has a default.

    The key is the field's name, without the underscore that keeps `if` and `async` apart from Python's own.
    """
    metadata = {"shape": shape, "doc": doc}
    if factory is not None:
        return field(default_factory=factory, metadata=metadata)
    if default is _MISSING:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


def place() -> Any:  # noqa: ANN401
    """The field `at` of a dataclass, which is told where the value was written; it is no part of the value."""
    return field(default_factory=Place, compare=False, repr=False)


@dataclass(frozen=True)
class Struct(Generic[T]):
    """A map with the keys of a dataclass.

    An optional key that holds nothing is as good as left out. A key that is not known is a problem.

    Attributes:
        made: the dataclass; a field `at` of it is given the `Place`.
        doc: what it is, for people.
        one_of: keys of which exactly one must be there.
        check: looks at what was read, and notes what is wrong with the whole.
    """

    made: type[T]
    doc: str = ""
    one_of: tuple[str, ...] = ()
    check: Callable[[T, Node, str, Problems], None] | None = None

    @cached_property
    def keys(self) -> Mapping[str, dataclasses.Field[Any]]:
        """The fields by their keys."""
        made: type[DataclassInstance] = self.made  # type: ignore[assignment]
        return {each.name.rstrip("_"): each for each in dataclasses.fields(made) if "shape" in each.metadata}

    def read(self, node: Node, path: str, problems: Problems) -> T:
        """The dataclass."""
        given = node.value
        if not isinstance(given, dict):
            problems.note(node, path, f"a map with the keys {listed(self.keys)}", at_key=True)
            raise Unfit
        before = len(problems)
        self._names(node, path, problems)
        values: dict[str, Any] = {}
        for name, each in self.keys.items():
            held = given.get(name)
            if held is None or (held.value is None and not _required(each) and name not in self.one_of):
                continue
            try:
                values[each.name] = each.metadata["shape"].read(held, below(path, name), problems)
            except Unfit:
                continue
        if len(problems) > before:
            raise Unfit
        if any(each.name == "at" for each in dataclasses.fields(self.made)):  # type: ignore[arg-type]
            values["at"] = Place(node, path)
        made = self.made(**values)
        if self.check:
            self.check(made, node, path, problems)
            if len(problems) > before:
                raise Unfit
        return made

    def _names(self, node: Node, path: str, problems: Problems) -> None:
        """Note keys that are not known, missing, or too many of a choice."""
        given = node.value
        for name, held in given.items():
            if name not in self.keys:
                hint = nearest(name, self.keys) or f"there are {listed(self.keys)}"
                problems.note(held, below(path, name), "a known key", shown(name), hint=hint, at_key=True)
        for name, each in self.keys.items():
            if _required(each) and name not in given:
                problems.note(node, path, f"the key `{name}`", "none", at_key=True)
        chosen = [name for name in self.one_of if name in given]
        if self.one_of and len(chosen) != 1:
            expected = f"exactly one of {listed(self.one_of)}"
            problems.note(node, path, expected, " and ".join(map(shown, chosen)) or "none of them", at_key=True)

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """A reference to its definition, which is made when it is first asked for."""
        name = self.made.__name__.lower()
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = self._schema(definitions)
        return {"$ref": f"#/$defs/{name}"}

    def _schema(self, definitions: dict[str, Schema]) -> Schema:
        made: Schema = {"type": "object", "description": self.doc, "properties": {}, "additionalProperties": False}
        for name, each in self.keys.items():
            schema = each.metadata["shape"].schema(definitions)
            if not _required(each) and name not in self.one_of:
                schema = _or_nothing(schema)
            made["properties"][name] = {**schema, "description": each.metadata["doc"], **_default(each)}
        if required := [name for name, each in self.keys.items() if _required(each)]:
            made["required"] = required
        if self.one_of:
            made["oneOf"] = [{"required": [name]} for name in self.one_of]
        return made

    def inner(self, key: str) -> Shape[object] | None:
        """The shape of one key."""
        shape: Shape[object] = self.keys[key].metadata["shape"]
        return shape

    def known(self, node: Node) -> tuple[str, ...] | None:  # noqa: ARG002 - as of `Shape`
        """The keys of the dataclass."""
        return tuple(self.keys)


def _required(each: dataclasses.Field[Any]) -> bool:
    return each.default is _MISSING and each.default_factory is _MISSING


def _default(each: dataclasses.Field[Any]) -> Schema:
    default = each.default
    if isinstance(default, bool) or (isinstance(default, (int, str)) and default != ""):
        simple: Schema = {"default": default}
    elif isinstance(default, float) and default:
        simple = {"default": default}
    else:
        return {}
    written = getattr(each.metadata["shape"], "written", None)  # where what is read is not what was written
    return simple if written is None else {"default": written(default)}


def _or_nothing(schema: Schema) -> Schema:
    """The same, or null: a key whose value was left out."""
    if "type" in schema:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        allowed = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
        return {**schema, "type": [*types, "null"], **allowed}
    return schema  # a reference: its definition says whether it may be null
