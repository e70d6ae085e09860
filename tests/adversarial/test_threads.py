"""Many threads on shared plugins of which some fail: each gets its own error, and no healthy call notices."""

import statistics
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.programs import run
from support.wat import wasm_of
from wardian import Cancelled, DeadlineExceeded, Limits, Trap

TRIES = 200


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


def test_of_200_000_calls_on_eight_threads_each_has_its_own_end_and_memory_stays(cache):
    said = run("import sys; from adversarial.crowd import main; main(sys.argv[1])", cache, seconds=120).splitlines()
    strange, counts, memory = said
    assert strange == "[]"
    calls, failed, seconds = counts.split()
    assert int(calls) == 200_000
    assert int(failed) > 60_000
    assert float(seconds) < 40
    first, *_, last = map(int, memory.split())
    assert last <= 1.1 * first


WORKS = wasm_of("""(module
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "spin") (param i32 i32) (result i64) (loop $again (br $again)) (unreachable))
  (func (export "trap") (param i32 i32) (result i64) (unreachable))
  (func (export "work") (param i32 i32) (result i64) (local $left i32) (local $sum i32)
    (local.set $left (i32.const 12000000))
    (loop $again
      (local.set $sum (i32.mul (i32.xor (local.get $sum) (local.get $left)) (i32.const 0x01000193)))
      (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
    (i32.store8 (i32.const 0) (i32.const 0x1a))
    (i32.store (i32.const 1) (local.get $sum))
    (i64.const 5)))""")


class Hostile:
    """A sibling of the same module that is ended in one way, as soon as it is told."""

    def __init__(self, runtime, way):
        self.way = way
        self.plugin = runtime.load(
            WORKS, name="hostile", limits=Limits(deadline="10ms" if way == "deadline" else "20s")
        )

    def end(self):
        if self.way == "trap":
            for _ in range(20):
                with pytest.raises(Trap):
                    self.plugin.call("trap")
        elif self.way == "deadline":
            with pytest.raises(DeadlineExceeded):
                self.plugin.call("spin")
        else:
            ending = threading.Timer(0.005, self.cancel)
            ending.start()
            with pytest.raises(Cancelled):
                self.plugin.call("spin")
            ending.join()

    def cancel(self):
        while not self.plugin.cancel():
            pass


@pytest.mark.parametrize("way", ["deadline", "cancel", "trap"])
def test_a_sibling_of_the_same_module_is_neither_ended_nor_slowed_nor_failed_in_200_of_200_tries(runtime, way):
    sibling = runtime.load(WORKS, name="sibling", limits=Limits(deadline="20s"))
    hostile = Hostile(runtime, way)
    expected = sibling.call("work")
    alone = statistics.median(sibling.invoke("work", cpu=True).receipt.cpu_ns for _ in range(20))
    with ThreadPoolExecutor(1) as threads:
        for _ in range(TRIES):
            working = threads.submit(sibling.invoke, "work", cpu=True)
            hostile.end()
            outcome = working.result()
            assert outcome.value == expected
            assert outcome.receipt.cpu_ns <= 3 * alone  # of CPU: others of the machine may take the rest
