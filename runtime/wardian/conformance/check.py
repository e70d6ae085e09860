"""The kit: puts a plugin through all that it promises, and reports."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from wardian.conformance import description, every_kind, loading, smallest, world
from wardian.conformance.promise import Promise, Verdict, failed, undecided
from wardian.conformance.report import Chapter, Report, Result
from wardian.conformance.subject import Subject
from wardian.errors import Cancelled, ConfigError, WardianError
from wardian.plugins import inspection, origin
from wardian.policy import Grants, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from wardian.conformance.laboratory import Laboratory
    from wardian.package.manifest import Symbol
    from wardian.sandbox.module import Module

TIME: Final = 20.0  # seconds
# More than a host gives by default: a check is no measurement, and the machines of CI are busy.
DEADLINE: Final = 5.0
CALLS: Final = 10_000
_FIRST_OF_ALL: Final = "open.defaults"
_UNLOADED: Final = "the module cannot be loaded"
_UNOPENED: Final = "it does not open"
_OUT_OF_TIME: Final = "the time was over; give more with `--time`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to check, and how.

    Attributes:
        source: a path that ends in `.wasm` or `.wat`, or wasm bytes.
        config: the configuration, laid over the defaults of the description.
        samples: good inputs, as JSON has them, for those of the kit.
        symbol: the name of the only symbol to check.
        grants: all that it may import, or None where nobody says.
        limits: what each instance may use.
        seconds: how long the check may take, more or less.
        calls: how many calls to make at most to see whether memory grows.
        only: the only promises to look at, by their ids; all where there are none.
        smallest: whether to look for the smallest limits.
        progress: told each promise before it is looked at.
    """

    source: str | Path | bytes
    config: Mapping[str, Any] | None = None
    samples: Sequence[Any] = ()
    symbol: str | None = None
    grants: Grants | None = None
    limits: Limits = field(default_factory=lambda: Limits(deadline=DEADLINE))
    seconds: float = TIME
    calls: int = CALLS
    only: Collection[str] = ()
    smallest: bool = True
    progress: Callable[[Promise], None] = lambda _promise: None


def check(asked: Asked, lab: Laboratory) -> Report:
    """Put a plugin to the test.

    Raises:
        PackageError, LimitExceeded: the source cannot be read, or is no module of wasm.
        ConfigError: it has no symbol of the name that was asked for.
        Cancelled: the laboratory was stopped.
    """
    began = time.monotonic()
    given = origin.read(asked.source, asked.limits.module)
    try:
        wasm = lab.parse(given.content, asked.limits) if given.text else given.content
        module = lab.compile(wasm, asked.limits)
    except WardianError as error:
        error.where = error.where or given.where
        raise
    found = inspection.describe(given.where, wasm, module)
    plain = loading.Plain(lab, module, found, asked.limits, asked.grants)
    chapters = [Chapter("", "", tuple(_readings(asked, plain)))]
    loads = not any(_failed(result, "module.loads", "module.imports") for result in _all_readings(plain))
    for symbol in _chosen(asked, found, module):
        until = began + asked.seconds
        if loads:
            config = {**symbol.defaults, **(asked.config or {})}
            subject = Subject(
                lab, module, wasm, symbol, config, asked.samples, asked.limits, until, asked.calls,
                {} if found.package is None else found.package.limits,
            )  # fmt: skip
            chapters.append(_chapter(asked, subject))
        else:
            chapters.append(Chapter(symbol.kind, symbol.name, (), limits_note=_UNLOADED))
    return Report(given.where, module.digest, world.needs(module), tuple(chapters), time.monotonic() - began)


def _chapter(asked: Asked, subject: Subject) -> Chapter:
    """All promises of one symbol, and its smallest limits where it keeps them."""
    results: list[Result] = []
    opens = True
    for promise in every_kind.of(subject.symbol.kind):
        wanted = not asked.only or promise.id in asked.only
        if not (wanted or promise.id == _FIRST_OF_ALL):
            continue
        if promise.opened and not opens:
            results.append(Result(promise, undecided(_UNOPENED), 0.0))
            continue
        asked.progress(promise)
        began = time.monotonic()
        verdict = _looked_at(promise, subject)
        if promise.id == _FIRST_OF_ALL:
            opens = verdict.outcome == "passed"
        if wanted:
            results.append(Result(promise, verdict, time.monotonic() - began))
    limits, note = None, "some promises do not hold" if asked.smallest else ""
    if asked.smallest and all(each.verdict.outcome in ("passed", "not_applicable") for each in results):
        limits, note = _smallest(subject)
    return Chapter(subject.symbol.kind, subject.symbol.name, tuple(results), limits, note)


def _looked_at(promise: Promise, subject: Subject) -> Verdict:
    if subject.left() <= 0:
        return undecided(_OUT_OF_TIME)
    try:
        return promise.check(subject)
    except Cancelled:
        raise
    except WardianError as error:  # of an instance that was used past what answers are made of
        return failed("an answer", f"{error.code}: {error.message}")


def _smallest(subject: Subject) -> tuple[smallest.Smallest | None, str]:
    try:
        return smallest.find(subject), ""
    except WardianError as error:
        return None, error.message


def _readings(asked: Asked, plain: loading.Plain) -> list[Result]:
    results = [each for each in _all_readings(plain) if not asked.only or each.promise.id in asked.only]
    for result in results:
        asked.progress(result.promise)
    return results


def _all_readings(plain: loading.Plain) -> list[Result]:
    return [Result(promise, read(plain), 0.0) for promise, read in loading.READINGS]


def _failed(result: Result, *ids: str) -> bool:
    return result.promise.id in ids and result.verdict.outcome == "failed"


def _chosen(asked: Asked, found: inspection.Inspection, module: Module) -> tuple[Symbol, ...]:
    symbols = description.symbols(found.package, frozenset(module.exports))
    if asked.symbol is None:
        return symbols
    chosen = tuple(each for each in symbols if each.name == asked.symbol)
    if not chosen:
        names = ", ".join(f"`{each.name}`" for each in symbols if each.name) or "none that has a name"
        raise ConfigError(f"the plugin has no symbol `{asked.symbol}`", where=found.where, hint=f"its symbols: {names}")
    return chosen
