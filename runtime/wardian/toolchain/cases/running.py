"""Runs the cases of a plugin: each on a new instance, in the real runtime, with what the case says around it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Final, Self

from wardian.abi.contract import PLUGIN_OPEN
from wardian.config import layers
from wardian.document.node import Node, merged
from wardian.document.problem import Problems, listed, nearest
from wardian.errors import Cancelled, ConfigError, GuestError, PackageError, WardianError
from wardian.plugins import description, origin
from wardian.plugins.load import Request
from wardian.plugins.runtime import Runtime, placed
from wardian.plugins.uses import opened
from wardian.policy import Limits
from wardian.toolchain.cases import judging
from wardian.toolchain.cases.document import plain
from wardian.toolchain.cases.world import World

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from wardian.capabilities.log import LogLine
    from wardian.package.manifest import Manifest, Symbol
    from wardian.plugins.plugin import Plugin
    from wardian.toolchain.cases.document import Call, Case, Document

# A case is no measurement, and the machines of CI are busy: what a description wishes for in time is not held to.
_OF_TIME: Final = frozenset({"deadline", "start_deadline", "compile_time", "http_time"})
_DEADLINE: Final = 5.0  # seconds


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a case.

    Attributes:
        name: the case's.
        line: where it stands.
        seconds: how long it took.
        faults: a line for each thing that was not as the case says; none where it passed.
        logs: what the plugin logged in it.
    """

    name: str
    line: int
    seconds: float
    faults: tuple[str, ...] = ()
    logs: tuple[LogLine, ...] = field(default=(), repr=False)

    @property
    def passed(self) -> bool:
        """Whether all was as the case says."""
        return not self.faults


