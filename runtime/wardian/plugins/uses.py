"""How a loaded plugin becomes a source, an action, a processor, …: a method for each kind."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from wardian.abi.contract import PLUGIN_OPEN
from wardian.errors import Cancelled, ConfigError
from wardian.plugins.binding import bound
from wardian.plugins.bound import Bound
from wardian.plugins.choice import check_section, choose

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.package.manifest import Manifest
    from wardian.plugins.action import Action
    from wardian.plugins.aggregator import Aggregator
    from wardian.plugins.extension import Extension
    from wardian.plugins.function import Function
    from wardian.plugins.load import Loaded
    from wardian.plugins.lookup import Lookup
    from wardian.plugins.plugin import Plugin
    from wardian.plugins.processor import Processor
    from wardian.plugins.sink import Sink
    from wardian.plugins.source import Source
    from wardian.plugins.use import Use
    from wardian.timing import Clock

    Config = Mapping[str, Any] | Sequence[Mapping[str, Any]]

Made = TypeVar("Made", bound="Use")

# The kinds are imported when they are first used: each start would pay for all of them otherwise.
# ruff: noqa: PLC0415


class Uses:
    """The kinds of a plugin, for `Plugin`.

    Each method opens a use of its own: the same compiled module, with a configuration, instances, state and a
    cancellation of its own. What they have in common:

    Args:
        config: a map, or several maps, the later over the earlier: over the package's defaults for the symbol, the
            section, and what `load` was given.
        symbol: which of the package's symbols; may be left out where only one is of that kind.
        section: one of the sections of configuration that the package has for the symbol.
        instance: the name of the use; with the plugin's and the symbol's the scope of its state, which no two open
            uses share.

    Raises:
        PackageError: `no_such_symbol`, or several fit and none was named; both with those that there are.
        ConfigError: there is no such section, the plugin refuses its configuration, or another open use has its state
            under the same names.
        WardianError: otherwise as `Runtime.load`.
    """

    name: str
    entries: tuple[str, ...] | None

    def __init__(self, loaded: Loaded | None) -> None:
        self._loaded = loaded
        self._uses: list[weakref.ref[Use]] = []
        self._lock = threading.Lock()

    if TYPE_CHECKING:

        @property
        def closed(self) -> bool:
            """Whether it answers no call any more."""

    @property
    def manifest(self) -> Manifest | None:
        """What the module's package says of itself, or None where it says nothing."""
        return None if self._loaded is None else self._loaded.manifest

    def source(
        self,
        config: Config | None = None,
        *,
        symbol: str | None = None,
        section: str | None = None,
        instance: str = "default",
        resume: object = None,
        clock: Clock | None = None,
    ) -> Source:
        """Use it as a source: see `Source`; `resume` is the offset to go on from, `clock` what it waits by."""
        from wardian.plugins.source import Source

        return self._keep(Source(self._bound("source", config, symbol, section, instance, one=True), resume, clock))

    def action(
        self,
        config: Config | None = None,
        *,
        symbol: str | None = None,
        section: str | None = None,
        instance: str = "default",
    ) -> Action:
        """Use it as an action: see `Action`."""
        from wardian.plugins.action import Action

        return self._keep(Action(self._bound("action", config, symbol, section, instance)))

    def processor(
        self,
        config: Config | None = None,
        *,
        symbol: str | None = None,
        section: str | None = None,
        instance: str = "default",
    ) -> Processor:
        """Use it as a processor: see `Processor`."""
        from wardian.plugins.processor import Processor

        return self._keep(Processor(self._bound("processor", config, symbol, section, instance)))

    def function(
        self,
        config: Config | None = None,
        *,
        symbol: str | None = None,
        section: str | None = None,
        instance: str = "default",
    ) -> Function:
        """Use it as a function: see `Function`."""
        from wardian.plugins.function import Function

        return self._keep(Function(self._bound("function", config, symbol, section, instance)))

    def aggregator(
        self,
        config: Config | None = None,
        *,
        symbol: str | None = None,
        section: str | None = None,
        instance: str = "default",
    ) -> Aggregator:
        """Use it as an aggregator: see `Aggregator`."""
        from wardian.plugins.aggregator import Aggregator

        return self._keep(Aggregator(self._bound("aggregator", config, symbol, section, instance, one=True)))

    def sink(
        self,
        config: Config | None = None,
        *,
        symbol: str | None = None,
        section: str | None = None,
        instance: str = "default",
    ) -> Sink:
        """Use it as a sink: see `Sink`."""
        from wardian.plugins.sink import Sink

        return self._keep(Sink(self._bound("sink", config, symbol, section, instance, one=True)))

    def lookup(
        self,
        config: Config | None = None,
        *,
        symbol: str | None = None,
        section: str | None = None,
        instance: str = "default",
    ) -> Lookup:
        """Use it as a lookup: see `Lookup`."""
        from wardian.plugins.lookup import Lookup

        return self._keep(Lookup(self._bound("lookup", config, symbol, section, instance)))

    def extension(
        self,
        config: Config | None = None,
        *,
        symbol: str | None = None,
        section: str | None = None,
        instance: str = "default",
    ) -> Extension:
        """Use it as an extension: see `Extension`."""
        from wardian.plugins.extension import Extension

        return self._keep(Extension(self._bound("extension", config, symbol, section, instance)))

    def check(
        self, config: Config | None = None, *, symbol: str | None = None, section: str | None = None
    ) -> list[tuple[str, str]]:
        """What the plugin has to say of a configuration before it is used; see `Use.check`."""
        from wardian.plugins.use import check

        return check(self._bound(None, config, symbol, section, "default"))

    def _bound(
        self, kind: str | None, config: Config | None, symbol: str | None, section: str | None, instance: str, *,
        one: bool = False,
    ) -> Bound:  # fmt: skip
        loaded = self._loaded
        if loaded is None or self.closed:
            raise Cancelled(f"the plugin `{self.name}` is closed")
        chosen = choose(loaded.manifest, self.entries, kind, symbol, self.name)
        check_section(chosen, section, self.name)
        layers = _layers(config)
        if any(layers) and not loaded.takes_config:
            raise ConfigError(
                "this plugin takes no configuration", where=self.name, hint=f"it has no `{PLUGIN_OPEN}` to give it to"
            )
        return Bound(loaded, chosen, bound(chosen, section, (loaded.request.config, *layers)), instance, one)

    def _keep(self, use: Made) -> Made:
        with self._lock:
            self._uses = [*(each for each in self._uses if each() is not None), weakref.ref(use)]
        return use

    def _open_uses(self) -> list[Use]:
        return [use for each in self._uses if (use := each()) is not None and not use.closed]


