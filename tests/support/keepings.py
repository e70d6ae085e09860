"""Files of pipelines that keep something: records that wait, offsets, windows and state."""

from __future__ import annotations

import time

from wardian.state.contract import Quota, Scope
from wardian.transport.contract import WindowChange
from wardian.transport.journal import Journal

QUOTA = Quota(keys=100, total=10_000, value=1_000)


def put(store, plugin, instance, **values):
    """Keep these in one scope."""
    with store.begin(Scope(plugin, instance), QUOTA, time.monotonic() + 5) as transaction:
        for key, value in values.items():
            transaction.put(key.encode(), value)
        transaction.commit()


def keep(path, pipeline, *members, waiting=0, source="in"):
    """The file of a pipeline whose source stands at 7, and whose members have a key of state each and a window."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Journal(path, pipeline=pipeline, sources=[source], queue_count=100, queue_bytes=10**6) as log:
        last = log.append(source, [{"data": 1}], 7)
        log.read(0, 1, 10**6, 0)
        for member in members:
            put(log.state, "plugin", f"{pipeline}/{member}", key=b"value")
        log.commit(last, windows=[WindowChange(each, cleared=False, added=[(1, {"data": 1})]) for each in members])
        if waiting:
            log.append(source, [{"data": each} for each in range(waiting)])
