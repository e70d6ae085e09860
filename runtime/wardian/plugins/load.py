"""From bytes to a plugin: the one place where all lower layers meet."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from wardian.abi.contract import MARKER, PLUGIN_OPEN, START
from wardian.capabilities.cancelled import Cancelled
from wardian.capabilities.capability import QuotaSpent
from wardian.capabilities.clock import Clock
from wardian.capabilities.log import Log
from wardian.capabilities.metric import Metric, Metrics
from wardian.capabilities.random import Random
from wardian.capabilities.state import State
from wardian.errors import ConfigError, WardianError
from wardian.guests import command, imports, reactor
from wardian.guests.context import Context
from wardian.plugins.plugin import Plugin
from wardian.policy import Grants, Limits
from wardian.sandbox.engine import Settings
from wardian.sandbox.faults import printable
from wardian.sandbox.pool import Pool
from wardian.sandbox.prepared import Prepared
from wardian.sandbox.wasi import Package, World
from wardian.state.contract import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Executor

    from wardian.capabilities.log import LogLine
    from wardian.guests.context import Maker
    from wardian.guests.guest import Guest
    from wardian.plugins.origin import Origin
    from wardian.sandbox.compiler import Compiler
    from wardian.sandbox.deadline import Call, Ticker
    from wardian.sandbox.engine import Engines
    from wardian.sandbox.module import Module
    from wardian.state.contract import StateStore


@dataclass(frozen=True, slots=True)
class Request:
    """What a program asks for when it loads a plugin; see `Runtime.load` for each field."""

    name: str
    instance: str = "default"
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)  # it may hold secrets
    limits: Limits = field(default_factory=Limits)
    grants: Grants = field(default_factory=Grants)
    functions: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    instances: int = 1
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Shared:
    """What the plugins of one runtime share."""

    engines: Engines
    compiler: Compiler
    ticker: Ticker
    store: StateStore
    executor: Callable[[], Executor]
    on_log: Callable[[LogLine], None]


def compile_source(source: Origin, limits: Limits, shared: Shared) -> Module:
    """The compiled module of a source; its text form is parsed first.

    Raises:
        PackageError, LimitExceeded: it is no module, or costs too much to compile.
    """
    engine = shared.engines.get(Settings(metered=limits.fuel is not None), limits.stack)
    try:
        content = shared.compiler.parse_text(source.content, limits) if source.text else source.content
        return shared.compiler.compile(content, engine, limits)
    except WardianError as error:
        error.where = error.where or source.where
        raise


def load(source: Origin, request: Request, shared: Shared) -> Plugin:
    """The plugin, with its first instance open, unless each call has a fresh one.

    Raises:
        WardianError: the module, its imports, its configuration or its start are refused; nothing is left behind.
    """
    limits = request.limits
    module = compile_source(source, limits, shared)
    try:
        return _bind(module, request, shared)
    except WardianError as error:
        error.where = error.where or source.where
        raise


def _bind(module: Module, request: Request, shared: Shared) -> Plugin:
    limits = request.limits
    is_command = START in module.exports and MARKER not in module.exports
    (command if is_command else reactor).check(module)
    _check_request(request, takes_config=not is_command and PLUGIN_OPEN in module.exports)
    offered = imports.offer(module, request.grants, limits, request.functions)
    engine = shared.engines.get(module.settings, limits.stack)
    prepared = Prepared(module, engine, shared.ticker, offered)
    metrics = Metrics()
    package = Package(request.files) if request.grants.package else None
    about = {
        "plugin": request.name,
        "version": "",
        "symbol": "",
        "instance": request.instance,
        "pipeline": "",
        "run": os.urandom(16).hex(),
    }

    makers = _makers(request, shared, metrics, package)

    def make() -> Guest:
        context = Context(request.name, request.instance, limits, makers)
        if is_command:
            return command.Command(prepared, limits, context, partial(_world, request, package, limits.reply, context))
        return reactor.Reactor(prepared, limits, context, request.config, about)

    one_each = request.fresh or is_command
    size = limits.instances if one_each else request.instances
    pool: Pool[Guest] = Pool(make, size, limits.start_deadline, fresh=one_each)
    if not one_each:
        pool.release(pool.another())
    entries = None if is_command else reactor.entries(module)
    return Plugin(request.name, request.instance, limits, entries, prepared, pool, shared.executor, metrics)


def _makers(request: Request, shared: Shared, metrics: Metrics, package: Package | None) -> Mapping[str, Maker]:
    """How each capability that is there, always or by a grant, is made for an instance."""
    limits, grants = request.limits, request.grants
    makers: dict[str, Maker] = {
        "log": lambda _: Log(limits, request.name, request.instance, shared.on_log),
        "metric": lambda _: Metric(metrics),
        "cancelled": lambda _: Cancelled(),
        "wasi": lambda context: _world(request, package, None, context, b""),
    }
    if grants.state:
        scope = Scope(request.name, request.instance)
        makers["state"] = lambda _: State(limits, shared.store, scope)
    if grants.clock:
        makers["clock"] = lambda _: Clock()
    if grants.random:
        makers["random"] = lambda _: Random()
    return makers


def _world(request: Request, package: Package | None, reply_limit: int | None, context: Context, stdin: bytes) -> World:
    def log_line(_call: Call, level: int, text: str) -> None:
        if context.log not in context.touched:
            context.touched.append(context.log)
        # A program's output is not worth its end: what is over the quota is dropped and counted.
        with contextlib.suppress(QuotaSpent):
            context.log.write(level, text)

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
    if request.files and not request.grants.package:
        problems.append("files: the plugin may not read its package; grant it with `Grants(package=True)`")
    problems += [
        f"files: expected bytes under a path of text, got {type(content).__name__} under `{printable(str(path))}`"
        for path, content in request.files.items()
        if not (isinstance(path, str) and isinstance(content, bytes))
    ]
    problems += [
        f"{what}: expected a printable name of 1 to 200 characters, got {given!r}"
        for what, given in (("name", request.name), ("instance", request.instance))
        if not (isinstance(given, str) and 0 < len(given) <= 200 and given.isprintable())
    ]
    if problems:
        raise ConfigError("the plugin cannot be loaded so", problems=problems)
