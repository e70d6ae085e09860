"""One symbol of a plugin under test: what it is, what it is asked, and the instances on which that happens."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from wardian.abi.contract import ENTRY_POINTS, PLUGIN_OPEN
from wardian.conformance import laboratory, shapes, world
from wardian.conformance.session import Answer, Session
from wardian.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from wardian.conformance.laboratory import Laboratory
    from wardian.package.manifest import Symbol
    from wardian.policy import Limits
    from wardian.sandbox.module import Module

_KEPT: Final = 20  # faults of one sort; the first is shown, and how many there were


class Subject:
    """A symbol under test.

    Args:
        lab: where instances are made.
        module: the module, which has been found to load.
        wasm: its bytes, to be compiled for other limits.
        symbol: which of its symbols.
        config: the configuration to open it with.
        samples: what its author gave as good inputs; none for those of the kit.
        limits: what each instance may use.
        until: when there is no time left, as `time.monotonic` counts.
        calls: how many to make at most to see whether memory grows.
        wishes: the limits that its description wishes for.

    Attributes:
        entries: the entry points of its kind that it exports.
        faults: answers that broke a rule, by the promise that they break.
    """

    def __init__(
        self,
        lab: Laboratory,
        module: Module,
        wasm: bytes,
        symbol: Symbol,
        config: Mapping[str, Any],
        samples: Sequence[Any],
        limits: Limits,
        until: float,
        calls: int,
        wishes: Mapping[str, str | int],
    ) -> None:
        self.lab, self.module, self.wasm, self.symbol = lab, module, wasm, symbol
        self.config, self.limits = dict(config), limits
        self.samples, self.until, self.calls = tuple(samples), until, calls
        self.wishes = wishes
        self.is_command = laboratory.is_command(module)
        self.prepared = lab.prepare(module, limits)
        known = ENTRY_POINTS.get(symbol.kind, ())
        self.entries = tuple(name for name in known if self.is_command or name in module.exports)
        self.faults: dict[str, list[tuple[Answer, str]]] = {}
        self.interval_ms = 0
        self.answers = 0

    def has(self, entry: str) -> bool:
        """Whether it has this entry point; a program has all of its kind, and those for opening and closing never."""
        return entry in self.entries if self.is_command else entry in self.module.exports

    def about(self) -> dict[str, str]:
        """What `plugin_open` is told of where it is."""
        return {"plugin": world.NAME, "version": "0.0.0", "symbol": self.symbol.name, "instance": world.INSTANCE,
                "pipeline": "", "run": "check"}  # fmt: skip

    def opening(self, config: object = None, **more: object) -> dict[str, object]:
        """The request of `plugin_open`; what stands in for a configuration may be of any type."""
        config = self.config if config is None else config
        layers = {"layers": [config]} if isinstance(config, dict) else {}
        return {"config": config, "context": self.about(), **layers, **more}

    def checking(self, config: object = None) -> dict[str, object]:
        """The request of `plugin_check`."""
        return self.opening(config)

    @contextmanager
    def bare(self, limits: Limits | None = None) -> Iterator[Session]:
        """A new instance that is not opened."""
        limits = limits or self.limits
        if self.is_command:
            session = Session(lambda: laboratory.program(self.prepared, limits), limits, self.notice, each=True)
        else:
            session = Session(lambda: laboratory.instance(self.prepared, limits, None), limits, self.notice)
        try:
            yield session
        finally:
            session.close()
        if self.lab.stopped:
            raise Cancelled("the check was ended")

    @contextmanager
    def open(self, config: object = None, limits: Limits | None = None, **more: object) -> Iterator[Session]:
        """A new instance, opened; where that fails, the failure answers all that it is asked."""
        with self.bare(limits) as session:
            if self.has(PLUGIN_OPEN):
                opened = session.ask(PLUGIN_OPEN, self.opening(config, **more))
                session.failure = session.failure or opened.error
                if isinstance(opened.value, dict):
                    self.interval_ms = opened.value.get("interval_ms", 0)
            yield session

    def once(self, entry: str, request: object = None) -> Answer:
        """What a new instance, opened, answers to one call."""
        with self.open() as session:
            return session.ask(entry, request)

    def notice(self, answer: Answer) -> None:
        """Judge one answer by the rules that hold for all of them."""
        self.answers += 1
        for promise, seen in judged(answer):
            found = self.faults.setdefault(promise, [])
            if len(found) < _KEPT:
                found.append((answer, seen))

    def left(self) -> float:
        """Seconds that the check may still take."""
        return self.until - time.monotonic()


def judged(answer: Answer) -> Iterator[tuple[str, str]]:
    """The promises about all answers that this one breaks, each with what was seen."""
    error = answer.error
    if answer.broke_wire and error is not None:
        yield ("errors.known" if error.code == "bad_error" else "replies.item"), error.message
    elif error is None:
        wrong = shapes.fault(answer.entry, answer.request, answer.value)
        if wrong:
            yield "replies.shape", wrong
    if answer.receipt is not None and answer.receipt.log_dropped:
        yield "log.bounded", f"{answer.receipt.log_dropped:,} log lines of one call were dropped"
