"""The world in which a module is initialised: the same everywhere and always, and nothing can be reached from it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, NoReturn

from wardian.abi.bounds import Bounds, CodecError
from wardian.abi.codec import decode
from wardian.abi.contract import HOST_MODULE, TAKE, WASI_MODULE
from wardian.capabilities.capability import QuotaSpent
from wardian.capabilities.log import Log
from wardian.errors import AbiViolation, CapabilityError, PackageError
from wardian.sandbox import hostfunc, wasi
from wardian.sandbox.hostfunc import HostFunction
from wardian.sandbox.module import signature

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.capabilities.log import LogLine
    from wardian.policy import Limits
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.interface import Import
    from wardian.sandbox.module import Module

_LOG: Final = "log"


class World:
    """What the initialiser sees: clocks that stand still, random bytes that anybody can compute, and a log.

    Attributes:
        wasi: its WASI, where its functions look for it.
    """

    def __init__(self, limits: Limits, name: str, emit: Callable[[LogLine], None]) -> None:
        self.log = Log(limits, name, "snapshot", emit)
        self.wasi = wasi.World(self._line)

    def _line(self, _call: Call, level: int, text: str) -> None:
        with suppress(QuotaSpent):  # the line is dropped, and counted
            self.log.write(level, text)


def offer(module: Module, limits: Limits) -> dict[tuple[str, str], HostFunction]:
    """A host function for each import: those of WASI and of the log work, each other one ends the initialiser.

    Raises:
        PackageError: something else than functions is imported, or one of a type that no host offers.
    """
    given = wasi.functions()
    given[HOST_MODULE, TAKE] = hostfunc.take(HOST_MODULE)
    given[HOST_MODULE, _LOG] = hostfunc.exchange(HOST_MODULE, _LOG, _logging(limits))
    return {
        (each.module, each.name): given.get((each.module, each.name)) or _refusing(each)
        for each in module.imports
        if each.module != WASI_MODULE or (each.module, each.name) in given
    }


def _refusing(each: Import) -> HostFunction:
    if each.kind != "func" or len(each.results) > 1 or not {*each.params, *each.results} <= {"i32", "i64"}:
        raise PackageError(
            f"the module imports `{each.module}.{each.name}` as {signature(each)}, which no host offers",
            code="missing_import", hint="the plugin's author has to declare it as the ABI does",
        )  # fmt: skip

    def run(_call: Call, *_arguments: int) -> NoReturn:
        raise AbiViolation(
            f"the initialiser called `{each.module}.{each.name}`: nothing can be reached while a snapshot is made",
            code="not_ready", hint="do it in `plugin_open`, which runs when the snapshot is loaded",
        )  # fmt: skip

    return HostFunction(each.module, each.name, each.params, each.results, run)


def _logging(limits: Limits) -> Callable[[Call, bytes], tuple[bool, bytes]]:
    bounds = Bounds(limits.request, limits.items, limits.depth)

    def answer(call: Call, request: bytes) -> tuple[bool, bytes]:
        try:
            call.instance.context.log.log(call, decode(request, bounds))
        except QuotaSpent:
            pass  # dropped, and counted
        except (CodecError, CapabilityError) as error:
            raise AbiViolation(f"the initialiser logged what is no log line: {error}", code="bad_cbor") from None
        return True, b""

    return answer
