"""Whether what a call came to is what its case says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wardian.errors import GuestError
from wardian.toolchain.cases.difference import differences, shown
from wardian.toolchain.cases.difference import of_reply as of_output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wardian.errors import WardianError
    from wardian.toolchain.cases.document import Call, Refusal
    from wardian.toolchain.cases.world import World


def told(error: WardianError) -> str:
    """An error in a line, with what it is about."""
    kind = f"[{error.kind}] " if isinstance(error, GuestError) else f"{error.code}: "
    frames = getattr(error, "backtrace", ())
    return "; ".join([f"{kind}{error.message}", *error.problems[:5]]) + (f", in {frames[0]}" if frames else "")


def of_reply(call: Call, reply: object, world: World) -> Iterator[str]:
    """What is not as the case says, of a call that succeeded."""
    if call.error is not None:
        yield f"expected an error{_wanted(call.error)}, got {shown(reply)}"
        return
    if call.says("output"):
        yield from of_output(call.entry, call.at.node.value["output"].plain(), reply)
    yield from _beside(call, world)


def of_error(call: Call, error: WardianError, world: World | None = None) -> Iterator[str]:
    """What is not as the case says, of a call that failed."""
    own = error if isinstance(error, GuestError) else error.__cause__
    if call.error is None:
        yield f"it failed: {told(error)}"
        return
    wanted = call.error
    if isinstance(own, GuestError):
        came: dict[str, Any] = {"kind": own.kind, "message": own.message, "code": own.guest_code, "fault": None}
    else:
        came = {"kind": None, "message": error.message, "code": None, "fault": error.code}
    for name, given in came.items():
        expected = getattr(wanted, name)
        if expected is not None and expected != given:
            yield f"error.{name}: expected {shown(expected)}, got {told(error) if given is None else shown(given)}"
    if world is not None:
        yield from _beside(call, world)


def _beside(call: Call, world: World) -> Iterator[str]:
    """What else a call left behind: log lines and records."""
    if call.says("logs"):
        levels = [each.level for each in world.lines] + ["info"] * len(call.logs)
        wanted = [f"{each.level or level}: {each.message}" for each, level in zip(call.logs, levels, strict=False)]
        yield from differences(wanted, [f"{each.level}: {each.message}" for each in world.lines], "logs")
    if call.says("emits"):
        yield from differences(call.at.node.value["emits"].plain(), world.emitted, "emits")


def _wanted(error: Refusal) -> str:
    said = {name: getattr(error, name) for name in ("kind", "message", "code", "fault")}
    told = ", ".join(f"{name} {shown(held)}" for name, held in said.items() if held is not None)
    return f" ({told})" if told else ""
