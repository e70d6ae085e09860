"""State shared by processes, and what is left when they are killed."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing

import pytest

from unit.state.stores import MINE, YEAR_MS, begin, count_up, keep, look, run, usage
from wardian.errors import CapabilityError, StateError
from wardian.state.contract import Scope
from wardian.state.sqlite import SqliteStore

CHILD = """
import sys, time
from wardian.state.contract import Quota, Scope
from wardian.state.sqlite import SqliteStore

def begin(store, instance="one"):
    return store.begin(Scope("counter", instance), Quota(1000, 10**6, 10**5), time.monotonic() + 60)

store = SqliteStore(sys.argv[1])
"""
COUNTER = """
for _ in range(200):
    with begin(store) as tx:
        tx.put(b"n", b"%d" % (int(tx.get(b"n") or 0) + 1))
        tx.commit()
store.close()
"""
STORM = """
import itertools, os
with begin(store) as tx:
    first = int(tx.get(b"0") or 0)
for n in itertools.count(first + 1):
    with begin(store) as tx:
        for key in range(8):
            tx.put(b"%d" % key, b"%d" % n)
        tx.delete(b"odd") if n % 2 else tx.put(b"odd", b"x" * (n % 9000))
        tx.commit()
    os.write(1, b"%d\\n" % n)
"""


def child(script, path):
    return subprocess.Popen([sys.executable, "-c", CHILD + script, str(path)], stdout=subprocess.PIPE)


class TestProcesses:
    def test_lose_no_update_of_one_scope(self, path):
        children = [child(COUNTER, path) for _ in range(3)]
        for process in children:
            process.communicate()
            assert process.returncode == 0
        with SqliteStore(path) as store:
            assert look(store, b"n") == b"600"

    def test_killed_in_a_storm_leave_whole_transactions_only(self, path):
        dice = random.Random(7)
        for _ in range(10):
            with child(STORM, path) as process:
                told = process.stdout.readline()
                time.sleep(dice.uniform(0, 0.03))
                os.kill(process.pid, signal.SIGKILL)
                told += process.stdout.read()
            last = int(told[: told.rindex(b"\n")].split()[-1])
            with SqliteStore(path) as store, begin(store) as tx:
                values = {key: tx.get(key) for key in sorted(tx.keys())}
                (n,) = {int(values[b"%d" % key]) for key in range(8)}
                assert last <= n <= last + 1  # all that was told is there; one more may have been
                assert values.get(b"odd") == (None if n % 2 else b"x" * (n % 9000))
                assert usage(store) == (len(values), sum(len(key) + len(value) for key, value in values.items()))

    def test_killed_while_they_hold_a_scope_let_go_of_it(self, path):
        with child("tx = begin(store); print('held', flush=True); time.sleep(60)", path) as process:
            process.stdout.readline()
            with SqliteStore(path) as store:
                with pytest.raises(CapabilityError) as caught:
                    begin(store, patience=0.05)
                assert caught.value.kind == "transient"
                keep(store, Scope("counter", "two"), a=b"1")
                process.kill()
                keep(store, a=b"1")

    def test_two_stores_of_one_process_exclude_each_other(self, path):
        with SqliteStore(path) as one, SqliteStore(path) as two:
            with begin(one):
                SqliteStore(path).close()  # closing a third lets go of nothing
                with pytest.raises(CapabilityError):
                    begin(two, patience=0.01)
            run(lambda store: count_up(store, 200), [one, two, one, two])
            assert look(one, b"n") == b"800"

    def test_state_outlives_the_store(self, path, clock):
        with SqliteStore(path, now_ms=clock) as store:
            keep(store, ttl_ms=10, short=b"1")
            keep(store, long=b"2")
            clock.now_ms += 10
            keep(store, other=b"3")
        clock.now_ms -= YEAR_MS
        with closing(SqliteStore(path, now_ms=clock)) as store, begin(store) as tx:
            assert tx.keys() == [b"long", b"other"]


class TestFork:
    def test_a_child_is_refused_and_takes_nothing_from_its_parent(self, path):
        with SqliteStore(path) as store, begin(store) as tx:
            tx.put(b"a", b"1")
            told, tell = os.pipe()
            if (process := os.fork()) == 0:
                codes = []
                for use in (lambda: begin(store), lambda: tx.get(b"b"), tx.commit, store.scopes):
                    try:
                        use()
                    except StateError as error:
                        codes.append(error.code)
                store.close()
                os.write(tell, " ".join(codes).encode())
                os._exit(0)
            os.waitpid(process, 0)
            assert os.read(told, 1000) == b"state_forked state_forked state_forked state_forked"
            os.close(told)
            os.close(tell)
            with SqliteStore(path) as other, pytest.raises(CapabilityError):
                begin(other, patience=0.01)  # the child's end of the transaction did not free the parent's scope
            tx.commit()
            assert look(store, b"a") == b"1"


class TestFence:
    def test_a_commit_past_the_lock_is_refused_and_loses_nothing(self, path):
        """As when somebody deletes the lock file while stores are open."""
        with SqliteStore(path) as one:
            keep(one, n=b"1")
            path.with_name(path.name + "-lock").unlink()
            with SqliteStore(path) as two, begin(one) as early:
                early.put(b"n", b"early")
                keep(two, n=b"late")
                with pytest.raises(CapabilityError) as caught:
                    early.commit()
                assert caught.value.kind == "conflict"
                assert look(two, b"n") == b"late"
                keep(one, n=b"again")

    def test_a_first_commit_past_the_lock_is_refused(self, path):
        with SqliteStore(path) as one:
            path.with_name(path.name + "-lock").unlink()
            with SqliteStore(path) as two, begin(one) as early:
                early.put(b"n", b"early")
                keep(two, n=b"late")
                with pytest.raises(CapabilityError):
                    early.commit()
            assert look(one, b"n") == b"late"


def test_a_clear_is_one_commit(path):
    with SqliteStore(path) as store:
        keep(store, a=b"1")
        with begin(store) as tx:
            tx.put(b"a", b"2")
            with SqliteStore(path) as other, pytest.raises(CapabilityError):
                other.clear(MINE, time.monotonic() + 0.01)
            tx.commit()
        store.clear(MINE)
        assert store.scopes() == []


def test_what_expired_stays_so_for_a_later_process_whose_clock_is_behind(path, clock):
    with SqliteStore(path, now_ms=clock) as store:
        keep(store, ttl_ms=10, **{str(number): b"" for number in range(1000)})
        clock.now_ms += 10
        keep(store, lasting=b"")
        assert usage(store)[0] > 1, "more than one small commit deletes"
    clock.now_ms -= YEAR_MS
    with SqliteStore(path, now_ms=clock) as store, begin(store) as tx:
        assert tx.keys() == [b"lasting"]
