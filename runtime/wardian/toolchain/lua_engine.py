"""The engine that plugins in Lua run on: Lua 5.4 with the ABI around it, compiled once, linked with each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

from wardian.toolchain import engine as engines
from wardian.toolchain import sdk, unwinding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardian.toolchain.workshop import Workshop

# Lua 5.4.8, whose C sources are a part of the source distribution of a binding for Python.
UPSTREAM: Final = engines.Upstream("lupa==2.8", "d8022641b9ec8ecf2c5ecbe9f47e5a70e0b87c4b5ae921b92cb02a638e0acd08")
_WITHIN: Final = "lupa-2.8/third-party/lua54"
# pip asks the archive what it is, which compiles LuaJIT with a C compiler of the machine unless it is told not to.
_CALM: Final = {"LUPA_NO_LUAJIT": "true", "LUPA_NO_BUNDLE": "true"}
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


def engine(workshop: Workshop) -> Path:
    """The folder with the engine's objects and its inspector.

    Raises:
        BuildError: the sources cannot be fetched, or do not compile.
    """
    ours = [*sorted(_folder().iterdir()), *sorted((sdk.folder() / "c" / "src").iterdir()), _wasi()]
    ours += [sdk.folder() / "c" / "wardian.h", Path(unwinding.__file__)]

    def make(making: Path, made: Path) -> None:
        _compile(engines.fetch(UPSTREAM, _WITHIN, making, workshop, _CALM), made, workshop)
        (made / "inspect.o").rename(making / "inspect.o")
        _link([making / "inspect.o", *engines.objects(made)], made / engines.INSPECTOR, workshop)

    return engines.kept("lua", [UPSTREAM, _WITHIN, _COMPILE, _LINK, *ours], workshop, make)


def link(folder: Path, entries: Sequence[str], imports: Sequence[str], output: Path, workshop: Workshop) -> None:
    """Make the module of a plugin with these entry points and imports, which its scripts are not in yet.

    Raises:
        BuildError: the linker failed, or a name cannot be one.
    """
    source = workshop.folder / "plugin.c"
    source.write_text(declarations(entries, imports), encoding="utf-8")
    _link(["-w", source, *engines.objects(folder)], output, workshop)


def declarations(entries: Sequence[str], imports: Sequence[str]) -> str:
    """The C in which a plugin's entry points and imports are declared.

    Raises:
        BuildError: a name cannot be one.
    """
    lines = ["typedef unsigned char byte; typedef unsigned long size; typedef unsigned long long result;"]
    lines.append("result wardian_enter(size index, byte *data, size length);")
    for at, name in enumerate(engines.names_of_c(entries)):
        lines.append(f"__attribute__((used, export_name({name}))) result wardian_entry_{at}(byte *data, size length)")
        lines.append(f"{{ return wardian_enter({at}, data, length); }}")
    for at, name in enumerate(imports):
        module, plain = engines.imported(name)
        where = f'import_module("{module}"), import_name("{plain}")'
        lines.append(f"__attribute__(({where})) long long wardian_import_{at}(const byte *data, size length);")
    lines.append("struct wardian_import { const char *name; long long (*call)(const byte *data, size length); };")
    pairs = [f"{{{name}, wardian_import_{at}}}" for at, name in enumerate(engines.names_of_c(imports))]
    lines.append(f"const struct wardian_import wardian_imports[] = {{{', '.join([*pairs, '{0, 0}'])}}};")
    lines.append(f"const char *const wardian_entries[] = {{{', '.join([*engines.names_of_c(entries), '0'])}}};")
    return "\n".join([*lines, ""])


def _folder() -> Path:
    return sdk.folder() / "lua" / "engine"


def _wasi() -> Path:
    return sdk.folder() / "javascript" / "engine" / "wasi.c"  # what a C library asks for is the same


def _compile(upstream: Path, made: Path, workshop: Workshop) -> None:
    ours = [each for each in _folder().glob("*.c") if each.name != "memory.c"]  # which is a part of items.c
    theirs = [upstream / f"{name}.c" for name in _THEIRS]
    include: list[str | Path] = ["-I", upstream, "-I", _folder(), "-I", sdk.folder() / "c"]
    config: list[str | Path] = ["-include", _folder() / "config.h"]

    def compile_one(source: Path) -> None:
        more: list[str | Path] = [*config, "-DLUA_CORE", "-DLUA_LIB", f"-D{source.stem}_c"] if source in theirs else []
        workshop.run(engines.zig("cc", *_COMPILE, *include, *more, "-c", source, "-o", made / f"{source.stem}.o"))

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(compile_one, [*theirs, *sorted(ours), _wasi()]))


def _link(inputs: Sequence[str | Path], output: Path, workshop: Workshop) -> None:
    workshop.run(engines.zig("cc", *_LINK, *inputs, "-o", output))
    output.write_bytes(unwinding.rewrite(output.read_bytes()))
