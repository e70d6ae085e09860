"""Instances at the ends of their lives: used too late, freed by the collector, at the most that a process may hold."""

import gc
import threading
from collections import deque

import pytest

from wardian.errors import LimitExceeded
from wardian.policy import Limits
from wardian.sandbox import instance as instances
from wardian.sandbox.pool import Pool

TEXT = '(module (memory (export "memory") 1) (func (export "run") (param i32 i32) (result i64) (i64.const 7)))'


@pytest.fixture
def limits():
    return Limits(fuel=10**6)


def test_a_closed_instance_is_an_error_and_never_a_look_at_what_was_freed(sandbox, limits):
    instance = sandbox.open(TEXT, limits=limits)
    call, handle, memory = instance.begin(10**9), instance.function("run"), instance.memory
    instance.close()
    for late in (
        lambda: instance.run(call, handle),
        lambda: instance.begin(10**9),
        instance.fuel_left,
        lambda: instance.function("other"),
        memory.refresh,
        lambda: memory.read(0, 1),
        lambda: memory.write(0, b"x"),
    ):
        with pytest.raises(TypeError):
            late()
    assert instance.refused_growth() is None
    assert memory.read(0, 0) == b""
    assert sandbox.ticker.running == {}
    instance.close()


def test_an_instance_that_had_no_frame_left_to_begin_goes_without_a_word():
    instances.Instance.__new__(instances.Instance).__del__()


def test_at_the_cap_the_collector_may_free_an_instance_at_any_line_and_nothing_hangs(sandbox, monkeypatch):
    """The error for one too many is an object, for which garbage may be collected: instances among it."""
    prepared, limits = sandbox.prepare(TEXT), Limits()
    monkeypatch.setattr(instances, "_places", deque([None]))
    refused, done = [], threading.Event()

    class Cycle:
        def __init__(self, held):
            self.held, self.me = held, self

    def work():
        threshold = gc.get_threshold()
        gc.set_threshold(1)
        try:
            for _ in range(50):
                try:
                    Cycle(prepared.instantiate(limits, 5.0)[0])
                    prepared.instantiate(limits, 5.0)[0].close()
                except LimitExceeded as error:
                    refused.append(error.limit)
        finally:
            gc.set_threshold(*threshold)
            done.set()

    threading.Thread(target=work, daemon=True).start()
    assert done.wait(20), "it hangs"
    gc.collect()
    assert set(refused) <= {"instances"}
    assert len(instances._places) == 1


def test_the_cap_is_of_the_process_and_a_closed_one_makes_room(sandbox, monkeypatch):
    prepared = sandbox.prepare(TEXT)
    monkeypatch.setattr(instances, "_places", deque([None] * 2))
    first, _ = sandbox.open(prepared), sandbox.open(prepared)
    for _ in range(3):
        with pytest.raises(LimitExceeded) as raised:
            sandbox.open(prepared)
        assert (raised.value.limit, raised.value.asked) == ("instances", raised.value.value + 1)
    first.close()
    first.close()
    sandbox.open(prepared)
    with pytest.raises(LimitExceeded):
        sandbox.open(prepared)


def test_a_pool_that_closes_while_a_waiter_leaves_stays_attended():
    """Who gives one back looks at `attended` alone: a closed pool whose flag is down would keep it for ever."""

    class Item:
        broken = False

        def close(self):
            """Nothing to free."""

    for _ in range(200):
        pool = Pool(Item, 1, 0.0005, fresh=False)
        pool.another()
        together = threading.Barrier(2)

        def wait(pool=pool, together=together):
            together.wait()
            with pytest.raises(Exception, match=r"in use|over"):
                pool.another()

        thread = threading.Thread(target=wait)
        thread.start()
        together.wait()
        pool.close("over")
        thread.join()
        assert pool.attended


def test_a_pool_closes_all_it_holds_though_closing_one_raises():
    class Item:
        broken = False
        closed = 0

        def close(self):
            Item.closed += 1
            raise IndexError("of its own")

    pool = Pool(Item, 3, 1.0, fresh=False)
    for item in [pool.another() for _ in range(3)]:
        pool.idle.append(item)
    with pytest.raises(IndexError, match="of its own"):
        pool.close("over")
    assert Item.closed == 3
    assert pool.wait_until_free(0)
