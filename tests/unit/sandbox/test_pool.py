import contextlib
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from wardian.errors import Cancelled, LimitExceeded
from wardian.sandbox.pool import Pool


class Item:
    """Notes who uses it and whether it was closed."""

    made: list  # set by the fixture

    def __init__(self):
        self.broken = self.closed = False
        self.users = 0
        self.made.append(self)

    def close(self):
        assert not self.closed, "closed twice"
        self.closed = True


@pytest.fixture
def make():
    return type("Made", (Item,), {"made": []})


def borrow(pool):
    try:
        return pool.idle.pop()
    except IndexError:
        return pool.another()


def give_back(pool, item):
    if item.broken or pool.fresh:
        pool.release(item)
    else:
        pool.idle.append(item)
        if pool.attended:
            pool.attend()


def test_an_item_is_made_when_needed_and_used_again(make):
    pool = Pool(make, 2, 1, fresh=False)
    assert make.made == []
    first = borrow(pool)
    give_back(pool, first)
    assert borrow(pool) is first
    assert borrow(pool) is not first
    assert len(make.made) == 2


def test_a_broken_item_is_closed_and_replaced(make):
    pool = Pool(make, 1, 1, fresh=False)
    first = borrow(pool)
    first.broken = True
    give_back(pool, first)
    assert first.closed
    assert borrow(pool) is not first


def test_a_fresh_item_is_used_once(make):
    pool = Pool(make, 1, 1, fresh=True)
    for _ in range(3):
        give_back(pool, borrow(pool))
    assert [item.closed for item in make.made] == [True] * 3


def test_who_waits_too_long_is_told(make):
    pool = Pool(make, 1, 0.05, fresh=False)
    borrow(pool)
    began = time.monotonic()
    with pytest.raises(LimitExceeded) as caught:
        borrow(pool)
    assert 0.05 <= time.monotonic() - began < 0.5
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("instances", 1, 2)


def test_who_waits_gets_what_comes_free(make):
    pool = Pool(make, 1, 5, fresh=False)
    held = borrow(pool)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(borrow, pool)
        time.sleep(0.05)
        assert not waiting.done()
        give_back(pool, held)
        assert waiting.result(1) is held


def test_a_failure_to_make_one_takes_no_room(make):
    fails = [RuntimeError("no"), RuntimeError("no")]

    def sometimes():
        if fails:
            raise fails.pop()
        return make()

    pool = Pool(sometimes, 1, 0.1, fresh=False)
    for _ in range(2):
        with pytest.raises(RuntimeError):
            borrow(pool)
    assert borrow(pool) is make.made[0]


def test_the_end_of_the_interpreters_stack_takes_no_place(make):
    pool = Pool(make, 1, 0.01, fresh=True)

    def use(depth):
        if depth:
            use(depth - 1)
        else:
            pool.release(pool.another())

    for depth in range(sys.getrecursionlimit() - 100, sys.getrecursionlimit()):
        with contextlib.suppress(RecursionError):
            use(depth)
    pool.release(pool.another())
    assert pool.wait_until_free(0)
    assert all(item.closed for item in make.made)


def test_who_is_refused_hears_of_nothing_else(make):
    pool = Pool(make, 1, 0.01, fresh=False)
    borrow(pool)
    with pytest.raises(LimitExceeded) as busy:
        pool.another()
    pool.close("it is closed")
    with pytest.raises(Cancelled) as closed:
        pool.another()
    assert (busy.value.__context__, closed.value.__context__) == (None, None)


def test_a_closed_pool_gives_nothing_and_closes_what_comes_back(make):
    pool = Pool(make, 2, 5, fresh=False)
    idle, held = borrow(pool), borrow(pool)
    give_back(pool, idle)
    pool.close("it is closed")
    assert (idle.closed, held.closed) == (True, False)
    with pytest.raises(Cancelled, match="it is closed"):
        borrow(pool)
    assert not pool.wait_until_free(0.01)
    give_back(pool, held)
    assert held.closed
    assert pool.wait_until_free(0.01)


def test_closing_wakes_those_who_wait(make):
    pool = Pool(make, 1, 60, fresh=False)
    borrow(pool)
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(borrow, pool) for _ in range(4)]
        time.sleep(0.05)
        pool.close("it is closed")
        assert [type(each.exception(1)) for each in waiting] == [Cancelled] * 4


def test_a_failure_to_close_one_leaves_no_other_open(make):
    pool = Pool(make, 3, 1, fresh=False)
    items = [borrow(pool) for _ in range(3)]
    for item in items:
        give_back(pool, item)
    items[1].closed = True  # closing it again raises
    with pytest.raises(AssertionError, match="closed twice"):
        pool.close("it is closed")
    assert all(item.closed for item in items)
    assert pool.wait_until_free(0)


def test_an_abandoned_pool_closes_nothing(make):
    pool = Pool(make, 2, 1, fresh=False)
    give_back(pool, borrow(pool))
    pool.abandon("forked")
    with pytest.raises(Cancelled, match="forked"):
        borrow(pool)
    assert [item.closed for item in make.made] == [False]


@pytest.mark.parametrize("fresh", [False, True])
def test_many_threads_never_share_an_item_nor_exceed_the_size(make, fresh):
    pool = Pool(make, 3, 5, fresh=fresh)
    lock, live = threading.Lock(), []

    def work(seed):
        for number in range(200):
            item = borrow(pool)
            with lock:
                item.users += 1
                assert item.users == 1
                live.append(sum(not each.closed for each in make.made))
            if (seed + number) % 17 == 0:
                time.sleep(0.0001)
                item.broken = True
            with lock:
                item.users -= 1
            give_back(pool, item)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    assert max(live) <= 3
    pool.close("done")
    assert all(item.closed for item in make.made)
    assert pool.wait_until_free(0)


def test_it_says_how_many_are_in_use(make):
    pool = Pool(make, 2, 1, fresh=False)
    item = borrow(pool)
    assert pool.describe() == "1 of 2 instances, 1 in use"
    give_back(pool, item)
    assert pool.describe() == "1 of 2 instances, 0 in use"


def test_who_waits_within_a_call_waits_no_longer_than_that_and_its_end_is_noticed(make):
    from wardian.sandbox.deadline import Call

    pool = Pool(make, 1, 60, fresh=False)
    borrow(pool)
    for reason, seconds in (("cancelled", 60), ("deadline", 0.05)):
        outer = Call()
        outer.deadline_at = time.monotonic_ns() + int(seconds * 1e9)
        if reason == "cancelled":
            threading.Timer(0.05, setattr, (outer, "ended_by", reason)).start()
        began = time.monotonic()
        with pytest.raises(Cancelled, match="within which"):
            pool.another(outer)
        assert time.monotonic() - began < 10
        assert outer.ended_by == reason
    assert not pool.attended


def test_who_waits_within_a_call_gets_what_comes_free(make):
    from wardian.sandbox.deadline import Call

    pool, outer = Pool(make, 1, 60, fresh=False), Call()
    outer.deadline_at = time.monotonic_ns() + 10**11
    first = borrow(pool)
    threading.Timer(0.05, give_back, (pool, first)).start()
    assert pool.another(outer) is first
