"""A guest in the sandbox alone: no ABI, no capabilities; for tests of the sandbox's own parts."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from support.wat import wasm_of
from wardian.policy import Limits
from wardian.sandbox.compiler import Compiler
from wardian.sandbox.engine import Engines, Settings
from wardian.sandbox.prepared import Prepared
from wardian.sandbox.ticker import Ticker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wardian.sandbox.hostfunc import HostFunction
    from wardian.sandbox.instance import Instance

NANOSECONDS = 10**9


class Sandbox:
    """Instances of one module; all of them are closed with it."""

    def __init__(self, text: str, functions: list[HostFunction], limits: Limits, ticker: Ticker) -> None:
        engine = Engines().get(Settings(metered=limits.fuel is not None), limits.stack)
        module = Compiler(None).compile(wasm_of(text), engine, limits)
        self.limits = limits
        self.ticker = ticker
        self.instances: list[Instance] = []
        self.prepared = Prepared(module, engine, ticker, {(each.module, each.name): each for each in functions})

    def start(self, seconds: float = 5) -> Instance:
        """A new instance."""
        instance, self.started = self.prepared.instantiate(self.limits, seconds)
        self.instances.append(instance)
        return instance

    def run(self, instance: Instance, name: str, *arguments: int, seconds: float = 5) -> int:
        """What an export gives, called with at most two i32."""
        self.call = instance.begin(int(seconds * NANOSECONDS))
        return instance.run(self.call, instance.function(name), *arguments)


@contextmanager
def sandbox(
    text: str, *functions: HostFunction, limits: Limits | None = None, ticker: Ticker | None = None
) -> Iterator[Sandbox]:
    """A sandbox for the module of this text, with a ticker of its own unless one is given."""
    watching = ticker or Ticker()
    made = None
    try:
        made = Sandbox(text, list(functions), limits or Limits(), watching)
        yield made
    finally:
        for instance in made.instances if made else ():
            instance.close()
        if ticker is None:
            watching.close()
