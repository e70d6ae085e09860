"""From bytes to a plugin: the one place where all lower layers meet."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from wardian.abi.contract import HOST_MODULE, PLUGIN_OPEN
from wardian.capabilities.cancelled import Cancelled
from wardian.capabilities.capability import QuotaSpent
from wardian.capabilities.clock import Clock
from wardian.capabilities.log import Log
from wardian.capabilities.metric import Metric, Metrics
from wardian.capabilities.random import Random
from wardian.capabilities.state import State
from wardian.errors import ConfigError, PackageError, WardianError
from wardian.guests import imports, reactor
from wardian.guests.context import Context
from wardian.plugins import description
from wardian.plugins.binding import Binding, bound, opening
from wardian.plugins.given import Given
from wardian.plugins.plugin import Plugin
from wardian.plugins.scopes import Scopes
from wardian.policy import Grants, Limits
from wardian.sandbox.engine import Settings
from wardian.sandbox.faults import printable
from wardian.sandbox.pool import Pool
from wardian.sandbox.prepared import Prepared
from wardian.state.contract import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Executor

    from wardian.capabilities.http import Asks
    from wardian.capabilities.log import LogLine
    from wardian.egress.audit import AuditLine
    from wardian.egress.client import Client
    from wardian.egress.egress import Egress
    from wardian.guests.context import Maker
    from wardian.guests.guest import Guest
    from wardian.package.manifest import Manifest
    from wardian.plugins.origin import Origin
    from wardian.plugins.place import Place
    from wardian.sandbox.compiler import Compiler
    from wardian.sandbox.deadline import Call
    from wardian.sandbox.engine import Engines
    from wardian.sandbox.module import Module
    from wardian.sandbox.ticker import Ticker
    from wardian.sandbox.wasi import Package, World
    from wardian.state.contract import StateStore


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Request:
    """What a program asks for when it loads a plugin; see `Runtime.load` for each field."""

    name: str
    instance: str = "default"
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)  # it may hold secrets
    limits: Limits = field(default_factory=Limits)
    grants: Grants = field(default_factory=Grants)
    functions: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    given: Given = field(default_factory=Given)
    instances: int = 1
    fresh: bool = False
    egress: Egress | None = None
    scope: str = ""  # of its state, where that is not the instance's name
    place: Place | None = None  # of a use in a pipeline; the plugin is then for uses alone
    asks: Asks | None = None  # what answers its HTTP requests in place of the world, for tests of plugins


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shared:
    """What the plugins of one runtime share."""

    engines: Engines
    compiler: Compiler
    ticker: Ticker
    store: StateStore
    executor: Callable[[], Executor]
    on_log: Callable[[LogLine], None]
    on_audit: Callable[[AuditLine], None]
    adopt: Callable[[Plugin], None] = lambda _: None  # told each plugin that a use makes, for the runtime to end it
    scopes: Scopes = field(default_factory=Scopes)


def compile_source(source: Origin, limits: Limits, shared: Shared) -> Module:
    """The compiled module of a source; its text form is parsed first.

    Raises:
        PackageError, LimitExceeded: it is no module, or costs too much to compile.
    """
    return _compiled(source, limits, shared)[1]


def load(source: Origin, request: Request, shared: Shared) -> Plugin:
    """The plugin, with its first instance open, unless each call has a fresh one or the module describes symbols.

    Raises:
        WardianError: the module, its imports, its configuration or its start are refused; nothing is left behind.
    """
    wasm, module = _compiled(source, request.limits, shared)
    try:
        return _described(wasm, module, request, shared)
    except WardianError as error:
        error.where = error.where or source.where
        raise


def _compiled(source: Origin, limits: Limits, shared: Shared) -> tuple[bytes, Module]:
    engine = shared.engines.get(Settings(metered=limits.fuel is not None), limits.stack)
    try:
        content = shared.compiler.parse_text(source.content, limits) if source.text else source.content
        return content, shared.compiler.compile(content, engine, limits)
    except WardianError as error:
        error.where = error.where or source.where
        raise


def _described(wasm: bytes, module: Module, request: Request, shared: Shared) -> Plugin:
    manifest = description.read(wasm)
    description.check(module, manifest)
    loaded = Loaded(module, manifest, request, shared)
    _check_request(request, takes_config=loaded.takes_config)
    if request.place is not None:
        return loaded.bind(None, request, opens=False)
    layers = (request.config,)
    if manifest is None:
        return loaded.bind(bound(None, None, layers), request)
    only = manifest.symbols[0] if len(manifest.symbols) == 1 else None
    return loaded.bind(None if only is None else bound(only, None, layers), request, opens=False)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Loaded:
    """A module that was found good, from which plugins are made: one to call by name, and one for each use.

    Attributes:
        module: the module.
        manifest: what it says of itself, or None.
        request: what the program asked for when it loaded it.
        shared: what belongs to the runtime.
    """

    module: Module
    manifest: Manifest | None
    request: Request
    shared: Shared

    @property
    def is_command(self) -> bool:
        """Whether it is a program that runs anew for each call."""
        return description.transport(self.module, self.manifest) == "command"

    @property
    def takes_config(self) -> bool:
        """Whether a configuration reaches it."""
        return not self.is_command and PLUGIN_OPEN in self.module.exports

    def bind(self, binding: Binding | None, request: Request, *, opens: bool = True) -> Plugin:
        """A plugin whose instances are opened so; without a binding none can be, and each call says so.

        Args:
            binding: what the instances are for.
            request: as `load` was asked, or changed for a use.
            opens: whether the first instance is opened at once, where instances stay.

        Raises:
            WardianError: as `load`.
        """
        if problems := _wrong_names(request):
            raise ConfigError("the plugin cannot be used so", problems=problems)
        shared, limits, is_command = self.shared, request.limits, self.is_command
        offered = imports.offer(self.module, request.grants, limits, request.functions)
        if (HOST_MODULE, "template_expand") in offered:
            from wardian.expression import require  # noqa: PLC0415 - a few ms of every start, for those who need it

            require()
        engine = shared.engines.get(self.module.settings, limits.stack)
        prepared = Prepared(self.module, engine, shared.ticker, offered)
        metrics = Metrics()
        package = _package(request) if request.grants.package else None
        client = None
        if (HOST_MODULE, "http_request") in offered:
            client = request.asks or _client(request, shared)
        makers = _makers(request, shared, metrics, package, client)
        how = None
        if binding is not None:
            how = opening(binding, request.name, request.instance, self.manifest, request.place)
        asked = how if binding is not None and binding.opens else None

        def make() -> Guest:
            if how is None:
                raise self._which(request)
            context = Context(request.name, request.instance, limits, makers)
            if is_command:
                from wardian.guests import command  # noqa: PLC0415 - with WASI 8 ms of every start, for programs

                world = partial(_world, request, package, limits.reply, context)
                return command.Command(prepared, limits, context, world)
            return reactor.Reactor(prepared, limits, context, asked)

        one_each = request.fresh or is_command
        size = limits.instances if one_each else request.instances
        pool: Pool[Guest] = Pool(make, size, limits.start_deadline, fresh=one_each)
        if opens and not one_each:
            pool.release(pool.another())
        entries = None if is_command else reactor.entries(self.module)
        return Plugin(
            request.name, request.instance, limits, entries, prepared, pool, shared.executor, metrics, loaded=self
        )

    def _which(self, request: Request) -> PackageError:
        symbols = [] if self.manifest is None else [f"{each.kind} `{each.name}`" for each in self.manifest.symbols]
        return PackageError(
            f"the package has {len(symbols)} symbols, and an instance serves one: {', '.join(symbols[:20])}",
            code="which_symbol", where=request.name,
            hint="ask for one of them, such as `plugin.processor(symbol=…)`, rather than for an entry point",
        )  # fmt: skip


def _makers(
    request: Request, shared: Shared, metrics: Metrics, package: Package | None, client: Asks | None
) -> Mapping[str, Maker]:
    """How each capability that is there, always or by a grant, is made for an instance."""
    limits, grants = request.limits, request.grants
    makers: dict[str, Maker] = {
        "log": lambda _: Log(limits, request.name, request.instance, shared.on_log),
        "metric": lambda _: Metric(metrics),
        "cancelled": lambda _: Cancelled(),
        "wasi": lambda context: _world(request, package, None, context, b""),
    }
    if grants.state:
        scope = Scope(request.name, request.scope or request.instance)
        makers["state"] = lambda _: State(limits, shared.store, scope)
    if grants.clock:
        makers["clock"] = lambda _: Clock()
    if grants.random:
        makers["random"] = lambda _: Random()
    if client is not None:
        from wardian.capabilities.http import Http  # noqa: PLC0415 - 3 ms of every start, for those who make requests

        makers["http"] = lambda _: Http(limits, client)
    return makers | request.given.makers(grants, limits)


def _client(request: Request, shared: Shared) -> Client:
    """What makes the requests of a plugin that asks for some; all others pay for none of it."""
    try:
        from wardian.egress.allowed import AllowList  # noqa: PLC0415 - as said
        from wardian.egress.client import Client  # noqa: PLC0415
        from wardian.egress.egress import Egress  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"HTTP requests need the package `{error.name}`, which is not installed",
            hint="`pip install 'wardian[http]'` brings it",
        ) from error
    allowed = AllowList(request.grants.http)
    return Client(allowed, request.egress or Egress(), request.name, request.instance, shared.on_audit)


def _package(request: Request) -> Package:
    from wardian.sandbox.wasi import Package  # noqa: PLC0415 - as for programs

    return Package(request.files)


def _world(request: Request, package: Package | None, reply_limit: int | None, context: Context, stdin: bytes) -> World:
    def log_line(_call: Call, level: int, text: str) -> None:
        if context.log not in context.touched:
            context.touched.append(context.log)
        # A program's output is not worth its end: what is over the quota is dropped and counted.
        with contextlib.suppress(QuotaSpent):
            context.log.write(level, text)

    from wardian.sandbox.wasi import World  # noqa: PLC0415 - as for programs

    return World(
        log_line,
        clock=request.grants.clock,
        random=request.grants.random,
        seed=f"{request.name}/{request.instance}".encode(),
        package=package,
        stdin=stdin,
        reply_limit=reply_limit,
    )


def _check_request(request: Request, *, takes_config: bool) -> None:
    problems = []
    if request.config and not takes_config:
        problems.append(f"config: this plugin takes none, for it exports no `{PLUGIN_OPEN}`")
    problems += [f"config: expected text as the key, got {key!r}" for key in request.config if not isinstance(key, str)]
    if not 1 <= request.instances <= request.limits.instances:
        most = request.limits.instances
        problems.append(f"instances: expected 1 to {most} (the limit `instances`), got {request.instances}")
    problems += [
        f"functions: `{name}` is not callable" for name, function in request.functions.items() if not callable(function)
    ]
    problems += request.given.problems(request.grants)
    if request.egress is not None and not request.grants.http:
        problems.append("egress: the plugin may not make requests; grant hosts with `Grants(http=['HOST:PORT'])`")
    if request.files and not request.grants.package:
        problems.append("files: the plugin may not read its package; grant it with `Grants(package=True)`")
    problems += [
        f"files: expected bytes under a path of text, got {type(content).__name__} under `{printable(str(path))}`"
        for path, content in request.files.items()
        if not (isinstance(path, str) and isinstance(content, bytes))
    ]
    problems += _wrong_names(request)
    if problems:
        raise ConfigError("the plugin cannot be loaded so", problems=problems)


def _wrong_names(request: Request) -> list[str]:
    return [
        f"{what}: expected a printable name of 1 to 200 characters, got {printable(repr(given), 100)}"
        for what, given in (("name", request.name), ("instance", request.instance))
        if not (isinstance(given, str) and 0 < len(given) <= 200 and given.isprintable())
    ]
