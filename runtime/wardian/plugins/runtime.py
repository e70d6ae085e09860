"""The runtime: what the plugins of one program share."""

from __future__ import annotations

import os
import threading
import warnings
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from wardian.capabilities.log import to_logging
from wardian.errors import ConfigError, WardianError
from wardian.plugins import load as loading
from wardian.plugins import origin as origins
from wardian.plugins.given import Given
from wardian.plugins.refusal import no_thread
from wardian.policy import Grants, Limits
from wardian.sandbox.artefacts import Artefacts
from wardian.sandbox.compiler import Compiler
from wardian.sandbox.engine import Engines
from wardian.sandbox.ticker import Ticker
from wardian.state.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Executor, ThreadPoolExecutor
    from types import TracebackType

    from wardian.capabilities.log import LogLine
    from wardian.egress.audit import AuditLine
    from wardian.egress.egress import Egress
    from wardian.plugins.origin import Origin
    from wardian.plugins.plugin import Plugin
    from wardian.record import Record
    from wardian.sandbox.module import Module
    from wardian.state.contract import StateStore

CACHE: Final = "~/.cache/wardian"
_THREADS: Final = 64  # for `acall`; each holds one running call
_runtimes: Final[weakref.WeakSet[Runtime]] = weakref.WeakSet()


class Runtime:
    """Loads plugins and ends with them; a context manager that closes everything.

    Threads: all methods may be called from any number of threads. Processes: not usable after a fork; a child process
    makes its own.

    Args:
        cache: directory of the compile cache; by default `~/.cache/wardian` (or in `$XDG_CACHE_HOME`); None for none.
        state: where plugins keep their state: a path of an SQLite file, a store of your own, or None for memory.
        on_log: called with each log line of a plugin, on the thread of the call; by default lines go to Python's
            `logging`, as `wardian.plugin.NAME`.
        on_audit: called with a line for each HTTP request of a plugin, on the thread of the call; by default lines go
            to `logging`, as `wardian.audit`.

    Raises:
        ConfigError: the cache directory cannot be used safely.
        StateError: the state file cannot be used.
        WardianError: `busy`, when no thread can be started.
    """

    def __init__(
        self,
        *,
        cache: str | os.PathLike[str] | None = CACHE,
        state: str | os.PathLike[str] | StateStore | None = None,
        on_log: Callable[[LogLine], None] | None = None,
        on_audit: Callable[[AuditLine], None] | None = None,
    ) -> None:
        self._closed = "this runtime was never opened"
        self._plugins: weakref.WeakSet[Plugin] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._scopes: weakref.WeakValueDictionary[tuple[str, str], Plugin] = weakref.WeakValueDictionary()
        self._digests: weakref.WeakKeyDictionary[Plugin, str] = weakref.WeakKeyDictionary()
        artefacts = None if cache is None else open_cache(cache)
        self._owns_store = state is None or isinstance(state, (str, os.PathLike))
        self._store = _open_store(state)
        self._shared = loading.Shared(
            Engines(), Compiler(artefacts), self._start_ticker(), self._store, self._executor, on_log or to_logging,
            on_audit or _to_audit_log, self._adopt,
        )  # fmt: skip
        self._closed = ""
        _runtimes.add(self)

    def load(
        self,
        source: str | Path | bytes,
        *,
        config: Mapping[str, Any] | None = None,
        limits: Limits | None = None,
        grants: Grants | None = None,
        functions: Mapping[str, Callable[[Any], object]] | None = None,
        actions: Mapping[str, Callable[[object], object]] | None = None,
        extensions: Mapping[str, Callable[[str, object], object]] | None = None,
        variables: Mapping[str, object] | None = None,
        on_emit: Callable[[list[Record]], object] | None = None,
        files: Mapping[str, bytes] | None = None,
        instances: int = 1,
        fresh: bool = False,
        name: str | None = None,
        instance: str = "default",
        egress: Egress | None = None,
    ) -> Plugin:
        """Load a plugin: compile it or take it from the cache, match its imports with its grants, open it.

        Args:
            source: a path that ends in `.wasm` or `.wat` (the text format), or the bytes of a wasm module.
            config: given to the plugin's `plugin_open`.
            limits: what each instance may use; `Limits()` by default.
            grants: what it may ask of the host; nothing by default.
            functions: functions of the application, which the guest imports from the module `app` by these names. Each
                takes one value and returns one; it may be `async` under `acall`.
            actions: what the guest calls as actions, by their names, where granted. Each takes the parameters and gives
                a result; it may call other plugins, whose errors answer the guest, and may be `async` as above.
            extensions: what the guest calls as extensions, likewise; each takes a method's name and an argument.
            variables: the variables that it begins with, where `vars` or `template` is granted; plain data.
            on_emit: takes the records that a call handed out, where granted, on the thread of the call and once that
                has succeeded; what it raises fails the call. Where it has a function as its attribute `room`, that
                gives how many records of one call are wanted.
            files: the files of the plugin's package by their paths, which it reads at `/package` where that is granted.
            instances: how many instances there are at most for concurrent calls.
            fresh: a new instance for each call, so that nothing but granted state lasts from one to the next.
            name: the plugin's name; with `instance` the scope of its state, which plugins that are given the same
                names share. By default the file's name without its ending.
            instance: the name of this configured use of it.
            egress: how its HTTP requests are made: headers that it never sees, authorities to trust; see `Egress`.

        Raises:
            PackageError: it is not a plugin that can run here.
            PermissionDenied: it imports what it was not granted.
            ConfigError: what was asked for is wrong, the plugin refuses its configuration, or another open plugin has
                its state under the same names.
            LimitExceeded: it is too large, or needs too much to compile or to start.
            Trap, AbiViolation, GuestError: it failed to start.
        """
        self._require_open()
        limits = limits or Limits()
        given = origins.read(source, limits.module)
        request = loading.Request(
            name=given.name if name is None else name,
            instance=instance,
            config=dict(config or {}),
            limits=limits,
            grants=grants or Grants(),
            functions=dict(functions or {}),
            given=Given(dict(actions or {}), dict(extensions or {}), dict(variables or {}), on_emit),
            files=dict(files or {}),
            instances=instances,
            fresh=fresh,
            egress=egress,
        )
        if name is None:
            self._require_own_state(given, request)
        plugin = loading.load(given, request, self._shared)
        self._adopt(plugin)
        if request.grants.state:
            with self._lock:
                self._scopes[request.name, request.instance] = plugin
                self._digests[plugin] = given.digest()
        return plugin

    def compile(self, source: str | Path | bytes, *, limits: Limits | None = None) -> Module:
        """Compile a module without running any of it, so that it can be inspected and loads fast later.

        Raises:
            PackageError, LimitExceeded: it is no module, or costs too much to compile.
        """
        self._require_open()
        limits = limits or Limits()
        return loading.compile_source(origins.read(source, limits.module), limits, self._shared)

    def close(self) -> None:
        """Close all plugins, end their calls, and free everything; a second time does nothing."""
        if self._closed:
            return
        self._closed = "this runtime is closed"
        with self._lock:  # looking through a set fails when another thread adds to it meanwhile
            plugins = tuple(self._plugins)
        for plugin in plugins:
            plugin.close()
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._shared.ticker.close()
        if self._owns_store:
            self._store.close()

    @property
    def closed(self) -> bool:
        """Whether nothing can be loaded any more."""
        return bool(self._closed)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if not getattr(self, "_closed", "never opened"):
            warnings.warn(f"{self!r} was not closed", ResourceWarning, stacklevel=2, source=self)

    def __repr__(self) -> str:
        return f"<Runtime: {self._closed or f'{len(self._plugins)} plugins'}>"

    def _require_own_state(self, given: Origin, request: loading.Request) -> None:
        """Refuse another plugin the state of one that is open: a name that nobody chose must not open it."""
        with self._lock:
            other = self._scopes.get((request.name, request.instance))
            digest = "" if other is None else self._digests[other]
        if request.grants.state and other is not None and not other.closed and digest != given.digest():
            raise ConfigError(
                f"another plugin keeps its state as `{request.name}`, instance `{request.instance}`", where=given.where,
                hint="give one of them a `name` of its own, or close the other one first if this is its new version",
            )  # fmt: skip

    def _adopt(self, plugin: Plugin) -> None:
        with self._lock:
            self._plugins.add(plugin)
        if self._closed:  # while it was loaded: nobody else closes it, and no ticker would end its calls
            plugin.close()
            self._require_open()

    def _start_ticker(self) -> Ticker:
        try:
            return Ticker()
        except RuntimeError as error:
            if self._owns_store:
                self._store.close()
            raise no_thread(error) from error

    def _executor(self) -> Executor:
        with self._lock:
            self._require_open()
            if self._pool is None:
                from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - 5 ms of a start, for `acall` alone

                self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="wardian")
            return self._pool

    def _require_open(self) -> None:
        if self._closed:
            raise WardianError(self._closed, code="closed", hint="make a new `Runtime`")

    def _forked(self) -> None:
        # Threads, locks and the engine's own state do not survive a fork: what uses them would hang or crash.
        self._closed = "this runtime was made before a fork and cannot be used in the child process"
        for plugin in tuple(self._plugins):
            plugin.abandon(self._closed)


