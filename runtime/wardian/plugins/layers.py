"""Configuration in layers, the later over the earlier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def merge_layers(
    defaults: Mapping[str, Any], section: Mapping[str, Any], layers: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """One configuration: the defaults, over them the section, over it each layer; none of them is changed.

    Maps are merged key by key; of all else the last one counts.
    """
    merged: dict[str, Any] = {}
    for layer in (defaults, section, *layers):
        merged = _over(merged, layer)
    return merged


def _over(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        held = merged.get(key)
        merged[key] = _over(held, value) if isinstance(held, dict) and isinstance(value, dict) else value
    return merged
