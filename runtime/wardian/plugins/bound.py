"""`Bound`: a loaded module with the symbol and the configuration that it is to be used with, before it is opened."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wardian.plugins.binding import Binding, opening
from wardian.plugins.scopes import Claim, scope_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from wardian.package.manifest import Symbol
    from wardian.plugins.load import Loaded
    from wardian.plugins.plugin import Plugin


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Bound:
    """What a use is made of; nothing runs until it is opened.

    Attributes:
        loaded: the module.
        symbol: the symbol, or None where the module describes none.
        binding: the configuration.
        instance: the name of the use.
        one: whether it has one instance, which holds what the next call needs.
    """

    loaded: Loaded
    symbol: Symbol | None
    binding: Binding = field(repr=False)
    instance: str
    one: bool = False

    def resumed(self, resume: Callable[[], object], answered: Callable[[object], object]) -> Bound:
        """The same, for a source: where to resume from, and who is told what an instance answers to being opened."""
        return dataclasses.replace(self, binding=dataclasses.replace(self.binding, resume=resume, answered=answered))

    def claim(self) -> Claim | None:
        """The sole use of its state, where that is granted; one that has a place is the only one by that.

        Raises:
            ConfigError: another open use has it.
        """
        request = self.loaded.request
        if not request.grants.state or request.place is not None:
            return None
        return self.loaded.shared.scopes.claim(request.name, self.binding.symbol, self.instance)

    def open(self) -> Plugin:
        """Its instances, the first one open, unless each call has a fresh one.

        Raises:
            WardianError: as `Runtime.load`.
        """
        return self._bind(self.binding, fresh=self.loaded.request.fresh)

    def fresh(self, *, opened: bool) -> Plugin:
        """A plugin of the same binding whose every call has a new instance, opened or not; its caller closes it."""
        return self._bind(dataclasses.replace(self.binding, opens=opened), fresh=True)

    def asked(self) -> dict[str, Any]:
        """The request by which a configuration is judged: what an instance would be opened with."""
        request = self.loaded.request
        how = opening(self.binding, request.name, self.instance, self.loaded.manifest, request.place)
        return dict(how.request())

    def _bind(self, binding: Binding, *, fresh: bool) -> Plugin:
        asked = self.loaded.request
        request = dataclasses.replace(
            asked,
            instance=self.instance,
            scope=scope_name(binding.symbol, self.instance) if asked.place is None else asked.place.state,
            instances=1 if self.one else asked.instances,
            fresh=fresh,
        )
        plugin = self.loaded.bind(binding, request)
        self.loaded.shared.adopt(plugin)
        return plugin
