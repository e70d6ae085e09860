"""Names in a configuration: what they may be, and which two are too much alike to stand side by side."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from wardian.document.problem import Problems, shown
from wardian.document.shapes import Text

if TYPE_CHECKING:
    from wardian.document.node import Node

_PART: Final = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62}[A-Za-z0-9])?"
_SYMBOL: Final = r"[A-Za-z_][A-Za-z0-9_-]{0,63}(?:\.[A-Za-z_][A-Za-z0-9_-]{0,63}){0,7}"

# ASCII alone, so that no two look the same; nothing that leads out of a folder, should one be named after it.
NAME: Final = Text(
    "a name of at most 64 letters, digits, `-` and `_`, with a letter or digit at both ends", pattern=_PART, most=64
)
PLUGIN: Final = Text(
    "a plugin's name, such as `acme/word-count`: one or two names with `/` between them",
    pattern=rf"{_PART}(?:/{_PART})?", most=129,
)  # fmt: skip
SYMBOL: Final = Text("the name of a symbol, such as `word_count`", pattern=_SYMBOL, most=255)
ACTION: Final = Text(
    "the name of an action, or `plugin:symbol`", pattern=rf"{_PART}|{_PART}(?:/{_PART})?:{_SYMBOL}", most=400
)
VARIABLE: Final = Text(
    "a name of at most 64 letters, digits, `_` and `-` that begins with a letter or `_`",
    pattern=r"[A-Za-z_][A-Za-z0-9_-]{0,63}",
    most=64,
)


def canonical(name: str) -> str:
    """The name as the environment has it: upper case, and `_` for each character that is no letter or digit."""
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def no_twins(node: Node, path: str, problems: Problems) -> None:
    """Note names of one map that differ in case or in their signs alone: a person takes one for the other."""
    seen: dict[str, str] = {}
    for name, held in node.value.items():
        twin = seen.setdefault(canonical(name), name)
        if twin != name:
            line = node.value[twin].key_line
            found = f"{shown(name)} beside {shown(twin)} of line {line}"
            problems.note(held, path, "names that differ in more than case and signs", found, at_key=True)
