"""The bench: the same guests on both runtimes, made when a measure first needs them, in a folder of their own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import extism
import wasmtime
from extism.extism import CompiledPlugin

import wardian

if TYPE_CHECKING:
    from timing import Effort

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
EXAMPLE = "count_words"
# What Extism is told to bound, so that both sides watch a deadline and a memory: ours by default.
BOUNDS = {"timeout_ms": 1000, "memory": {"max_pages": 1024}}


def answer(given: bytes) -> bytes:
    """The application's function, the same for both."""
    return given


# Extism keeps each decorated function in one list for the process, by its index.
_extism_answer = extism.host_fn(name="answer", namespace="extism:host/user")(answer)


class Bench(contextlib.AbstractContextManager):
    """What measures share; closes all of it.

    Attributes:
        effort: how much to do for a figure.
        folder: a new one, for what is compiled and cached.
    """

    def __init__(self, effort: Effort) -> None:
        self.effort = effort
        self._open = contextlib.ExitStack()
        self.folder = Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="wardian-bench-")))

    def __exit__(self, *error: object) -> None:
        self._open.close()

    @cached_property
    def runtime(self) -> wardian.Runtime:
        """A runtime with a cache of its own."""
        return self._open.enter_context(wardian.Runtime(cache=self.folder / "cache"))

    @cached_property
    def plugin(self) -> wardian.Plugin:
        """Our guest, with every default limit."""
        return self.load()

    def load(self, **arguments: object) -> wardian.Plugin:
        """Our guest, loaded in another way."""
        return self.runtime.load(wasm("wardian"), name="bench", functions={"answer": answer}, **arguments)

    @cached_property
    def compiled(self) -> CompiledPlugin:
        """Extism's guest, compiled."""
        manifest = {"wasm": [{"data": wasm("extism")}], **BOUNDS}
        return CompiledPlugin(manifest, functions=[_extism_answer])

    @cached_property
    def peer(self) -> extism.Plugin:
        """Extism's guest."""
        return extism.Plugin(self.compiled)

    @cached_property
    def example(self) -> Path:
        """An example plugin written in C, compiled as its authors do."""
        return self._built(ROOT / "guest_examples" / EXAMPLE / "c" / f"{EXAMPLE}.c", self.folder)

    @cached_property
    def pipeline(self) -> Path:
        """A folder with the members of a pipeline, written in C, as `pipeline.wasm`."""
        folder = self.folder / "pipeline"
        folder.mkdir()
        return self._built(HERE / "guests" / "pipeline.c", folder).parent

    @cached_property
    def environment(self) -> dict[str, str]:
        """For processes: nothing of the user's home is seen, so that each run begins alike."""
        home = {"HOME": str(self.folder)}
        for name in ("CONFIG", "CACHE", "STATE", "DATA"):
            folder = self.folder / "home" / name.lower()
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            home[f"XDG_{name}_HOME"] = str(folder)
        # As for a package that is installed, whose bytecode is there; that of a working tree may be kept from being.
        kept = {"PYTHONPYCACHEPREFIX": str(self.folder / "bytecode"), "PYTHONDONTWRITEBYTECODE": ""}
        return {**os.environ, **home, **kept}

    def _built(self, source: Path, folder: Path) -> Path:
        path = folder / f"{source.stem}.wasm"
        subprocess.run([sys.executable, ROOT / "sdk" / "c" / "wardian-cc", source, "-o", path], check=True)
        return path


def wasm(name: str) -> bytes:
    """The wasm of one of the guests beside this file."""
    return bytes(wasmtime.wat2wasm((HERE / "guests" / f"{name}.wat").read_text("utf-8")))
