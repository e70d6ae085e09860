"""Signals, forks, fault handlers, and functions of the application at the worst moment: cases 45 to 50."""

import gc
import signal
import subprocess
import sys
import time

import pytest

from support.programs import TESTS, run
from support.sandboxed import sandbox
from support.wat import wasm_of
from wardian import HostFunctionError
from wardian.sandbox.hostfunc import HostFunction

ASK = {'"wardian" "log"': '"app" "ask"'}


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


@pytest.fixture
def asking(load):
    """A guest that gives its request to the function, and answers with what that gave."""

    def loaded(ask, **arguments):
        return load("asks", ASK, functions={"ask": ask}, **{"name": "asking", **arguments})

    return loaded


FAULTHANDLER = """
import sys
import wardian
from support.wat import wasm_of

with wardian.Runtime(cache=sys.argv[1]) as runtime:
    healthy = runtime.load(wasm_of(open(sys.argv[2]).read()))
    import faulthandler
    faulthandler.enable()
    hostile = runtime.load(wasm_of('''(module (memory (export "memory") 1)
      (func (export "wardian_abi_v1"))
      (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
      (func (export "load") (param i32 i32) (result i64) (i64.load (i32.const -8)))
      (func (export "divide") (param i32 i32) (result i64) (i64.div_u (i64.const 1) (i64.const 0)))
      (func $deep (export "recurse") (param i32 i32) (result i64)
        (i64.add (i64.const 1) (call $deep (local.get 0) (local.get 1)))))'''))
    for entry, kind in {"load": wardian.Trap, "divide": wardian.Trap, "recurse": wardian.StackExhausted}.items():
        try:
            hostile.call(entry)
        except kind:
            print(entry)
    assert healthy.call("echo", 1) == 1
"""


def test_case_45_a_fault_handler_that_is_installed_later_does_not_take_a_guests_traps_for_its_own(cache, guest):
    assert run(FAULTHANDLER, cache, guest("echoes")) == "load\ndivide\nrecurse\n"


FORKS = """
import os, sys, threading, warnings
import wardian
from support.wat import wasm_of

warnings.simplefilter("ignore", DeprecationWarning)  # later Pythons warn of a fork beside threads
spins, echoes = (wasm_of(open(path).read()) for path in sys.argv[2:4])
with wardian.Runtime(cache=sys.argv[1]) as runtime:
    spinning = runtime.load(spins, limits=wardian.Limits(deadline="20s"))
    healthy = runtime.load(echoes)

    def spin():
        try:
            spinning.call("spin")
        except wardian.Cancelled:
            pass

    thread = threading.Thread(target=spin)
    thread.start()
    while "1 in use" not in repr(spinning):
        pass
    if (child := os.fork()) == 0:
        for plugin, entry in ((healthy, "echo"), (spinning, "answer")):
            try:
                plugin.call(entry, 1)
            except wardian.WardianError as error:
                assert "fork" in str(error), error
            else:
                os._exit(1)
        with wardian.Runtime(cache=None) as own:
            assert own.load(echoes).call("echo", 2) == 2
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, status
    assert healthy.call("echo", 3) == 3
    spinning.cancel()
    thread.join()
print("refused")
"""


def test_case_46_a_child_of_a_fork_while_guests_run_is_refused_and_compiles_for_itself(cache, guest):
    assert run(FORKS, cache, guest("spins"), guest("echoes")) == "refused\n"


