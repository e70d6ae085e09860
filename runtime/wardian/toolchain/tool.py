"""`Tool`: a program that a build takes, where it is found, and what installs it."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that a build needs.

    Attributes:
        name: what people call it.
        find: gives the command that starts it, or None where the machine does not have it, or not one that will do.
        install: the command that installs it, to be copied into a shell.
    """

    name: str
    find: Callable[[], Command | None]
    install: str


def python_package(name: str, version: str) -> Tool:
    """A tool that is a package of this Python, started as `python -m NAME`."""

    def find() -> Command | None:
        return None if importlib.util.find_spec(name) is None else (sys.executable, "-m", name)

    return Tool(name, find, f"{sys.executable} -m pip install {name}=={version}")


def program(name: str, install: str) -> Tool:
    """A program that stands on the search path."""

    def find() -> Command | None:
        path = shutil.which(name)
        return None if path is None else (path,)

    return Tool(name, find, install)


ZIG: Final = python_package("ziglang", "0.17.0")  # the compiler of C, C++ and Zig, and of the engines of others
