"""`snapshot`: runs a module's initialiser now, so that every instance begins where it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wardian.capabilities.log import to_logging
from wardian.errors import PackageError
from wardian.policy import Limits
from wardian.snapshot import frozen, initialiser, marking
from wardian.snapshot import outline as outlines

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from wardian.capabilities.log import LogLine
    from wardian.snapshot.outline import Outline

DEFAULT_ENTRIES: Final = ("wardian_snapshot", "wizer_initialize")
_CODE: Final = "no_snapshot"


def snapshot(
    wasm: bytes,
    *,
    entry: str | None = None,
    argument: bytes | None = None,
    keep: Collection[str] = (),
    limits: Limits | None = None,
    name: str = "snapshot",
    log: Callable[[LogLine], None] = to_logging,
) -> bytes:
    """The module as it is after its start section, `_initialize` and `entry` have run; equal bytes for equal ones.

    They run in the sandbox, in a world without time, chance, files or network: log lines are shown, and any other host
    call ends them. What they left in memory and globals is written into the module; the start section and the exports
    that were run are taken out. Indices, code, names and other custom sections stay as they are.

    Args:
        wasm: a core module.
        entry: the export to run, `() -> ()` or of the type of the ABI's entry points; by default `wardian_snapshot` or
            `wizer_initialize`, where one of them is there.
        argument: bytes to give to the entry, put where `wardian_alloc` says; without it, one of that type gets null.
        keep: exports that stay though they were run.
        limits: what it may use; all of it runs within `start_deadline`.
        name: the plugin's name in log lines.
        log: takes these, on the caller's thread.

    Raises:
        PackageError: `no_snapshot` for what cannot be carried, `no_such_entry`, or the module is not valid.
        GuestError: the entry answered with an error.
        WardianError: whatever ended it.
    """
    limits = limits or Limits()
    module = outlines.read(wasm)
    _check(module)
    exported = {each.name for each in module.exports}
    if entry is None:
        entry = next((each for each in DEFAULT_ENTRIES if each in exported), None)
    order = initialiser.Order(entry, argument, limits, name, log)
    initialiser.check(module, order)
    gone = frozen.dropped(module, entry, keep)
    remains = initialiser.run(marking.mark(module), order)
    if remains.notes:
        raise PackageError(
            f"the initialiser {' and '.join(remains.notes)}, which a snapshot cannot carry", code=_CODE,
            hint="let it do that when the plugin is opened",
        )  # fmt: skip
    return frozen.freeze(module, remains, gone)


def _check(module: Outline) -> None:
    """Refuse what a snapshot cannot carry, before anything runs."""
    for each in module.interface.imports:
        if each.kind != "func":
            raise PackageError(
                f"the module imports a {each.kind}, `{each.module}.{each.name}`: what it holds is not its own to carry",
                code=_CODE, hint="build it so that it defines its own",
            )  # fmt: skip
    if len(module.memories) != 1:
        raise PackageError(
            f"the module has {len(module.memories)} memories: a snapshot is of one", code=_CODE,
            hint="build it with one memory of its own",
        )  # fmt: skip
    if module.memories[0].flags & 0xFE:
        raise PackageError(
            "the module's memory is shared, or of 64 bits: a snapshot is of one thread and 32 bits", code=_CODE,
            hint="build it for wasm32, without threads",
        )  # fmt: skip
    private = [each.name for each in module.exports if each.name.startswith(marking.PRIVATE)]
    if private:
        raise PackageError(
            f"the module exports `{private[0]}`: names that begin with `{marking.PRIVATE}` are kept for the host",
            code=_CODE, hint="give it another name",
        )  # fmt: skip
