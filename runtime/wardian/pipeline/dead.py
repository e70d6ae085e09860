"""From a record that is given up to the dead letter that keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wardian.errors import GuestError, LimitExceeded, Trap, WardianError
from wardian.transport.contract import DeadLetter

if TYPE_CHECKING:
    from wardian.pipeline.item import Item
    from wardian.pipeline.stage import Stage


def dead_letter(
    pipeline: str, stage: Stage | None, item: Item, error: WardianError, attempts: int, at_ms: int
) -> DeadLetter:
    """The record as it went in, with all that is known of its failure.

    Args:
        pipeline: the name of the pipeline.
        stage: where it failed, or None where it found no sink.
        item: the record.
        error: why it is given up.
        attempts: how often it was tried.
        at_ms: now, in milliseconds since 1970.
    """
    frames = error.backtrace if isinstance(error, (Trap, LimitExceeded)) else ()
    guest = isinstance(error, GuestError)
    return DeadLetter(
        pipeline=pipeline, member="" if stage is None else stage.member.name, source=item.entry.source,
        cursor=item.entry.cursor, key=item.key(pipeline), value=item.traced(),
        kind=error.kind if isinstance(error, GuestError) else "",
        code=(error.guest_code or "") if isinstance(error, GuestError) else error.code,
        message=error.message if guest else str(error).split("\n", 1)[0],
        details=error.details if isinstance(error, GuestError) else None, trace="\n".join(frames),
        attempts=attempts, at_ms=at_ms, plugin=(stage.member.plugin or "") if stage is not None else "",
        digest=getattr(stage.use, "digest", "") if stage is not None else "",
    )  # fmt: skip
