"""What the instances of a plugin are opened for: one symbol, with its configuration."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wardian.guests.guest import Opening
from wardian.plugins.layers import merge_layers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wardian.package.manifest import Manifest, Symbol
    from wardian.plugins.place import Place


@dataclass(frozen=True, slots=True)
class Binding:
    """A symbol with its configuration.

    Attributes:
        symbol: its name, or an empty text for a module that describes none.
        config: the configuration, merged; it may hold secrets.
        layers: what it was merged from, the weakest first; without those that are empty.
        resume: gives the offset to resume from, or None; asked whenever an instance is opened.
        answered: called with what an instance answers to being opened; what it raises fails the start.
        opens: whether instances are opened at all; not those that judge a configuration before it is used.
    """

    symbol: str = ""
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    layers: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    resume: Callable[[], object] | None = None
    answered: Callable[[object], object] | None = None
    opens: bool = True


def bound(symbol: Symbol | None, section: str | None, layers: Sequence[Mapping[str, Any]]) -> Binding:
    """The binding of a symbol with these layers of configuration over its defaults and a section that it has."""
    if symbol is None:
        return Binding(config=merge_layers({}, {}, layers), layers=tuple(filter(None, layers)))
    chosen = {} if section is None else symbol.sections[section]
    everything = tuple(filter(None, (symbol.defaults, chosen, *layers)))
    return Binding(symbol.name, merge_layers(symbol.defaults, chosen, layers), everything)


def opening(
    binding: Binding, name: str, instance: str, manifest: Manifest | None, place: Place | None = None
) -> Opening:
    """How the instances of a binding are opened; the package's own name and version are for the guest alone."""
    context = {
        "plugin": name if manifest is None else manifest.name,
        "version": "" if manifest is None else str(manifest.version),
        "symbol": binding.symbol,
        "instance": instance if place is None else place.member,
        "pipeline": "" if place is None else place.pipeline,
        "run": os.urandom(16).hex(),
    }

    def request() -> dict[str, Any]:
        asked: dict[str, Any] = {"config": dict(binding.config), "context": context, "layers": list(binding.layers)}
        if binding.resume is not None and (offset := binding.resume()) is not None:
            asked["resume"] = offset
        return asked

    return Opening(request, binding.answered)
