"""Turns wasm into modules: from memory, from the cache on disk, or in a child process under limits."""

from __future__ import annotations

import hashlib
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

import wasmtime

from wardian.errors import LimitExceeded, PackageError, WardianError
from wardian.quantity import format_duration, format_size
from wardian.sandbox import binary, prescan
from wardian.sandbox.faults import printable
from wardian.sandbox.module import Module, describe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from subprocess import Popen

    from wardian.policy import Limits
    from wardian.sandbox.artefacts import Artefacts
    from wardian.sandbox.engine import Engine

_CHILD: Final = str(Path(__file__).with_name("compile_child.py"))
_CHILDREN: Final = 2  # compiling at once; the others wait for their turn
_WAITING: Final = 32  # for their turn, each with a module in hand; one more is told to come again
_LARGER: Final = 32  # times as large as its wasm may an artefact be; toolchains' become 4 to 7 times as large
_ROOM: Final = 16 * 2**20  # beside that, for small modules
_REMEMBERED: Final = 1024  # failures that are not tried again


@dataclass(frozen=True, slots=True)
class _Budget:
    seconds: float
    memory: int

    @staticmethod
    def of(limits: Limits) -> _Budget:
        return _Budget(limits.compile_time, limits.compile_memory)


class _Turn:
    """The compiling of one module, shared by those who ask for it at the same time; gone with the last of them.

    Attributes:
        lock: held by the one who compiles.
        artefact: what came of it, for those who waited.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.artefact: bytes | None = None


class _Killed(PackageError):  # noqa: N818 - what happened
    """Somebody else ended the child, which says nothing of the module."""


class _Busy(WardianError):  # noqa: N818 - likewise
    """Too many wait already, or no process can be had, which says nothing of the module either."""


class _Queue:
    """Lets two compile at once, and at most 32 wait for their turn."""

    def __init__(self) -> None:
        self._free = threading.BoundedSemaphore(_CHILDREN)
        self._lock = threading.Lock()
        self._waiting = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn, and have it.

        Raises:
            WardianError: `busy`, at once, when too many wait.
        """
        if not self._free.acquire(blocking=False):
            self._wait()
        try:
            yield
        finally:
            self._free.release()

    def _wait(self) -> None:
        with self._lock:
            if self._waiting >= _WAITING:
                raise _Busy(
                    f"{_WAITING} modules wait already to be compiled", code="busy",
                    hint="try again in a while; modules in the compile cache do not wait",
                )  # fmt: skip
            self._waiting += 1
        try:
            self._free.acquire()
        finally:
            with self._lock:
                self._waiting -= 1


class Compiler:
    """Compiles modules for the engines of a runtime.

    Threads: any number at once; the same module asked for by several is compiled once.
    """

    def __init__(self, artefacts: Artefacts | None) -> None:
        self._artefacts = artefacts
        self._queue = _Queue()
        self._lock = threading.Lock()
        self._busy: WeakValueDictionary[str, _Turn] = WeakValueDictionary()
        self._failed: dict[tuple[str, _Budget], WardianError] = {}

    def parse_text(self, text: bytes, limits: Limits) -> bytes:
        """The wasm of a module in the text format.

        Raises:
            PackageError: `invalid_module`, with what the parser says.
            LimitExceeded: it took too much time or memory.
            WardianError: `busy`.
        """
        order = {"text": True, "only_text": True, "metered": False}
        return self._once(f"{hashlib.sha256(text).hexdigest()} text", order, text, _Budget.of(limits), keep=None)

    def compile(self, wasm: bytes, engine: Engine, limits: Limits) -> Module:
        """The module of these bytes, compiled for the engine.

        Raises:
            PackageError: they are no valid module, or use a feature that is off.
            LimitExceeded: they are too large, or took too much time or memory to compile.
            WardianError: `busy`.
        """
        binary.check_magic(wasm, limits.module)
        digest = hashlib.sha256(wasm).hexdigest()
        name = f"{digest} {engine.settings.fingerprint()}"
        artefact = self._artefacts.get(name) if self._artefacts else None
        if artefact is None:
            prescan.check(wasm)
            order = {"text": False, "only_text": False, "metered": engine.settings.metered}
            artefact = self._once(name, order, wasm, _Budget.of(limits), keep=self._artefacts)
        return describe(wasm, _deserialize(engine, artefact), engine.settings, digest)

    def _once(
        self, name: str, order: dict[str, Any], source: bytes, budget: _Budget, *, keep: Artefacts | None
    ) -> bytes:
        """What a child makes of the source, for all who ask at the same time; a failure is remembered."""
        with self._lock:
            turn = self._busy.get(name)
            if turn is None:
                turn = self._busy[name] = _Turn()
        with turn.lock:
            if turn.artefact is not None:
                return turn.artefact  # another thread compiled it while this one waited
            if (failure := self._failed.get((name, budget))) is not None:
                raise _again(failure)
            try:
                artefact = self._in_child(order, source, budget)
            except (_Killed, _Busy):
                raise
            except WardianError as error:
                with self._lock:
                    if len(self._failed) >= _REMEMBERED:
                        self._failed.pop(next(iter(self._failed)))
                    self._failed[name, budget] = _again(error)
                raise
            if keep:
                keep.put(name, artefact)
            turn.artefact = artefact
            return artefact

    def _in_child(self, order: dict[str, Any], source: bytes, budget: _Budget) -> bytes:
        import json  # noqa: PLC0415 - with `subprocess` 4 ms of every start, for those who compile something
        from subprocess import TimeoutExpired  # noqa: PLC0415

        order = order | {
            "cpu": max(1, round(budget.seconds)), "memory": budget.memory, "artefact": _ROOM + _LARGER * len(source),
            "path": sys.path,
        }  # fmt: skip
        with self._queue.turn():
            given = json.dumps(order).encode() + b"\n" + source
            with _start() as child:
                try:
                    answer, _ = child.communicate(given, timeout=budget.seconds)
                except TimeoutExpired:
                    raise _too_long(budget) from None
                finally:
                    child.kill()
        if answer[:1] == b"+" and child.returncode == 0:
            return answer[1:]
        raise _refusal(child.returncode, answer, budget)