SIGNALS = """
import contextlib, signal, sys, threading, time
import wardian
from support.wat import wasm_of

wasm = wasm_of(open(sys.argv[2]).read())
if sys.argv[4] == "handler":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(77))
ended = threading.Event()
with contextlib.ExitStack() as last, wardian.Runtime(cache=sys.argv[1]) as runtime:
    plugin = runtime.load(wasm, limits=wardian.Limits(deadline="60s", host_calls=2**31 - 1), instances=2)
    spin = lambda: plugin.call(sys.argv[3])
    if sys.argv[4] == "thread":
        def other():
            try:
                spin()
            except wardian.Cancelled:
                print("cancelled", flush=True)
            ended.set()
        thread = threading.Thread(target=other)
        thread.start()
        # An interrupted `join` takes the thread for ended: without this the interpreter ends while it prints.
        last.callback(ended.wait, 5)
    threading.Timer(0.05, lambda: print("ready", flush=True)).start()
    try:
        spin() if sys.argv[4] != "thread" else thread.join()
    except (KeyboardInterrupt, SystemExit) as raised:
        print(type(raised).__name__, flush=True)
        raise
"""
ENDINGS = {
    "Ctrl-C": (signal.SIGINT, "main", -signal.SIGINT, "KeyboardInterrupt"),
    "Ctrl-C beside a thread": (signal.SIGINT, "thread", -signal.SIGINT, "KeyboardInterrupt\ncancelled"),
    "SIGTERM": (signal.SIGTERM, "main", -signal.SIGTERM, ""),
    "SIGTERM with a handler": (signal.SIGTERM, "handler", 77, "SystemExit"),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(("name", "entry"), [("spins", "spin"), ("asks_forever", "run")])
def test_case_47_a_signal_ends_a_program_whose_guest_loops_at_once(cache, guest, ending, name, entry):
    sent, how, code, said = ENDINGS[ending]
    command = [sys.executable, "-c", SIGNALS, str(cache), str(guest(name)), entry, how]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={"PYTHONPATH": str(TESTS)}
    ) as child:
        try:
            assert child.stdout.readline() == "ready\n"
            began = time.monotonic()
            child.send_signal(sent)
            output, errors = child.communicate(timeout=10)
            assert time.monotonic() - began < 2  # one tick to end the guest; the rest is the interpreter's own end
        finally:
            child.kill()
    assert (child.returncode, output.strip()) == (code, said), errors
    assert "panick" not in errors


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_case_48_what_ends_the_program_passes_around_the_guest_from_any_function(asking, guest, cache, kind):
    import wardian

    raised = kind("once")

    def raises(_):
        raise raised

    plugin = asking(raises)
    with pytest.raises(kind) as caught:
        plugin.call("ask")
    assert caught.value is raised
    with wardian.Runtime(cache=cache, on_log=raises) as logging:
        logs = logging.load(wasm_of(guest("logs").read_text()))
        with pytest.raises(kind) as caught:
            logs.call("go_on")
        assert caught.value is raised


def deep(value):
    return deep(value)


def no_memory(value):
    raise MemoryError(value)


def really_no_memory(value):
    return bytes(2**62)


@pytest.mark.parametrize(
    ("function", "cause"),
    [(deep, RecursionError), (no_memory, MemoryError), (really_no_memory, (MemoryError, OverflowError))],
)
def test_case_49_a_function_out_of_stack_or_memory_ends_its_call_alone(asking, function, cause):
    answers = {"deep": function, "well": lambda value: value}
    plugin = asking(lambda value: answers[value](value))
    gc.disable()  # Hypothesis is told of each collection, by a function of Python, for which no frame is left here
    try:
        for _ in range(5):
            with pytest.raises(HostFunctionError) as caught:
                plugin.call("ask", "deep")
            assert isinstance(caught.value.__cause__, cause)
            assert plugin.call("ask", "well") == "well"
    finally:
        gc.enable()


