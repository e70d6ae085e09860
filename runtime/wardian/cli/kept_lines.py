"""What a state directory keeps, as people read it and as plain data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from wardian.cli.diagnostics import shown
from wardian.quantity import format_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wardian.engine.kept import Kept
    from wardian.state.contract import Usage

_ORPHAN = "orphan"


def lines(kept: Sequence[Kept], shared: Sequence[Usage]) -> Iterator[str]:
    """A line for each pipeline, and one for each scope of state in it; each line is printable."""
    for each in kept:
        yield from _pipeline(each)
    if shared:
        yield click.style("/", bold=True)
        yield from (_state(usage, "") for usage in shared)
    if not kept and not shared:
        yield "nothing is kept"


def as_dict(kept: Sequence[Kept], shared: Sequence[Usage]) -> dict[str, Any]:
    """The same as plain data; times are milliseconds since 1970."""
    return {"pipelines": [_plain(each) for each in kept], "shared": [_usage(usage) for usage in shared]}


def _pipeline(kept: Kept) -> Iterator[str]:
    name = click.style(kept.pipeline, bold=True)
    orphan = f", {click.style(_ORPHAN, fg='yellow')}" if kept.orphan else ""
    found = kept.holdings
    if found is None:
        yield f"{name}  cannot be read: {shown(kept.error.message if kept.error else '')}{orphan}"
        return
    yield f"{name}  {format_size(kept.size)}, {found.waiting:,} waiting, {found.dead:,} dead{orphan}"
    yield from (_state(usage, _ORPHAN if _member(usage) in kept.orphans else "") for usage in found.state)


def _state(usage: Usage, mark: str) -> str:
    written = datetime.fromtimestamp(usage.written_ms / 1000, UTC).isoformat(" ", "seconds").removesuffix("+00:00")
    more = f", {click.style(mark, fg='yellow')}" if mark else ""
    said = f"{usage.keys:,} keys, {usage.total:,} bytes, written {written}Z"
    return f"  {shown(usage.scope.instance)}  {shown(usage.scope.plugin)}: {said}{more}"


def _plain(kept: Kept) -> dict[str, Any]:
    found = kept.holdings
    told: dict[str, Any] = {"name": kept.pipeline, "bytes": kept.size, "orphan": kept.orphan}
    told["orphans"] = list(kept.orphans)
    if found is None:
        return told | {"error": "" if kept.error is None else str(kept.error)}
    return told | {
        "cursor": found.cursor, "waiting": found.waiting, "waiting_bytes": found.waiting_bytes, "dead": found.dead,
        "offsets": list(found.offsets), "windows": list(found.windows),
        "state": [_usage(usage) for usage in found.state],
    }  # fmt: skip


def _usage(usage: Usage) -> dict[str, Any]:
    scope = usage.scope
    return {
        "plugin": scope.plugin, "instance": scope.instance, "keys": usage.keys, "bytes": usage.total,
        "written_ms": usage.written_ms,
    }  # fmt: skip


def _member(usage: Usage) -> str:
    return usage.scope.instance.partition("/")[2]
