"""The engine that plugins in Lua run on: Lua 5.4 with the ABI around it, compiled once, linked with each."""

from __future__ import annotations

import hashlib
import importlib.util
import sys
import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError
from wardian.toolchain import sdk, unwinding
from wardian.toolchain.c import ZCBOR
from wardian.toolchain.quickjs import names_of_c
from wardian.toolchain.tool import ZIG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardian.toolchain.workshop import Workshop

# Lua 5.4.8, whose C sources are a part of the source distribution of a binding for Python.
PACKAGE: Final = "lupa==2.8"
SHA256: Final = "d8022641b9ec8ecf2c5ecbe9f47e5a70e0b87c4b5ae921b92cb02a638e0acd08"
_UPSTREAM: Final = "lupa-2.8/third-party/lua54"
_THEIRS: Final = (
    "lvm", "lapi", "lcode", "lctype", "ldebug", "ldo", "ldump", "lfunc", "lgc", "llex", "lmem", "lobject", "lopcodes",
    "lparser", "lstate", "lstring", "ltable", "ltm", "lundump", "lzio", "lauxlib", "lbaselib", "lcorolib", "lmathlib",
    "lstrlib", "ltablib", "lutf8lib",
)  # fmt: skip
_COMPILE: Final = ("--target=wasm32-wasi", "-Os", "-w")
# 256 KiB of stack: Lua's own limit of 200 calls through C takes a part of it.
_LINK: Final = (
    "--target=wasm32-wasi", "-Os", "-mexec-model=reactor", "-Wl,-z,stack-size=262144", "-Wl,--gc-sections",
    "-Wl,--strip-all", f"-Wl,--export={unwinding.STACK}",
)  # fmt: skip
_INSPECTOR: Final = "inspector.wasm"


def engine(workshop: Workshop) -> Path:
    """The folder with the engine's objects and its `inspector.wasm`; made where it is not there yet.

    Raises:
        BuildError: the sources cannot be fetched, or do not compile.
    """
    ours = [*sorted(_folder().iterdir()), *sorted((sdk.folder() / "c" / "src").iterdir()), _wasi()]
    says = hashlib.sha256(repr((PACKAGE, SHA256, _COMPILE, _LINK, ZIG.install.rpartition("=")[2])).encode())
    for each in [*ours, sdk.folder() / "c" / "wardian.h", Path(unwinding.__file__)]:
        says.update(each.name.encode() + b"\0" + each.read_bytes() + b"\0")
    folder = workshop.cache / "lua" / f"engine-{says.hexdigest()[:16]}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as making:
        made = Path(making) / "engine"
        made.mkdir()
        _compile(_sources(Path(making), workshop), made, workshop)
        (made / "inspect.o").rename(Path(making) / "inspect.o")
        _link([Path(making) / "inspect.o", *_objects(made)], made / _INSPECTOR, workshop)
        try:
            made.rename(folder)
        except OSError:  # another build was first
            if not folder.is_dir():
                raise
    return folder


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
    _link(["-w", source, *_objects(folder)], output, workshop)


def declarations(entries: Sequence[str], imports: Sequence[str]) -> str:
    """The C in which a plugin's entry points and imports are declared.

    Raises:
        BuildError: a name cannot be one.
    """
    lines = ["typedef unsigned char byte; typedef unsigned long size; typedef unsigned long long result;"]
    lines.append("result wardian_enter(size index, byte *data, size length);")
    for at, name in enumerate(names_of_c(entries)):
        lines.append(f"__attribute__((used, export_name({name}))) result wardian_entry_{at}(byte *data, size length)")
        lines.append(f"{{ return wardian_enter({at}, data, length); }}")
    for at, name in enumerate(imports):
        module, plain = ("app", name[4:]) if name.startswith("app.") else ("wardian", name)
        where = f'import_module("{module}"), import_name("{plain}")'
        lines.append(f"__attribute__(({where})) long long wardian_import_{at}(const byte *data, size length);")
    lines.append("struct wardian_import { const char *name; long long (*call)(const byte *data, size length); };")
    pairs = [f"{{{name}, wardian_import_{at}}}" for at, name in enumerate(names_of_c(imports))]
    lines.append(f"const struct wardian_import wardian_imports[] = {{{', '.join([*pairs, '{0, 0}'])}}};")
    lines.append(f"const char *const wardian_entries[] = {{{', '.join([*names_of_c(entries), '0'])}}};")
    return "\n".join([*lines, ""])


def _folder() -> Path:
    return sdk.folder() / "lua" / "engine"


def _wasi() -> Path:
    return sdk.folder() / "javascript" / "engine" / "wasi.c"  # what a C library asks for is the same


def _compile(upstream: Path, made: Path, workshop: Workshop) -> None:
    spec = importlib.util.find_spec("zcbor")
    if spec is None or spec.origin is None:
        raise BuildError(f"plugins in Lua need {ZCBOR.name}", code="toolchain_missing", hint=ZCBOR.install)
    zcbor = Path(spec.origin).parent
    ours = [each for each in _folder().glob("*.c") if each.name != "memory.c"]  # which is a part of items.c
    theirs = [upstream / f"{name}.c" for name in _THEIRS]
    parts = [zcbor / "src" / f"zcbor_{part}.c" for part in ("common", "decode", "encode")]
    include: list[str | Path] = ["-I", upstream, "-I", _folder(), "-I", sdk.folder() / "c", "-I", zcbor / "include"]
    config: list[str | Path] = ["-include", _folder() / "config.h"]

    def compile_one(source: Path) -> None:
        more: list[str | Path] = [*config, "-DLUA_CORE", "-DLUA_LIB", f"-D{source.stem}_c"] if source in theirs else []
        workshop.run([*_zig(), "cc", *_COMPILE, *include, *more, "-c", source, "-o", made / f"{source.stem}.o"])

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(compile_one, [*theirs, *sorted(ours), *parts, _wasi()]))


def _objects(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.o"))


def _link(inputs: Sequence[str | Path], output: Path, workshop: Workshop) -> None:
    workshop.run([*_zig(), "cc", *_LINK, *inputs, "-o", output])
    output.write_bytes(unwinding.rewrite(output.read_bytes()))


def _zig() -> tuple[str, ...]:
    found = ZIG.find()
    if found is None:
        raise BuildError(f"plugins in Lua need {ZIG.name}", code="toolchain_missing", hint=ZIG.install)
    return found


def _sources(folder: Path, workshop: Workshop) -> Path:
    """Fetch the C sources; pip checks the archive before anything of it is read."""
    wanted = folder / "requirements.txt"
    wanted.write_text(f"{PACKAGE} --hash=sha256:{SHA256}\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", "lupa"]
    # pip asks the archive what it is, which compiles LuaJIT with a C compiler of the machine unless it is told not to.
    calm = {"LUPA_NO_LUAJIT": "true", "LUPA_NO_BUNDLE": "true"}
    workshop.run([*pip, "-d", folder, "-r", wanted], env=calm)
    with tarfile.open(next(folder.glob("*.tar.gz"))) as packed:
        packed.extractall(folder, [each for each in packed if each.name.startswith(f"{_UPSTREAM}/")], filter="data")
    return folder / _UPSTREAM