EDGE = """
import pathlib, sys
import wardian
from support.wat import wasm_of

text = pathlib.Path(sys.argv[2]).read_text().replace('"wardian" "log"', '"app" "ask"')
with wardian.Runtime(cache=sys.argv[1]) as runtime:
    plugin = runtime.load(wasm_of(text), functions={"ask": lambda value: [value]})

    def at(depth):
        return at(depth - 1) if depth else plugin.call("ask", 5)

    said = set()
    for depth in range(sys.getrecursionlimit() - 60, sys.getrecursionlimit() + 1):
        try:
            assert at(depth) == [5]
            said.add("answered")
        except RecursionError:
            said.add("RecursionError")
        except wardian.HostFunctionError as error:
            assert isinstance(error.__cause__, RecursionError), error
            said.add("HostFunctionError")
        assert plugin.call("ask", 6) == [6]
    assert said >= {"answered", "RecursionError"}, said
print("alive")
"""


def test_case_49_near_the_interpreters_own_limit_a_guest_is_answered_or_ended_and_never_misled(cache, guest):
    assert run(EDGE, cache, guest("asks")) == "alive\n"


EDGE_OF_STATE = """
import pathlib, sys
import wardian
from support.wat import wasm_of

wasm = wasm_of(pathlib.Path(sys.argv[2]).read_text())
with wardian.Runtime(cache=sys.argv[1]) as runtime:
    grants = wardian.Grants(state=True)
    failing, adding = (runtime.load(wasm, grants=grants, name="one") for _ in range(2))

    def at(depth, entry):
        return at(depth - 1, entry) if depth else failing.call(entry)

    added = 0
    for entry in ("add_and_trap", "add_and_fail", "add_and_lie", "add"):
        for depth in range(sys.getrecursionlimit() - 60, sys.getrecursionlimit() + 1):
            try:
                at(depth, entry)
                added += 1
            except (RecursionError, wardian.WardianError):
                pass
            added += 1
            assert adding.call("add") == added, (entry, depth)
print("kept")
"""


def test_case_49_near_the_interpreters_own_limit_state_is_kept_or_undone_and_never_locked(cache, guest):
    assert run(EDGE_OF_STATE, cache, guest("remembers")) == "kept\n"


@pytest.mark.parametrize("value", ["text", None, 2**40, -(2**63), 2**64 - 1, 1.5, True, b"raw", [2**40]], ids=repr)
def test_case_50_a_function_of_the_application_may_give_any_plain_value_whole(asking, value):
    given = asking(lambda _: value).call("ask")
    assert given == value
    assert type(given) is type(value)


@pytest.mark.parametrize(
    "value", [2**64, object(), {1: 2}, "\ud800", 1j], ids=["int", "object", "key", "text", "complex"]
)
def test_case_50_what_cannot_be_given_ends_the_call_and_is_not_cut(asking, value):
    with pytest.raises(HostFunctionError) as caught:
        asking(lambda _: value).call("ask")
    assert isinstance(caught.value.__cause__, TypeError)


@pytest.mark.parametrize("params", [("i32", "i32"), ("i32",), ("i64", "i32", "i64")], ids=len)
@pytest.mark.parametrize(("result", "fitting"), [("i32", (-(2**31), 2**32 - 1, True)), ("i64", (2**40, -(2**63)))])
def test_case_50_a_raw_result_that_is_no_integer_of_its_type_is_never_cut(params, result, fitting):
    text = f"""(module (import "m" "f" (func $f (param {" ".join(params)}) (result {result})))
      (memory (export "memory") 1)
      (func (export "run") (result {result}) (call $f {" ".join(f"({kind}.const 1)" for kind in params)})))"""
    gives = []
    too_wide = (2**32, 2**40, -(2**40), -(2**31) - 1) if result == "i32" else (2**64, -(2**63) - 1)
    with sandbox(text, HostFunction("m", "f", params, (result,), lambda call, *_: gives[-1])) as made:
        for given in fitting:
            gives.append(given)
            width = int(result[1:])
            assert made.run(made.start(), "run") % 2**width == given % 2**width
        for given in ("text", None, 1.5, [1], *too_wide):
            gives.append(given)
            with pytest.raises(HostFunctionError) as caught:
                made.run(made.start(), "run")
            assert isinstance(caught.value.__cause__, (TypeError, OverflowError))
