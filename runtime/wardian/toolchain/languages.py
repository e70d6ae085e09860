"""The languages that a plugin can be built from, each in a file of its own."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

from wardian.errors import ConfigError

if TYPE_CHECKING:
    from wardian.toolchain.language import Language

_MODULES: Final = {
    "assemblyscript": "assemblyscript",
    "c": "c",
    "c++": "cpp",
    "go": "go",
    "javascript": "javascript",
    "lua": "lua",
    "python": "python",
    "rust": "rust",
    "typescript": "typescript",
    "wat": "wat",
    "zig": "zig",
}  # the name of a language → the file that has it as `LANGUAGE`; imported when it is asked for

NAMES: Final = tuple(_MODULES)
FOLDERS: Final = {folder: name for name, folder in _MODULES.items()}  # of its SDK, and of examples → the language


def folder(name: str) -> str:
    """How the folders of a language that there is are called, in `sdk/` and in plugins that are written in several."""
    return _MODULES[name]


def language(name: str) -> Language:
    """The language of this name.

    Raises:
        ConfigError: there is none.
    """
    if name not in _MODULES:
        raise ConfigError(
            f"no SDK is for the language `{name}`", hint=f"`build.language` is one of {', '.join(NAMES)}",
        )  # fmt: skip
    found: Language = importlib.import_module(f"wardian.toolchain.{_MODULES[name]}").LANGUAGE
    return found
