"""What tests of state stores share."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from wardian.policy import Limits
from wardian.state.contract import Quota, Scope
from wardian.state.memory import MemoryStore
from wardian.state.sqlite import SqliteStore
from wardian.state.staged import StagedStore

QUOTA = Quota.of(Limits())
MINE = Scope("counter", "one")
YEAR_MS = 365 * 86_400_000


STORES = ("memory", "sqlite", "staged memory", "staged sqlite")


class Clock:
    now_ms = 1_800_000_000_000

    def __call__(self):
        return self.now_ms


@contextmanager
def opened(kind, path, clock):
    """A store of each kind."""
    below = SqliteStore(path, now_ms=clock) if kind.endswith("sqlite") else MemoryStore(now_ms=clock)
    with below:
        if kind.startswith("staged"):
            with StagedStore(below) as store:
                yield store
        else:
            yield below


def begin(store, scope=MINE, quota=QUOTA, *, patience=30.0, **more):
    return store.begin(scope, quota, time.monotonic() + patience, **more)


def keep(store, scope=MINE, quota=QUOTA, ttl_ms=None, **values):
    with begin(store, scope, quota) as tx:
        for key, value in values.items():
            tx.put(key.encode(), value, ttl_ms)
        tx.commit()


def look(store, key, scope=MINE):
    with begin(store, scope) as tx:
        return tx.get(key)


def usage(store, scope=MINE):
    return next((found.keys, found.total) for found in store.scopes() if found.scope == scope)


def run(work, arguments):
    """In one thread each, all at once; the first exception is raised here."""
    arguments = list(arguments)
    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(work, arguments))


def count_up(store, times, scope=MINE):
    for _ in range(times):
        with begin(store, scope) as tx:
            tx.put(b"n", b"%d" % (int(tx.get(b"n") or 0) + 1))
            tx.commit()
