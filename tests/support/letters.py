"""Dead letters in the files of pipelines, for tests of what shows and mends them."""

from __future__ import annotations

from unit.transport.logs import letter
from wardian.transport.journal import Journal


def give_up(path, *letters, pipeline="words"):
    """Open the pipeline of a file, and have it give up these, one record each."""
    bounds = {"queue_count": 1000, "queue_bytes": 2**30}
    path.parent.mkdir(parents=True, exist_ok=True)
    with Journal(path, pipeline=pipeline, sources=["lines"], **bounds) as log:
        for each in letters:
            last = log.append("lines", [each.value])
            log.read(last - 1, 1, 10**9, 0)
            log.commit(last, dead=[each])


__all__ = ["give_up", "letter"]
