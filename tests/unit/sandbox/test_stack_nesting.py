"""Guests within guests on one thread: a host function calls another guest, whose stack lies below all others'."""

import subprocess
import sys
from pathlib import Path

import pytest

import support
import wardian
from wardian.policy import Limits
from wardian.sandbox import stack

# Each guest recurses 14,000 deep, most of its stack, before it asks for the next.
PROGRAM = """
import sys, threading
import wardian
from support.wat import wasm_of
from wardian.errors import WardianError

GUEST = '''(module
  (import "app" "again" (func $ask (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (data (i32.const 0) "\\\\f6")
  (func $deep (param $left i32) (result i64)
    (if (result i64) (local.get $left)
      (then (i64.add (i64.const 1) (call $deep (i32.sub (local.get $left) (i32.const 1)))))
      (else (call $ask (i32.const 0) (i32.const 1)))))
  (func (export "run") (param i32 i32) (result i64) (drop (call $deep (i32.const 14000))) (i64.const 0)))'''

def again(_):
    nested.append(None)
    plugin.call("run")

def go():
    try:
        plugin.call("run")
    except WardianError as error:
        while error.__cause__ is not None:
            error = error.__cause__
        print(type(error).__name__, error.limit, len(nested))

nested, size = [], int(sys.argv[2])
with wardian.Runtime(cache=sys.argv[1]) as runtime:
    plugin = runtime.load(wasm_of(GUEST), name="again", functions={"again": again}, instances=40)
    if size:
        threading.stack_size(size)
        thread = threading.Thread(target=go)
        thread.start()
        thread.join()
    else:
        go()
    print("alive")
"""


@pytest.mark.parametrize(("size", "deepest"), [(2**20, 1), (2**21, 3), (2**23, 13), (0, None)])
def test_guests_that_nest_with_deep_stacks_are_refused_before_the_thread_is_full(cache, size, deepest):
    """On the main thread, whose stack the system sets, and on threads of 1, 2 and 8 MiB."""
    script = f"import sys; sys.path.insert(0, {str(Path(support.__path__[0]).parent)!r})\n{PROGRAM}"
    command = [sys.executable, "-c", script, str(cache), str(size)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    said, alive = done.stdout.splitlines()
    kind, limit, nested = said.split()
    assert (kind, limit, alive) == ("LimitExceeded", "stack", "alive")
    assert int(nested) == (deepest or int(nested)) >= 1


def test_a_nested_guest_is_told_what_the_ones_around_it_may_take(sandbox):
    text = '(module (memory (export "memory") 1) (func (export "run") (param i32 i32) (result i64) (i64.const 7)))'
    outer, inner = sandbox.open(text), sandbox.open(text)
    room = stack.room()
    around, within = outer.begin(10**9), inner.begin(10**9)
    around.around = room - inner._room - stack.taken(outer.limits.stack)
    ident = stack.threading.get_ident()
    sandbox.ticker.running[ident] = around
    assert inner.run(within, inner.function("run")) == 7
    assert (within.outer, within.around) == (around, room - inner._room)
    around.around += 1
    with pytest.raises(wardian.LimitExceeded, match="of stack left") as raised:
        inner.run(inner.begin(10**9), inner.function("run"))
    assert (raised.value.limit, raised.value.asked) == ("stack", stack.needed(inner.limits.stack))
    assert raised.value.value == inner._room - 1
    assert sandbox.ticker.running == {ident: around}
    with pytest.raises(wardian.LimitExceeded, match="of stack left"):
        sandbox.prepare(text).instantiate(Limits(), 5.0)
    del sandbox.ticker.running[ident]