class Bench:
    """Where the cases of one plugin are run: a runtime of its own, with state in memory; a context manager.

    Threads: used by one, but for `end`, which any may call.

    Args:
        path: the module.

    Raises:
        PackageError: it is no plugin, or says nothing of itself.
        LimitExceeded: it is too large, or costs too much to compile.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._runtime = Runtime(on_log=self._log)
        self._plugin: Plugin | None = None
        self._world: World | None = None
        self._count, self._ended = 0, False
        try:
            self._module = self._runtime.compile(path)
            given = origin.read(path, Limits().module)
            self.manifest = require(description.read(given.content), given.where)
        except BaseException:
            self._runtime.close()
            raise

    def check(self, document: Document, problems: Problems) -> None:
        """Note what the cases ask of the plugin that it does not have, and configurations that its schemas refuse."""
        for at, case in enumerate(document.cases):
            path = f"cases[{at}]"
            self._entries(case, path, problems)
            symbol = self._symbol(case, path, problems)
            if case.limits:
                self._limits(case, problems, path)
            if symbol is None:
                continue
            if case.section is not None and case.section not in symbol.sections:
                node = case.at.node.value["section"]
                hint = f"there are {listed(symbol.sections)}"
                problems.note(node, f"{path}.section", f"a section of `{symbol.name}`", hint=hint)
            elif not _opens_with_an_error(case):
                _schema(symbol, _config(document, case), case, path, problems)

    def run(self, document: Document, case: Case) -> Result:
        """Run a case of a document that was checked.

        Raises:
            Cancelled: `end` was called.
        """
        began = monotonic()
        logs: list[LogLine] = []
        faults = tuple(self._faults(document, case, logs))
        return Result(case.name, case.at.node.line, monotonic() - began, faults, tuple(logs))

    def end(self) -> None:
        """End the running call, and run no more."""
        self._ended = True
        if self._plugin is not None:
            self._plugin.cancel()

    def close(self) -> None:
        """Free everything."""
        self._runtime.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _log(self, line: LogLine) -> None:
        if self._world is not None:
            self._world.log(line)

    def _faults(self, document: Document, case: Case, logs: list[LogLine]) -> list[str]:
        symbol = self._symbol(case, "", Problems())
        assert symbol is not None  # noqa: S101 - the document was checked
        config = _config(document, case)
        asked = case.asked
        world = self._world = World(case.host, self.manifest, self._module, logs)
        refused = _refused(symbol, config, case) if _opens_with_an_error(case) else None
        if refused is not None:
            return list(judging.of_error(asked[0], refused))
        answered: list[object] = []
        try:
            plugin = self._opened(case, symbol, config, world, answered)
        except WardianError as error:
            if asked[0].entry == PLUGIN_OPEN:
                return list(judging.of_error(asked[0], error, world))
            return [f"{PLUGIN_OPEN}: {judging.told(error)}"]
        faults: list[str] = []
        with plugin:
            self._plugin = plugin
            for at, call in enumerate(asked):
                where = f"calls[{at}]: {call.entry}" if len(asked) > 1 else call.entry
                if self._ended:
                    raise Cancelled("the cases were ended")
                reply = answered[-1] if answered else None
                found = _call(plugin, call, world, reply)
                faults += [f"{where}: {each}" for each in found]
                world.forget()
                if faults:
                    break  # what comes after has nothing to stand on
        self._plugin = None
        return faults + [f"note: {each}" for each in world.unanswered if faults]

    def _opened(self, case: Case, symbol: Symbol, config: Node, world: World, answered: list[object]) -> Plugin:
        self._count += 1
        request = Request(
            name=self.manifest.name.partition("/")[2], limits=self._limits(case, Problems(), ""), grants=world.grants,
            functions=world.functions, given=world.given, asks=world,
        )  # fmt: skip
        plugin = placed(self._runtime, self._path, request)
        return opened(
            plugin, config.plain(), symbol=symbol.name, section=case.section, instance=f"case {self._count}",
            resume=plain(case.resume), answered=answered.append,
        )  # fmt: skip

    def _symbol(self, case: Case, path: str, problems: Problems) -> Symbol | None:
        symbols = {each.name: each for each in self.manifest.symbols}
        if case.symbol is None and len(symbols) == 1:
            return self.manifest.symbols[0]
        if case.symbol is None:
            problems.note(case.at.node, path, f"the `symbol`, of {listed(symbols)}", "none", at_key=True)
        elif case.symbol not in symbols:
            node = case.at.node.value["symbol"]
            hint = nearest(case.symbol, symbols) or f"there are {listed(symbols)}"
            problems.note(node, f"{path}.symbol", "a symbol of the plugin", hint=hint)
        return symbols.get(case.symbol or "")

    def _entries(self, case: Case, path: str, problems: Problems) -> None:
        if self.manifest.transport == "command":
            return  # which decides itself
        for at, call in enumerate(case.asked):
            export = self._module.exports.get(call.entry)
            if export is None or (export.params, export.results) != (("i32", "i32"), ("i64",)):
                there = [name for name, each in self._module.exports.items() if each.results == ("i64",)]
                hint = nearest(call.entry, there) or f"there are {listed(there)}"
                where = f"{path}.calls[{at}].entry" if case.calls else f"{path}.entry"
                problems.note(call.at.node.value["entry"], where, "an entry point of the plugin", hint=hint)

    def _limits(self, case: Case, problems: Problems, path: str) -> Limits:
        wished = {name: held for name, held in self.manifest.limits.items() if name not in _OF_TIME}
        try:
            limits = Limits(**{"deadline": _DEADLINE, **wished})  # type: ignore[arg-type] # checked right there
        except (ConfigError, TypeError):
            limits = Limits(deadline=_DEADLINE)  # what is wrong with its wishes is for the promises of its kind
        try:
            return dataclasses.replace(limits, **{name: held.plain() for name, held in case.limits.items()})
        except ConfigError as error:
            for problem in error.problems:
                name = problem.partition(":")[0]
                problems.note(case.limits[name], f"{path}.limits.{name}", problem.partition("expected ")[2])
        except TypeError:
            known = [each.name for each in dataclasses.fields(Limits)]
            for name in case.limits.keys() - set(known):
                problems.note(case.limits[name], f"{path}.limits.{name}", "a limit", f"`{name}`", at_key=True,
                              hint=nearest(name, known) or "`wardian limits` lists them")  # fmt: skip
        return limits


def _call(plugin: Plugin, call: Call, world: World, answered: object) -> list[str]:
    """What is not as the case says, of one call; `answered` is what being opened came to."""
    if call.entry == PLUGIN_OPEN:
        return list(judging.of_reply(call, answered, world))
    try:
        reply = plugin.call(call.entry, plain(call.input))
    except Cancelled:
        raise
    except WardianError as error:
        return list(judging.of_error(call, error, world))
    except TypeError as error:
        return [f"the input cannot be encoded: {error}"]
    return list(judging.of_reply(call, reply, world))


def require(manifest: Manifest | None, where: str) -> Manifest:
    """What a module says of itself.

    Raises:
        PackageError: that is nothing.
    """
    if manifest is None:
        raise PackageError(
            "the module says nothing of itself", code="bad_package", where=where,
            hint="`wardian build` puts what `plugin.yaml` says into it",
        )  # fmt: skip
    return manifest


def _config(document: Document, case: Case) -> Node:
    """The configuration that a case gives, over that of all cases."""
    made = Node({}, case.at.node.file, case.at.node.line)
    for each in (document.config, case.config):
        made = made if each is None else merged(made, each)
    return made


def _opens_with_an_error(case: Case) -> bool:
    first = case.asked[0]
    return first.entry == PLUGIN_OPEN and first.error is not None


def _refused(symbol: Symbol, config: Node, case: Case) -> WardianError | None:
    """What the host says of a configuration that the symbol's schema refuses: it is not shown to the plugin then."""
    problems = Problems()
    _schema(symbol, config, case, "", problems)
    if not problems.found:
        return None
    error = ConfigError("the schema refuses the configuration", problems=problems.sorted())
    error.__cause__ = GuestError("config", "; ".join(problems.sorted()))
    return error


def _schema(symbol: Symbol, config: Node, case: Case, path: str, problems: Problems) -> None:
    if symbol.schema is None:
        return
    try:
        from wardian.config import schema_check  # noqa: PLC0415 - 0.15 s, and an extra
    except ModuleNotFoundError as error:
        message = f"a plugin's schema cannot be checked without `{error.name}`"
        raise ConfigError(message, hint="pip install 'wardian[schema]'") from None
    section = None if case.section is None else Node(case.section)
    whole = layers.layered([config], defaults=symbol.defaults, sections=symbol.sections, section=section,
                           problems=problems).merged  # fmt: skip
    node = Node(whole.value, whole.file, whole.line or case.at.node.line)
    schema_check.check(symbol.schema, node, path=f"{path}.config", package="plugin.yaml", problems=problems)
