"""`wasm-opt`, where the machine has it: a smaller module that does the same."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from wardian.errors import BuildError

if TYPE_CHECKING:
    from pathlib import Path

    from wardian.toolchain.workshop import Workshop

# What the sandbox's engine accepts beyond the first WebAssembly, and nothing that it refuses. Names of functions stay,
# for the backtraces of traps.
_OPTIONS: Final = (
    "-Oz", "-g", "--strip-dwarf", "--mvp-features", "--enable-mutable-globals", "--enable-sign-ext",
    "--enable-nontrapping-float-to-int", "--enable-bulk-memory", "--enable-multivalue", "--enable-reference-types",
    "--enable-simd",
)  # fmt: skip


def optimise(module: Path, workshop: Workshop) -> bool:
    """Make a module smaller where it stands, and give whether that was done.

    It is left as it is where there is no `wasm-opt`, where that fails (an old one may not know what a new compiler
    writes), and where nothing is gained.
    """
    tool = shutil.which("wasm-opt")
    if tool is None:
        return False
    smaller = workshop.folder / "optimised.wasm"
    try:
        workshop.run([tool, *_OPTIONS, module, "-o", smaller])
    except BuildError as error:
        workshop.say(f"# wasm-opt was of no use: {'; '.join(error.problems[:1]) or error.message}")
        return False
    if not smaller.is_file() or smaller.stat().st_size >= module.stat().st_size:
        return False
    smaller.replace(module)
    return True
