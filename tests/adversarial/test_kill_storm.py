"""`kill -9` at any moment of a storm of calls that write state: whole calls are kept, and nothing else."""

from __future__ import annotations

from support.programs import run

# Puts eight keys, `0` to `7`, all with its request, a byte string of 256 to 65,535 bytes, as their value.
STORM = """
import os, random, signal, sys, time
from pathlib import Path
import wardian
import wardian.plugins.runtime  # once, before the forks
from support.wat import wasm_of
from wardian.state.contract import Quota, Scope
from wardian.state.sqlite import SqliteStore

GUEST = wasm_of('''(module
  (import "wardian" "state_put" (func $put (param i32 i32) (result i64)))
  (memory (export "memory") 4)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 65536))
  (data (i32.const 1024) "\\\\82\\\\610")
  (func (export "put") (param $at i32) (param $size i32) (result i64)
    (local $key i32)
    (memory.copy (i32.const 1027) (local.get $at) (local.get $size))
    (loop $next
      (i32.store8 (i32.const 1026) (i32.add (i32.const 48) (local.get $key)))
      (if (i64.ne (call $put (i32.const 1024) (i32.add (i32.const 3) (local.get $size))) (i64.const 0))
        (then (unreachable)))
      (local.set $key (i32.add (local.get $key) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $key) (i32.const 8))))
    (i64.const 0)))''')
ROUNDS = 50  # of two processes each
path, cache = Path(sys.argv[1]), sys.argv[2]
dice = random.Random(11)

def value(who, number):
    return b"%d %d " % (who, number) + bytes([number % 251]) * (256 + number * 37 % 3000)

def storm(who, first, tell):
    with wardian.Runtime(cache=cache, state=path) as runtime:
        limits = wardian.Limits(deadline=30)
        plugin = runtime.load(GUEST, name="storm", grants=wardian.Grants(state=True), limits=limits)
        number = first
        while True:
            plugin.call("put", value(who, number))
            os.write(tell, b"%d\\n" % number)
            number += 1

def start(who, first):
    told, tell = os.pipe()
    process = os.fork()  # no runtime was made yet in this process, which only looks on
    if process == 0:
        try:
            storm(who, first, tell)
        finally:
            os._exit(1)
    os.close(tell)
    return process, open(told, "rb", buffering=0)

def last_told(told, begun):
    begun += told.read()
    told.close()
    return int(begun[: begun.rindex(b"\\n")].split()[-1])

next_numbers = [1, 1]
for round in range(ROUNDS):
    running = [start(who, next_numbers[who]) for who in (0, 1)]
    begun = [told.read(64) for _, told in running]
    assert all(begun), "a process could not begin"
    order = dice.sample((0, 1), 2)
    for who in order:
        time.sleep(dice.uniform(0, 0.02))
        os.kill(running[who][0], signal.SIGKILL)
    for process, _ in running:
        assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == -signal.SIGKILL
    last = [last_told(told, first) for (_, told), first in zip(running, begun)]
    with SqliteStore(path) as store:
        scope = Scope("storm", "default")
        with store.begin(scope, Quota(100, 10**6, 10**5), time.monotonic() + 5) as transaction:
            values = {key: transaction.get(key) for key in transaction.keys()}
        (usage,) = store.scopes()
    assert sorted(values) == [b"%d" % key for key in range(8)]
    (kept,) = set(values.values())  # the keys of one call agree
    who, number = map(int, kept[3:].split()[:2])  # after the head of a byte string
    assert kept[3:] == value(who, number), "a value is whole"
    assert last[who] <= number <= last[who] + 1, (last, who, number)  # all that was told, or one call more
    assert (usage.keys, usage.total) == (8, 8 * (1 + len(kept)))
    next_numbers = [number + 2 for number in last]
print(2 * ROUNDS, sum(next_numbers))
"""


def test_case_01_killed_100_times_two_processes_leave_whole_calls_only(tmp_path, cache):
    killed, calls = map(int, run(STORM, tmp_path / "state.db", cache, seconds=120).split())
    assert killed == 100
    assert calls > 200
