"""`SecretSource`: one entry of `secrets`: where a secret is read from; the configuration itself never holds one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.document.node import Node
from wardian.document.shapes import ListOf, Schema, Shape, Text
from wardian.document.structs import Place, Struct, key, place

if TYPE_CHECKING:
    from wardian.document.problem import Problems


@dataclass(frozen=True, kw_only=True)
class SecretSource:
    """Exactly one of the three."""

    env: str | None = key(Text("the name of a variable of the environment", pattern=r"[A-Za-z_][A-Za-z0-9_]*",
        most=255, secret=True), "A variable of the environment.", default=None)  # fmt: skip
    file: str | None = key(Text("the path of a file", pattern=r".*\S.*", most=4096, secret=True), "A file, from the "
        "folder of this one: at most 64 KiB, a line feed at its end is left out.", default=None)  # fmt: skip
    command: tuple[str, ...] | None = key(ListOf(Text("a word of a command", secret=True), least=1, most=100),
        "A program and its arguments, run without a shell for at most 10 s; its standard output is as a "
        "file.", default=None)  # fmt: skip
    at: Place = place()


@dataclass(frozen=True)
class _Hidden:
    """The struct, but whoever wrote the secret itself there does not see it in a problem."""

    struct: Struct[SecretSource] = Struct(
        SecretSource, "Where a secret is read from: exactly one of these.", one_of=("env", "file", "command")
    )

    def read(self, node: Node, path: str, problems: Problems) -> SecretSource:
        """The source of the secret."""
        if not isinstance(node.value, dict):
            node = Node([], node.file, node.line, node.key_line)
        return self.struct.read(node, path, problems)

    def schema(self, definitions: dict[str, Schema]) -> Schema:
        """The same as a JSON Schema."""
        return self.struct.schema(definitions)

    def inner(self, key: str) -> Shape[object] | None:
        """The shape of one key."""
        return self.struct.inner(key)

    def known(self, node: Node) -> tuple[str, ...] | None:
        """The three keys."""
        return self.struct.known(node)


SECRET: Final = _Hidden()