def placed(runtime: Runtime, source: Path, request: loading.Request) -> Plugin:
    """A plugin from which a use is made that has a place; it has no instances, and its uses are the runtime's.

    Raises:
        WardianError: as `load`.
    """
    runtime._require_open()  # noqa: SLF001 - its own module
    return loading.load(origins.read(source, request.limits.module), request, runtime._shared)  # noqa: SLF001


def _to_audit_log(line: AuditLine) -> None:
    from wardian.egress import audit  # noqa: PLC0415 - 2 ms of a start, for plugins that make requests

    audit.to_logging(line)


def _open_store(given: str | os.PathLike[str] | StateStore | None) -> StateStore:
    if given is None:
        return MemoryStore()
    if isinstance(given, (str, os.PathLike)):
        from wardian.state.sqlite import SqliteStore  # noqa: PLC0415 - SQLite takes 5 ms of a start

        return SqliteStore(Path(given).expanduser())
    return given


def open_cache(given: str | os.PathLike[str]) -> Artefacts:
    """The compile cache in a directory; the default one follows `$XDG_CACHE_HOME`.

    Raises:
        ConfigError: it cannot be used safely.
    """
    path = Path(given)
    if str(given) == CACHE and (base := os.environ.get("XDG_CACHE_HOME")):
        path = Path(base) / "wardian"
    path = path.expanduser()
    try:
        return Artefacts(path)
    except OSError as error:
        raise ConfigError(
            f"the compile cache cannot be used: {error}", where=str(path),
            hint="give `cache=` a directory that only this user can write, or None for no cache",
        ) from error  # fmt: skip


def _after_fork() -> None:
    for runtime in tuple(_runtimes):
        runtime._forked()  # noqa: SLF001 - its own module


os.register_at_fork(after_in_child=_after_fork)
