"""Where plugins are put to the test: compiles modules and makes instances of them, apart from any runtime's plugins."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Self

from wardian.abi.contract import MARKER, START
from wardian.conformance import world
from wardian.guests.command import Command
from wardian.guests.guest import Opening
from wardian.guests.reactor import Reactor
from wardian.plugins.runtime import CACHE, open_cache
from wardian.sandbox.compiler import Compiler
from wardian.sandbox.engine import Engines, Settings
from wardian.sandbox.prepared import Prepared
from wardian.sandbox.ticker import Ticker

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from types import TracebackType

    from wardian.policy import Limits
    from wardian.sandbox.module import Module


class Laboratory:
    """Makes instances; a context manager that frees everything.

    Threads: used by one, but for `stop`, which any may call.

    Args:
        cache: directory of the compile cache, as `Runtime` takes it.

    Attributes:
        ticker: ends calls.
        stopped: whether somebody wants the check to end.
    """

    def __init__(self, cache: str | os.PathLike[str] | None = CACHE) -> None:
        self._compiler = Compiler(None if cache is None else open_cache(cache))
        self._engines = Engines()
        self.ticker = Ticker()
        self.stopped = False

    def parse(self, text: bytes, limits: Limits) -> bytes:
        """The wasm of the text format.

        Raises:
            PackageError, LimitExceeded: it is none.
        """
        return self._compiler.parse_text(text, limits)

    def compile(self, wasm: bytes, limits: Limits) -> Module:
        """The compiled module; metered where the limits have fuel.

        Raises:
            PackageError, LimitExceeded: it is no module, or costs too much to compile.
        """
        return self._compiler.compile(wasm, self._engines.get(_settings(limits), limits.stack), limits)

    def prepare(self, module: Module, limits: Limits) -> Prepared:
        """The module with all that it imports.

        Raises:
            PackageError: it imports what the ABI does not know.
        """
        engine = self._engines.get(module.settings, limits.stack)
        return Prepared(module, engine, self.ticker, world.offer(module, limits))

    def stop(self) -> None:
        """End the running call; all that begin later are ended too."""
        self.stopped = True
        for _, call in self.ticker.innermost():
            self.ticker.end(call, "cancelled")

    def close(self) -> None:
        """Stop the ticker; no call may run any more."""
        self.ticker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def is_command(module: Module) -> bool:
    """Whether it is a program that runs anew for each call."""
    return START in module.exports and MARKER not in module.exports


def instance(
    prepared: Prepared, limits: Limits, opening: Mapping[str, Any] | None
) -> tuple[Reactor, world.Surroundings]:
    """A new instance of a reactor, with its world; without a request for `plugin_open` it is not opened.

    Raises:
        WardianError: whatever ended its start.
    """
    surroundings = world.Surroundings(limits)
    asked = None if opening is None else Opening(lambda: opening)
    return Reactor(prepared, limits, surroundings, asked), surroundings


def program(prepared: Prepared, limits: Limits) -> tuple[Command, world.Surroundings]:
    """A program that can be called once."""
    surroundings = world.Surroundings(limits)
    return Command(prepared, limits, surroundings, partial(world.wasi_world, surroundings, limits.reply)), surroundings


def _settings(limits: Limits) -> Settings:
    return Settings(metered=limits.fuel is not None)
