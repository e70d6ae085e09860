"""What tests of state stores share."""

import time
from concurrent.futures import ThreadPoolExecutor

from wardian.policy import Limits
from wardian.state.contract import Quota, Scope

QUOTA = Quota.of(Limits())
MINE = Scope("counter", "one")
YEAR_MS = 365 * 86_400_000


class Clock:
    now_ms = 1_800_000_000_000

    def __call__(self):
        return self.now_ms


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