def _start() -> Popen[bytes]:
    from wardian import child  # noqa: PLC0415 - as above

    try:
        return child.start([sys.executable, "-I", _CHILD], ("stdin", "stdout"), environment={})
    except OSError as error:
        raise _Busy(
            f"no process could be started to compile the module: {error.strerror}", code="busy",
            hint="too many processes or files are open, or memory is short; try again in a while",
        ) from error  # fmt: skip


def _deserialize(engine: Engine, artefact: bytes) -> wasmtime.Module:
    # Safe, for these bytes come from our own child or carry our own MAC: the engine runs them as they are.
    return wasmtime.Module.deserialize(engine.raw, artefact)


def _again(failure: WardianError) -> WardianError:
    # A new one each time: its caller adds a path to it, and its traceback holds the module's bytes.
    error = type(failure).__new__(type(failure), *failure.args)
    error.__dict__.update(failure.__dict__)
    return error


def _refusal(status: int, answer: bytes, budget: _Budget) -> WardianError:
    import signal  # noqa: PLC0415 - a millisecond of every start, for children that were killed

    from wardian.sandbox.compile_child import NO_MEMORY  # noqa: PLC0415 - a script, and what it needs

    if answer[:1] == b"!" and status == 0:
        return PackageError(
            f"the module becomes too large when it is compiled: {format_size(int(answer[1:]))}", code="too_complex",
            hint="no toolchain writes such a module; build it anew",
        )  # fmt: skip
    if answer[:1] in (b"-", b"?") and status == 0:
        return _invalid(answer[1:].decode("utf-8", "replace"), feature=answer[:1] == b"?")
    if status in (-signal.SIGKILL, -signal.SIGTERM):
        return _Killed(
            "the compiling process was killed", code="compile_crash",
            hint="this machine may be short of memory; loading the module again tries again",
        )  # fmt: skip
    if status == -signal.SIGXCPU:
        return _too_long(budget)
    if status in (-signal.SIGABRT, NO_MEMORY):  # so the engine ends where it cannot have more, or Python
        return LimitExceeded(
            f"compiling the module needed more than {format_size(budget.memory)} of memory", limit="compile_memory",
            value=budget.memory, hint="a module built to exhaust the compiler, or one that needs a higher limit",
        )  # fmt: skip
    return PackageError(f"the compiler crashed on this module (exit status {status})", code="compile_crash")


def _too_long(budget: _Budget) -> LimitExceeded:
    return LimitExceeded(
        f"compiling the module took longer than {format_duration(budget.seconds)}", limit="compile_time",
        value=budget.seconds, hint="a module built to exhaust the compiler, or one that needs a higher limit",
    )  # fmt: skip


def _invalid(text: str, *, feature: bool) -> PackageError:
    reason = " ".join(text.split())
    return PackageError(
        f"the module uses a feature that is off here: {printable(reason, 500)}" if feature
        else f"the module is not valid: {printable(reason, 500)}",
        code="unsupported_feature" if feature else "invalid_module",
        hint="build it without that feature; see the guide's list of what is on" if feature else "build it anew",
    )  # fmt: skip