def opened(
    plugin: Uses, config: Mapping[str, Any], *, symbol: str | None, section: str | None, instance: str,
    resume: object,
    answered: Callable[[object], object],
) -> Plugin:  # fmt: skip
    """One instance of a symbol, to be called by its entry points, as a kind's use calls them; its caller closes it.

    Args:
        plugin: whose symbol.
        config: the configuration, over the symbol's defaults and the section.
        symbol: its name, or None where the plugin has one.
        section: one of the symbol's sections, or None.
        instance: the name of this use.
        resume: the offset that a source goes on from, or None.
        answered: told what the instance answers to being opened.

    Raises:
        WardianError: as for a use.
    """
    bound = plugin._bound(None, config, symbol, section, instance, one=True)  # noqa: SLF001 - its own module
    return bound.resumed(lambda: resume, answered).open()


def _layers(config: object) -> tuple[Mapping[str, Any], ...]:
    """The layers that were given, the weakest first.

    Raises:
        ConfigError: one of them is no map, or has a key that is no text.
    """
    given = [] if config is None else [config] if isinstance(config, Mapping) else config
    if isinstance(given, (str, bytes)) or not isinstance(given, Sequence):
        raise ConfigError(f"a configuration is a map, or a list of maps, not {type(config).__name__}")
    problems = []
    for at, each in enumerate(given):
        if not isinstance(each, Mapping):
            problems.append(f"config[{at}]: expected a map, got {type(each).__name__}")
            continue
        problems += [f"config[{at}]: expected text as the key, got {key!r}" for key in each if not isinstance(key, str)]
    if problems:
        raise ConfigError("the configuration is wrong", problems=problems)
    return tuple(given)
