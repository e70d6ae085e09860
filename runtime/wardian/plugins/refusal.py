"""Why a plugin is not called at all, as errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.errors import PackageError, WardianError
from wardian.sandbox.faults import printable
from wardian.sandbox.module import listed

if TYPE_CHECKING:
    from collections.abc import Sequence


def no_such_entry(entry: str, known: Sequence[str], plugin: str) -> WardianError:
    """The error for an entry point that a plugin does not have."""
    return PackageError(
        f"no entry point is named `{printable(str(entry))}`", code="no_such_entry", where=plugin,
        hint=f"the plugin's entry points: {listed(list(known)) or 'none'}",
    )  # fmt: skip


def no_thread(error: RuntimeError) -> WardianError:
    """The error for a thread that could not be started."""
    return WardianError(
        f"no thread can be had: {error}", code="busy",
        hint="too many threads or processes run, or memory is short; try again in a while",
    )  # fmt: skip
