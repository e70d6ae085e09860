"""`Live`: a plugin under the hands of its author: called as it is, and swapped for each new build of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from wardian.plugins import description, origin
from wardian.plugins.load import Request
from wardian.plugins.runtime import Runtime, placed
from wardian.plugins.uses import opened
from wardian.policy import Limits
from wardian.toolchain.cases.answers import Host
from wardian.toolchain.cases.running import require
from wardian.toolchain.cases.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from types import TracebackType

    from wardian.capabilities.log import LogLine
    from wardian.guests.outcome import Outcome
    from wardian.plugins.plugin import Plugin


class Live:
    """One instance of the latest build; what it keeps in state lasts from build to build. A context manager.

    It has what its description asks for; functions of the application, actions and servers answer `not_found`.

    Threads: used by one, but for `end`, which any may call.

    Args:
        config: the configuration, over the symbol's defaults.
        symbol: which symbol, or None where there is one.
        on_log: takes each log line.
    """

    def __init__(self, config: Mapping[str, Any], symbol: str | None, on_log: Callable[[LogLine], None]) -> None:
        self._config, self._symbol = config, symbol
        self._runtime = Runtime(on_log=on_log)
        self._plugin: Plugin | None = None

    def swap(self, path: Path) -> None:
        """Open a build, and close the former one; where that fails, the former one goes on.

        Raises:
            WardianError: as `Runtime.load`, or what the plugin answers to being opened.
        """
        module = self._runtime.compile(path)
        given = origin.read(path, Limits().module)
        manifest = require(description.read(given.content), given.where)
        world = World(Host(), manifest, module, [])
        request = Request(
            name=manifest.name.partition("/")[2], grants=world.grants, functions=world.functions, given=world.given,
            asks=world,
        )  # fmt: skip
        plugin = placed(self._runtime, path, request)
        new = opened(
            plugin, self._config, symbol=self._symbol, section=None, instance="dev", resume=None,
            answered=lambda _: None,
        )  # fmt: skip
        former, self._plugin = self._plugin, new
        if former is not None:
            former.close()

    def call(self, entry: str, value: object) -> Outcome:
        """What an entry point answers, with what it cost.

        Raises:
            WardianError: as `Plugin.call`.
        """
        assert self._plugin is not None, "called before a build was opened"  # noqa: S101 - a fault of the caller's
        return self._plugin.invoke(entry, value, cpu=True)

    def end(self) -> None:
        """End the running call."""
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
