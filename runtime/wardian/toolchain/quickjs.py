"""The engine that plugins in JavaScript run on: QuickJS with the ABI around it, compiled once, linked with each."""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError
from wardian.toolchain import sdk
from wardian.toolchain.tool import ZIG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardian.toolchain.workshop import Workshop

# quickjs-ng 0.17, whose C sources are a part of the source distribution of its binding for Python.
PACKAGE: Final = "quickjs-ng==0.17.0.2"
SHA256: Final = "43d2e48272208721a7aaea8e3f02d4b9318f12ef20cc4f5421b59d9a470706ef"
_THEIRS: Final = ("libregexp", "libunicode", "dtoa")  # `modules.c` of ours includes their quickjs.c
# Half the size of -O2, and 1.3 times its time.
_COMPILE: Final = ("--target=wasm32-wasi", "-Os", "-D_GNU_SOURCE", "-w")
# 256 KiB of stack; engine/entry.c says how much of it JavaScript gets.
_LINK: Final = (
    "--target=wasm32-wasi", "-Os", "-mexec-model=reactor",
    "-Wl,-z,stack-size=262144", "-Wl,--gc-sections", "-Wl,--strip-all",
)  # fmt: skip
_INSPECTOR: Final = "inspector.wasm"
_NAME: Final = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.-]*")


def engine(workshop: Workshop) -> Path:
    """The folder with the engine's objects and its `inspector.wasm`; made where it is not there yet.

    Raises:
        BuildError: the sources cannot be fetched, or do not compile.
    """
    ours = sorted((sdk.folder() / "javascript" / "engine").iterdir())
    says = hashlib.sha256(repr((PACKAGE, SHA256, _COMPILE, _LINK, ZIG.install.rpartition("=")[2])).encode())
    for each in ours:
        says.update(each.name.encode() + b"\0" + each.read_bytes() + b"\0")
    folder = workshop.cache / "javascript" / f"engine-{says.hexdigest()[:16]}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as making:
        made = Path(making) / "engine"
        made.mkdir()
        upstream = _sources(Path(making), workshop)
        files = [*(upstream / f"{name}.c" for name in _THEIRS), *(each for each in ours if each.suffix == ".c")]
        include = [f"-I{upstream}", f"-I{ours[0].parent}"]
        with ThreadPoolExecutor(2) as pool:  # the largest first
            largest_first = sorted(files, key=lambda file: file.name != "modules.c")
            list(pool.map(lambda file: _object(file, made, include, workshop), largest_first))
        for header in (upstream / "quickjs.h", ours[0].parent / "engine.h"):
            shutil.copy(header, made)
        (made / "inspect.o").rename(Path(making) / "inspect.o")
        _link([Path(making) / "inspect.o", *objects(made)], made / _INSPECTOR, workshop)
        try:
            made.rename(folder)
        except OSError:  # another build was first
            if not folder.is_dir():
                raise
    return folder


def objects(folder: Path) -> list[Path]:
    """What a plugin is linked with."""
    return sorted(folder.glob("*.o"))


def inspector(folder: Path) -> Path:
    """The module that says what a plugin exports and imports."""
    return folder / _INSPECTOR


def link(folder: Path, entries: Sequence[str], imports: Sequence[str], output: Path, workshop: Workshop) -> None:
    """Make the module of a plugin with these entry points and imports, which its scripts are not in yet.

    Raises:
        BuildError: the linker failed, or a name cannot be one.
    """
    source = workshop.folder / "plugin.c"
    source.write_text(declarations(entries, imports), encoding="utf-8")
    _link([f"-I{folder}", "-w", source, *objects(folder)], output, workshop)


def declarations(entries: Sequence[str], imports: Sequence[str]) -> str:
    """The C in which a plugin's entry points and imports are declared.

    Raises:
        BuildError: a name cannot be one.
    """
    lines = ['#include "engine.h"']
    lines += [f'WARDIAN_ENTRY({at}, "{name}")' for at, name in enumerate(entries)]
    for at, name in enumerate(imports):
        module, plain = ("app", name[4:]) if name.startswith("app.") else ("wardian", name)
        lines.append(f'WARDIAN_IMPORT("{module}", "{plain}", wardian_import_{at})')
    lines.append('__attribute__((import_module("wardian"), import_name("take"))) void take(uint32_t);')
    lines.append("void (*const wardian_take)(uint32_t) = take;")
    lines.append(f"const char *const wardian_entries[] = {{{', '.join(names_of_c(entries))}, 0}};")
    lines.append(f"const size_t wardian_entry_count = {len(entries)};")
    pairs = [f"{{{name}, wardian_import_{at}}}" for at, name in enumerate(names_of_c(imports))]
    lines.append(f"const struct wardian_import wardian_imports[] = {{{', '.join([*pairs, '{0, 0}'])}}};")
    lines.append(f"const size_t wardian_import_count = {len(imports)};")
    return "\n".join([*lines, ""])


def names_of_c(names: Sequence[str]) -> list[str]:
    """Names of exports and imports as texts of C.

    Raises:
        BuildError: a name cannot be one.
    """
    if odd := [name for name in names if not _NAME.fullmatch(name)]:
        raise BuildError(f"`{odd[0]}` cannot be the name of an export or an import")
    return [f'"{name}"' for name in names]


def _object(file: Path, folder: Path, include: Sequence[str], workshop: Workshop) -> None:
    workshop.run([*_zig(), "cc", *_COMPILE, *include, "-c", file, "-o", folder / f"{file.stem}.o"])


def _link(inputs: Sequence[str | Path], output: Path, workshop: Workshop) -> None:
    workshop.run([*_zig(), "cc", *_LINK, *inputs, "-o", output])


def _zig() -> tuple[str, ...]:
    found = ZIG.find()
    if found is None:
        raise BuildError(f"plugins in JavaScript need {ZIG.name}", code="toolchain_missing", hint=ZIG.install)
    return found


def _sources(folder: Path, workshop: Workshop) -> Path:
    """Fetch the C sources; pip checks the archive before anything of it is read."""
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{PACKAGE} --hash=sha256:{SHA256}\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", "quickjs-ng"]
    workshop.run([*pip, "-d", folder, "-r", wanted])
    archive = next(folder.glob("*.tar.gz"))
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return next(folder.glob("*/upstream-quickjs"))
