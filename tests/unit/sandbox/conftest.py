"""A sandbox without plugins: modules as text, host functions, instances."""

from __future__ import annotations

import pytest
import wasmtime

from support.wat import wasm_of
from wardian.policy import Limits
from wardian.sandbox.engine import Engines, Settings
from wardian.sandbox.growth import watch
from wardian.sandbox.module import describe
from wardian.sandbox.prepared import Prepared
from wardian.sandbox.ticker import Ticker


class Sandbox:
    """Opens instances, and closes them at the end of the test; compiles in this process, since it trusts its tests."""

    def __init__(self):
        self.engines, self.ticker, self.opened = Engines(), Ticker(), []

    def compile(self, given, limits=None):
        limits = limits or Limits()
        engine = self.engines.get(Settings(metered=limits.fuel is not None), limits.stack)
        wasm = wasm_of(given) if isinstance(given, str) else given
        return describe(wasm, wasmtime.Module(engine.raw, watch(wasm)), engine.settings, "")

    def prepare(self, given, *functions, limits=None):
        limits = limits or Limits()
        module = self.compile(given, limits)
        engine = self.engines.get(module.settings, limits.stack)
        return Prepared(module, engine, self.ticker, {(each.module, each.name): each for each in functions})

    def open(self, given, *functions, limits=None, context=None):
        """An instance of a text, of wasm bytes, or of what is prepared already."""
        limits = limits or Limits()
        prepared = given if isinstance(given, Prepared) else self.prepare(given, *functions, limits=limits)
        instance, _ = prepared.instantiate(limits, limits.start_deadline, context)
        self.opened.append(instance)
        return instance

    def run(self, instance, name="run", first=0, second=0):
        """Call an export, under the limits of the instance."""
        call = instance.begin(int(instance.limits.deadline * 1e9))
        return instance.run(call, instance.function(name), first, second)

    def close(self):
        for instance in self.opened:
            instance.close()
        self.ticker.close()


@pytest.fixture
def sandbox():
    sandbox = Sandbox()
    yield sandbox
    sandbox.close()
