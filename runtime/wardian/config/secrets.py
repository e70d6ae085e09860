"""`Secrets`: the values that were read, put in where they are asked for, and known to a masker."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from wardian.config import secret_references
from wardian.config.masker import Masker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardian.document.node import Node


class Secrets:
    """Secrets by their names. Nothing that is printed of it shows one, and it is not pickled."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})

    def __repr__(self) -> str:
        return f"<Secrets {', '.join(sorted(self._values)) or 'none'}>"

    def __reduce__(self) -> str | tuple[object, ...]:
        raise TypeError("secrets are not pickled")

    @cached_property
    def masker(self) -> Masker:
        """Masks every one of them."""
        return Masker(self._values.values())

    def filled(self, node: Node) -> Node:
        """The node with secrets where it asks for them, each text that has one a `SecretText`.

        What a package says must not be filled: it would choose which secrets it is told.

        Raises:
            KeyError: there is no such secret; the references of a project were checked when it was loaded.
        """
        return secret_references.filled(node, self._values)
