"""Scripts that an engine has run before its snapshot was taken: what they are, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wardian.abi.bounds import Bounds
from wardian.abi.codec import encode
from wardian.errors import BuildError, GuestError
from wardian.plugins.runtime import Runtime
from wardian.policy import Limits
from wardian.snapshot.snapshot import snapshot
from wardian.toolchain import sdk

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from wardian.toolchain.workshop import Workshop

_MOST: Final = 16 * 2**20  # bytes of all modules of a plugin, in which a large library has room
_LIMITS: Final = Limits(memory=256 * 2**20, start_deadline=60, deadline=60, request=_MOST)

Modules = dict[str, str]


def library(language: str, ending: str) -> Modules:
    """The modules of a language's SDK, as scripts ask for them."""
    folder = sdk.folder() / language / "wardian"
    return {f"wardian/{each.name}": read(each) for each in sorted(folder.glob(f"*{ending}"))}


def read(file: Path) -> str:
    """The text of a script.

    Raises:
        BuildError: it is not UTF-8.
    """
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise BuildError("a script has to be UTF-8", where=str(file)) from error


def inspect(
    inspector: Path, modules: Modules, asked: Callable[[Modules], object], add: Callable[[Modules, str], Modules],
    workshop: Workshop,
) -> tuple[Modules, dict[str, Any]]:  # fmt: skip
    """The modules with all that they import, and what the plugin that they are exports and imports.

    Args:
        inspector: a module that says it of scripts, or what they lack.
        modules: the scripts to begin with.
        asked: the inspector's request about some modules.
        add: the modules with one that was lacking, or in place of which it came with all others.
        workshop: for the cache of what is compiled.

    Raises:
        BuildError: a script is wrong.
    """
    with Runtime(cache=workshop.cache / "compiled") as runtime:
        while True:
            try:
                with runtime.load(inspector, limits=_LIMITS) as plugin:
                    said: Any = plugin.call("inspect", asked(modules))
            except GuestError as error:
                raise _wrong(error) from error
            if "missing" not in said:
                return modules, said
            modules = add(modules, str(said["missing"]))


def bake(linked: Path, value: object, output: Path) -> None:
    """Let the engine read its scripts, and write it as it is then.

    Raises:
        BuildError: a script is wrong.
    """
    argument = encode(value, Bounds(size=_MOST, items=10_000, depth=3))
    try:
        output.write_bytes(snapshot(linked.read_bytes(), entry="wardian_build", argument=argument, limits=_LIMITS))
    except GuestError as error:
        raise _wrong(error) from error


def _wrong(error: GuestError) -> BuildError:
    return BuildError("the plugin's script failed", problems=error.message.strip().splitlines())
