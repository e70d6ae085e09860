"""A module with its imports satisfied, ready to be instantiated again and again."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

import wasmtime

from wardian.errors import LimitExceeded, PackageError
from wardian.sandbox import faults, hostfunc, native
from wardian.sandbox.instance import Instance
from wardian.sandbox.module import listed, signature

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wardian.policy import Limits
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.engine import Engine
    from wardian.sandbox.hostfunc import HostFunction
    from wardian.sandbox.module import Module
    from wardian.sandbox.scratch import Scratch
    from wardian.sandbox.ticker import Ticker

_PAGE: Final = 65_536


class Prepared:
    """A module linked to host functions; each instance of it is new.

    Threads: may be instantiated from several at once. Lives at least as long as its instances, which hold it.

    Attributes:
        least_memory: bytes of memory that each instance begins with.
        uses: the modules that it imports from.
        spare: scratch of instances that are closed, for later ones.

    Raises:
        PackageError: `missing_import` when the module imports what `functions` does not offer, or with another type.
    """

    def __init__(
        self, module: Module, engine: Engine, ticker: Ticker, functions: Mapping[tuple[str, str], HostFunction]
    ) -> None:
        self.module, self.engine, self.ticker = module, engine, ticker
        missing = [f"{each.module}.{each.name}" for each in module.imports if (each.module, each.name) not in functions]
        if missing:
            raise PackageError(
                f"the module imports what this host does not offer: {listed(missing)}", code="missing_import",
                hint="an application's functions are passed to `load(functions=…)` and imported from the module `app`",
            )  # fmt: skip
        for each in module.imports:
            offered = functions[each.module, each.name]
            if (each.kind, each.params, each.results) != ("func", offered.params, offered.results):
                wanted = f"func ({', '.join(offered.params)}) -> ({', '.join(offered.results)})"
                raise PackageError(
                    f"import `{each.module}.{each.name}` is declared {signature(each)}, but is {wanted}",
                    code="missing_import", hint="the plugin's author has to declare it as the ABI does",
                )  # fmt: skip
        self._linker = wasmtime.Linker(engine.raw)
        used = {(each.module, each.name) for each in module.imports}
        # The callbacks are C code that jumps to Python: they must outlive every instance.
        self._callbacks = [hostfunc.define(self._linker, ticker, functions[key]) for key in sorted(used)]
        memory = module.exports.get("memory")
        self.least_memory = 0 if memory is None else memory.least * _PAGE
        self.uses = frozenset(each.module for each in module.imports)
        self.spare: deque[Scratch] = deque()
        self._fits: Limits | None = None
        self._pre = self._linker.instantiate_pre(module.raw)
        self.pointer = native.pointer(self._pre)

    def instantiate(self, limits: Limits, seconds: float, context: object = None) -> tuple[Instance, Call]:
        """A new instance, bound to `context`, whose start section has run, and the call that started it.

        That call may go on, with `_initialize` and the like, until `seconds` are over.

        Raises:
            WardianError: whatever ended the start.
        """
        if limits is not self._fits:
            _require_room(self.module, limits)
            self._fits = limits
        instance = Instance(self, limits)
        instance.context = context
        call = instance.begin(int(seconds * 1e9))
        call.limit = "start_deadline"
        try:
            instance.start(call)
        except BaseException:
            instance.close()
            raise
        return instance, call


def _require_room(module: Module, limits: Limits) -> None:
    """Refuse a module that begins with more than it may have: the engine would, with an error that says less."""
    memory = module.exports.get("memory")
    if memory is not None and memory.least * _PAGE > limits.memory:
        raise faults.memory_exceeded(limits, asked=memory.least * _PAGE, where="")
    asked = module.elements * module.tables  # each table has the same share, see `Instance`
    if asked > limits.table_elements:
        raise LimitExceeded(
            f"the module's tables begin with {asked} elements, of at most {limits.table_elements}",
            limit="table_elements", value=limits.table_elements, asked=asked,
            hint="raise the limit `table_elements`; a guest needs about one for each function that it calls indirectly",
        )  # fmt: skip
