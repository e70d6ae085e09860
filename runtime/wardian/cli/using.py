"""What the commands of the kinds have in common: load a plugin, use it as its kind, end well."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardian.cli import config_file, options
from wardian.cli.interruption import interruptible
from wardian.cli.log_lines import LogPrinter
from wardian.plugins.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wardian.policy import Grants, Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The plugin of a command line, and the options that all commands of the kinds take."""

    plugin: str
    symbol: str | None = None
    section: str | None = None
    config: str | None = None
    set_: tuple[str, ...] = ()
    limit: tuple[str, ...] = ()
    grant: tuple[str, ...] = ()
    var: tuple[str, ...] = ()
    state: str | None = None
    name: str | None = None
    instance: str = "default"
    quiet: bool = False
    log_level: str = "trace"


def use(kind: str, chosen: Chosen, work: Callable[[Any, threading.Event], int], **more: object) -> int:
    """Use the plugin as this kind, and give the exit code.

    Args:
        kind: one of the ABI's.
        chosen: which plugin, and how.
        work: given the use, and an event that is set once the person has had enough; gives the exit code.
        more: what else the kind takes.

    Raises:
        Usage: the command line is wrong.
        WardianError: whatever the plugin or its host came to.
        KeyboardInterrupt: the person has had enough; the guest has been ended.
    """
    config = options.settings(config_file.read(Path(chosen.config)) if chosen.config else {}, chosen.set_)
    run = _Run(kind, chosen, config, options.limits(chosen.limit), options.grants(chosen.grant), work, more)
    return interruptible(run.work, run.end)


def state_path(given: str | None) -> str | None:
    """The path of the state file, or None for memory."""
    if given == ":memory:":
        return None
    if given is not None:
        return given
    base = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return str(Path(base).expanduser() / "wardian" / "state.sqlite")


@dataclass(slots=True)
class _Run:
    """One run of a command, on its own thread."""

    kind: str
    chosen: Chosen
    config: Mapping[str, Any]
    limits: Limits
    grants: Grants
    job: Callable[[Any, threading.Event], int]
    more: Mapping[str, object]
    ended: threading.Event = field(default_factory=threading.Event)
    used: Any = None

    def work(self) -> int:
        chosen = self.chosen
        on_log = LogPrinter(None if chosen.quiet else chosen.log_level)
        state = state_path(chosen.state) if self.grants.state else None
        with Runtime(state=state, on_log=on_log) as runtime:
            plugin = runtime.load(
                chosen.plugin, config=self.config, limits=self.limits, grants=self.grants, name=chosen.name,
                variables=options.variables(chosen.var),
            )  # fmt: skip
            named = {"symbol": chosen.symbol, "section": chosen.section, "instance": chosen.instance}
            with getattr(plugin, self.kind)(**named, **self.more) as self.used:
                if self.ended.is_set():
                    raise KeyboardInterrupt
                return self.job(self.used, self.ended)

    def end(self) -> None:
        """End the run from another thread."""
        self.ended.set()
        if self.used is not None:
            (self.used.stop if self.kind == "source" else self.used.cancel)()
