import gc
from collections import deque

import pytest

from support.programs import run
from support.sandboxed import sandbox
from wardian.errors import DeadlineExceeded, FuelExhausted, LimitExceeded, Trap
from wardian.policy import Limits
from wardian.sandbox import instance as instances
from wardian.sandbox.hostfunc import HostFunction

TEXT = """(module (memory (export "memory") 1)
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "wide") (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1))))
  (func (export "trap") (unreachable))
  (func (export "loop") (param i32) (loop $again
    (br_if $again (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))"""


@pytest.fixture
def alive():
    """How many instances there are beyond those that were there before."""
    gc.collect()
    before = len(instances._places)
    return lambda: before - len(instances._places)


def test_arguments_and_results_are_whole():
    with sandbox(TEXT) as made:
        instance = made.start()
        assert made.run(instance, "add", 2, 40) & 0xFFFFFFFF == 42
        assert made.run(instance, "add", 0xFFFFFFFF, 2) & 0xFFFFFFFF == 1
        assert made.run(instance, "wide", 0xFFFFFFFF, 0xFFFFFFFE) & 0xFFFFFFFFFFFFFFFF == 0xFFFFFFFFFFFFFFFE


def test_instances_share_nothing():
    with sandbox(TEXT) as made:
        one, two = made.start(), made.start()
        one.memory.write(0, b"secret")
        assert two.memory.read(0, 6) == bytes(6)
        with pytest.raises(Trap):
            made.run(one, "trap")
        assert (one.broken, two.broken) == (True, False)
        made.run(two, "add", 1, 1)
        one.close()
        assert made.start().memory.read(0, 6) == bytes(6)


def test_fuel_is_exact_and_whole_for_each_call():
    with sandbox(TEXT, limits=Limits(fuel=100_000)) as made:
        instance = made.start()
        left = []
        for _ in range(3):
            made.run(instance, "loop", 1_000)
            left.append(instance.fuel_left())
        assert len(set(left)) == 1
        assert 0 < left[0] < 100_000
        with pytest.raises(FuelExhausted):
            made.run(instance, "loop", 1_000_000)


def test_fuel_is_not_known_where_it_is_not_metered():
    with sandbox(TEXT) as made:
        assert made.start().fuel_left() is None


@pytest.mark.parametrize(
    "segment", ['(data (i32.const 65536) "x")', "(table 1 funcref) (elem (i32.const 1) $f) (func $f)"]
)
def test_a_segment_out_of_bounds_is_a_failed_start(alive, segment):
    with sandbox(TEXT[:-1] + segment + ")") as made:
        with pytest.raises(Trap) as caught:
            made.start()
        assert caught.value.code.endswith("out_of_bounds")
        assert alive() == 0


@pytest.mark.parametrize(
    ("limits", "limit"), [(Limits(memory=2**16), "memory"), (Limits(table_elements=9), "table_elements")]
)
def test_what_a_module_begins_with_is_refused_before_an_instance_is_made(alive, limits, limit):
    text = '(module (memory (export "memory") 2) (table 10 funcref))'
    with sandbox(text, limits=limits) as made:
        with pytest.raises(LimitExceeded) as caught:
            made.start()
        assert (caught.value.limit, caught.value.asked) == (limit, {"memory": 2**17, "table_elements": 10}[limit])
        assert alive() == 0


def test_a_failed_start_leaves_no_instance(alive):
    text = TEXT[:-1] + "(func $spin (loop $again (br $again))) (start $spin))"
    with sandbox(text) as made:
        with pytest.raises(DeadlineExceeded):
            made.start(0.02)
        assert alive() == 0


def test_there_are_at_most_so_many_instances_in_a_process(monkeypatch):
    gc.collect()
    monkeypatch.setattr(instances, "_places", deque([None] * 3))
    with sandbox(TEXT) as made:
        for _ in range(3):
            made.start()
        with pytest.raises(LimitExceeded) as caught:
            made.start()
        assert (caught.value.limit, caught.value.asked - caught.value.value) == ("instances", 1)
        made.instances[0].close()
        made.start()


def test_a_forgotten_instance_is_freed_and_closing_twice_does_nothing(alive):
    with sandbox(TEXT) as made:
        made.start()
        made.instances.clear()
        del made.started
        gc.collect()
        assert alive() == 0
        instance = made.start()
        instance.close()
        instance.close()
        assert alive() == 0
        assert not instance.ready


def test_a_thousand_instances_come_and_go(alive):
    function = HostFunction("m", "f", (), (), lambda call: None)
    text = TEXT.replace("(memory (export", '(import "m" "f" (func)) (memory (export')
    with sandbox(text, function) as made:
        for _ in range(1_000):
            made.start().close()
            made.instances.clear()
        assert alive() == 0


GROWS = """(module (memory (export "memory") 1 8) (func (export "grow") (param i32) (drop (memory.grow (local.get 0)))
  (unreachable)))"""


@pytest.mark.parametrize(("pages", "asked"), [(4, 5 * 65_536), (65_535, 65_536 * 65_536), (0, None), (8, None)])
def test_a_growth_that_the_limit_refused_is_noted(pages, asked):
    limits = Limits(memory=4 * 65_536 if pages < 8 else 2**32 if pages == 8 else 8 * 65_536)
    with sandbox(GROWS, limits=limits) as made:
        instance = made.start()
        with pytest.raises((Trap, LimitExceeded)):
            made.run(instance, "grow", pages)
        assert instance.refused_growth() == asked


FORK = """
import os, signal, threading, warnings
from support.sandboxed import sandbox

warnings.simplefilter("ignore", DeprecationWarning)  # Python's own, of forks beside threads
TEXT = '(module (memory (export "memory") 1))'
over = threading.Event()

def make():
    with sandbox(TEXT) as box:
        while not over.is_set():
            box.start().close()

thread = threading.Thread(target=make)
thread.start()
for _ in range(20):
    child = os.fork()
    if child == 0:
        signal.alarm(20)  # ends a child that hangs
        with sandbox(TEXT) as box:
            box.start()
        os._exit(0)
    print(os.waitpid(child, 0)[1], end="")
over.set()
thread.join()
"""


def test_a_process_forked_while_an_instance_is_made_can_make_its_own():
    assert run(FORK) == "0" * 20
