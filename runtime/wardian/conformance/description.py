"""A package's description, as far as a check needs it: its wishes, and its symbols."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.abi.contract import kinds_served
from wardian.errors import ConfigError
from wardian.package.manifest import Symbol
from wardian.policy import Limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardian.package.manifest import Manifest

_LIMITS: Final = frozenset(Limits().written())


def faults(manifest: Manifest) -> Sequence[str]:
    """What is wrong with its wishes: they have to be limits, a line for each that is none."""
    wishes = manifest.limits
    unknown = [f"limits.{name}: there is no such limit" for name in sorted(wishes.keys() - _LIMITS)]
    try:
        Limits(**{name: value for name, value in wishes.items() if name in _LIMITS})
    except ConfigError as error:
        return *unknown, *(f"limits.{problem}" for problem in error.problems)
    return unknown


def symbols(manifest: Manifest | None, exports: frozenset[str]) -> tuple[Symbol, ...]:
    """Its symbols; where nothing is described, one for each kind that the exports serve.

    A module that serves no kind has one symbol of none, with entry points of its author's own.
    """
    if manifest is not None:
        return manifest.symbols
    return tuple(Symbol(kind, "") for kind in kinds_served(exports)) or (Symbol("", ""),)
