"""The engine that plugins in JavaScript run on: QuickJS with the ABI around it, compiled once, linked with each."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from wardian.toolchain import engine as engines
from wardian.toolchain import sdk

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from wardian.toolchain.workshop import Workshop

# quickjs-ng 0.17, whose C sources are a part of the source distribution of its binding for Python.
UPSTREAM: Final = engines.Upstream(
    "quickjs-ng==0.17.0.2", "43d2e48272208721a7aaea8e3f02d4b9318f12ef20cc4f5421b59d9a470706ef"
)
_WITHIN: Final = "quickjs_ng-0.17.0.2/upstream-quickjs"
_THEIRS: Final = ("libregexp", "libunicode", "dtoa")  # `modules.c` of ours includes their quickjs.c
# Half the size of -O2, and 1.3 times its time.
_COMPILE: Final = ("--target=wasm32-wasi", "-Os", "-D_GNU_SOURCE", "-w")
# 256 KiB of stack; engine/entry.c says how much of it JavaScript gets.
_LINK: Final = (
    "--target=wasm32-wasi", "-Os", "-mexec-model=reactor",
    "-Wl,-z,stack-size=262144", "-Wl,--gc-sections", "-Wl,--strip-all",
)  # fmt: skip


def engine(workshop: Workshop) -> Path:
    """The folder with the engine's objects and its inspector.

    Raises:
        BuildError: the sources cannot be fetched, or do not compile.
    """
    ours = sorted((sdk.folder() / "javascript" / "engine").iterdir())

    def make(making: Path, made: Path) -> None:
        upstream = engines.fetch(UPSTREAM, _WITHIN, making, workshop)
        files = [*(upstream / f"{name}.c" for name in _THEIRS), *(each for each in ours if each.suffix == ".c")]
        include = [f"-I{upstream}", f"-I{ours[0].parent}"]
        with ThreadPoolExecutor(2) as pool:  # the largest first
            largest_first = sorted(files, key=lambda file: file.name != "modules.c")
            list(pool.map(lambda file: _object(file, made, include, workshop), largest_first))
        for header in (upstream / "quickjs.h", ours[0].parent / "engine.h"):
            shutil.copy(header, made)
        (made / "inspect.o").rename(making / "inspect.o")
        _link([making / "inspect.o", *engines.objects(made)], made / engines.INSPECTOR, workshop)

    return engines.kept("javascript", [UPSTREAM, _WITHIN, _COMPILE, _LINK, *ours], workshop, make)


def link(folder: Path, entries: Sequence[str], imports: Sequence[str], output: Path, workshop: Workshop) -> None:
    """Make the module of a plugin with these entry points and imports, which its scripts are not in yet.

    Raises:
        BuildError: the linker failed, or a name cannot be one.
    """
    source = workshop.folder / "plugin.c"
    source.write_text(declarations(entries, imports), encoding="utf-8")
    _link([f"-I{folder}", "-w", source, *engines.objects(folder)], output, workshop)


def declarations(entries: Sequence[str], imports: Sequence[str]) -> str:
    """The C in which a plugin's entry points and imports are declared.

    Raises:
        BuildError: a name cannot be one.
    """
    lines = ['#include "engine.h"']
    lines += [f'WARDIAN_ENTRY({at}, "{name}")' for at, name in enumerate(entries)]
    for at, name in enumerate(imports):
        module, plain = engines.imported(name)
        lines.append(f'WARDIAN_IMPORT("{module}", "{plain}", wardian_import_{at})')
    lines.append('__attribute__((import_module("wardian"), import_name("take"))) void take(uint32_t);')
    lines.append("void (*const wardian_take)(uint32_t) = take;")
    lines.append(f"const char *const wardian_entries[] = {{{', '.join(engines.names_of_c(entries))}, 0}};")
    lines.append(f"const size_t wardian_entry_count = {len(entries)};")
    pairs = [f"{{{name}, wardian_import_{at}}}" for at, name in enumerate(engines.names_of_c(imports))]
    lines.append(f"const struct wardian_import wardian_imports[] = {{{', '.join([*pairs, '{0, 0}'])}}};")
    lines.append(f"const size_t wardian_import_count = {len(imports)};")
    return "\n".join([*lines, ""])


def _object(file: Path, folder: Path, include: Sequence[str], workshop: Workshop) -> None:
    workshop.run(engines.zig("cc", *_COMPILE, *include, "-c", file, "-o", folder / f"{file.stem}.o"))


def _link(inputs: Sequence[str | Path], output: Path, workshop: Workshop) -> None:
    workshop.run(engines.zig("cc", *_LINK, *inputs, "-o", output))
