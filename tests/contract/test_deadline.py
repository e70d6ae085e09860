"""A call ends when it has to, whatever its guest does, and no other call with it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.programs import run
from wardian import Cancelled, DeadlineExceeded, Grants, HostFunctionError, Limits

MOST = 2**31 - 1
ENDLESS = [
    ("spins", "spin", {}),
    ("sleeps", "run", {}),
    ("asks_forever", "run", {"host_calls": MOST}),
    ("spins_in_alloc", "run", {}),
]


def seconds(function, *arguments):
    """What a call raised, and how many seconds it took."""
    began = time.monotonic()
    with pytest.raises(Exception) as caught:  # noqa: PT011 - the test looks at it
        function(*arguments)
    return caught.value, time.monotonic() - began


@pytest.mark.parametrize(("name", "entry", "limits"), ENDLESS, ids=[each[0] for each in ENDLESS])
def test_a_deadline_of_50_ms_ends_a_call_within_150_ms(load, name, entry, limits):
    plugin = load(name, limits=Limits(deadline="50ms", **limits), grants=Grants(clock=True))
    error, took = seconds(plugin.call, entry)
    assert type(error) is DeadlineExceeded
    assert (error.limit, error.value) == ("deadline", 0.05)
    assert 0.05 <= took < 0.15


def test_a_deadline_holds_for_a_guest_that_is_entered_after_a_long_silence(load):
    plugin = load("spins", limits=Limits(deadline="50ms"))
    for _ in range(3):
        plugin.call("answer")
        time.sleep(0.3)  # nobody watches any more
        error, took = seconds(plugin.call, "spin")
        assert type(error) is DeadlineExceeded
        assert took < 0.15


def test_a_deadline_holds_while_another_thread_hardly_lets_go_of_the_gil(load):
    """It took up to two seconds when large requests were copied all the time."""
    spinning, copying = load("spins", limits=Limits(deadline="50ms")), load("echoes")
    large, stop = bytes(2**20), threading.Event()

    def copies():
        while not stop.is_set():
            assert len(copying.call_bytes("echo", large)) == len(large)

    with ThreadPoolExecutor(1) as threads:
        busy = threads.submit(copies)
        times = sorted(seconds(spinning.call, "spin")[1] for _ in range(15))
        stop.set()
        busy.result()
    assert times[7] < 0.25
    assert times[-1] < 1.0


def test_other_threads_of_the_program_go_on_while_large_requests_are_copied(load):
    """They had a turn each 0.1 s, and some waited for 0.6."""
    copying, large, stop, beats = load("echoes"), bytes(2**20), threading.Event(), []

    def beat():
        while not stop.wait(0.001):
            beats.append(time.monotonic())

    with ThreadPoolExecutor(1) as threads:
        beating = threads.submit(beat)
        give_up = time.monotonic() + 1
        while time.monotonic() < give_up:
            copying.call_bytes("echo", large)
        stop.set()
        beating.result()
    assert len(beats) >= 20  # of 190; there were six


def test_the_ticker_keeps_up_with_the_shortest_deadline(load, runtime):
    load("echoes", limits=Limits(deadline="7ms")).call("echo")
    assert runtime._shared.ticker.pace == 7_000_000


@pytest.mark.parametrize("name", ["spins_in_start", "spins_in_initialize", "spins_in_open"])
def test_a_deadline_of_50_ms_ends_a_start_within_150_ms(load, guest, runtime, name):
    load(name, {"(loop $again (br $again))": "(nop)", **({"(unreachable)": "(i64.const 0)"} if "open" in name else {})})
    runtime.compile(guest(name))  # the deadline is that of the start: compiling has limits of its own
    error, took = seconds(lambda: load(name, limits=Limits(start_deadline="50ms")))
    assert type(error) is DeadlineExceeded
    assert (error.limit, error.value) == ("start_deadline", 0.05)
    assert 0.05 <= took < 0.15


def test_a_host_function_that_outlives_the_deadline_ends_its_guest_when_it_returns(load):
    plugin = load(
        "asks",
        {'"wardian" "log"': '"app" "slow"'},
        limits=Limits(deadline="20ms"),
        functions={"slow": lambda _: time.sleep(0.1)},
    )
    error, took = seconds(plugin.call, "ask")
    assert type(error) is DeadlineExceeded
    assert took < 0.2


def test_sibling_calls_of_the_same_module_go_on(load):
    hostile = load("spins", limits=Limits(deadline="50ms"), instances=2)
    healthy = load("counts")
    stop = threading.Event()

    def use():
        counted = []
        while not stop.is_set():
            assert hostile.call("answer") is None
            counted += healthy.call_bytes("next", b"\xf6")
        return counted

    with ThreadPoolExecutor(1) as threads:
        using = threads.submit(use)
        for _ in range(5):
            error, _ = seconds(hostile.call, "spin")
            assert type(error) is DeadlineExceeded
        stop.set()
        counted = using.result()
    # The count never restarts, so no instance of the other plugin was ever replaced.
    assert counted == [number % 256 for number in range(1, len(counted) + 1)]
    assert len(counted) > 100


def test_a_long_call_of_the_same_module_survives_the_deadlines_of_its_siblings(load):
    plugin = load("ends_when_asked", limits=Limits(deadline="5s", host_calls=MOST))
    hostile = load("spins", limits=Limits(deadline="10ms"))
    with ThreadPoolExecutor(1) as threads:
        long = threads.submit(plugin.call, "run")
        for _ in range(20):
            assert type(seconds(hostile.call, "spin")[0]) is DeadlineExceeded
        assert not long.done()
        plugin.cancel(grace=5)
        assert long.result() is None


def test_cancel_ends_the_calls_of_its_plugin_and_no_others(load):
    ours, others = (
        load("spins", limits=Limits(deadline="400ms"), instances=2, name=name) for name in ("ours", "others")
    )
    with ThreadPoolExecutor(4) as threads:
        cancelled = [threads.submit(seconds, ours.call, "spin") for _ in range(2)]
        going_on = [threads.submit(seconds, others.call, "spin") for _ in range(2)]
        time.sleep(0.1)
        assert ours.cancel() == 2
        for each in cancelled:
            error, took = each.result()
            assert type(error) is Cancelled
            assert took < 0.3
        for each in going_on:
            error, took = each.result()
            assert type(error) is DeadlineExceeded
            assert took >= 0.4
    assert ours.cancel() == 0
    assert ours.call("answer") is None


def test_a_cancelled_call_never_takes_the_next_one_with_it(load):
    plugin = load("spins", limits=Limits(deadline="2s"))
    with ThreadPoolExecutor(1) as threads:
        for _ in range(10):
            call = threads.submit(plugin.call, "spin")
            while not plugin.cancel():
                time.sleep(0.001)
            assert type(call.exception()) is Cancelled
            assert plugin.call("answer") is None


CTRL_C = """
import os, signal, sys, threading, time
import wardian
from support.wat import wasm_of

with wardian.Runtime(cache=sys.argv[1]) as runtime:
    limits = wardian.Limits(deadline="20s", host_calls=2**31 - 1)
    plugin = runtime.load(wasm_of(open(sys.argv[2]).read()), limits=limits)
    sent = []

    def interrupt():
        time.sleep(0.2)
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    try:
        plugin.call(sys.argv[3])
    except KeyboardInterrupt:
        took = time.monotonic() - sent[0]
    assert took < 0.1, took
    try:
        plugin.call("no such entry")
    except wardian.PackageError:
        pass
    healthy = runtime.load(wasm_of(open(sys.argv[4]).read()))
    assert healthy.call("echo", 7) == 7
    print("interrupted")
"""


@pytest.mark.parametrize(("name", "entry"), [("spins", "spin"), ("asks_forever", "run"), ("sleeps", "run")])
def test_ctrl_c_on_the_main_thread_interrupts_a_guest_within_100_ms(cache, guest, name, entry):
    assert run(CTRL_C, cache, guest(name), entry, guest("echoes")) == "interrupted\n"


def test_each_thread_gets_the_error_of_its_own_function(load):
    def fail(value):
        raise ValueError(value)

    plugin = load("asks", {'"wardian" "log"': '"app" "fail"'}, functions={"fail": fail}, instances=8)

    def calls(thread):
        wrong = 0
        for number in range(250):
            own = f"{thread}-{number}"
            try:
                plugin.call("ask", own)
            except HostFunctionError as error:
                wrong += not (type(error.__cause__) is ValueError and error.__cause__.args == (own,))
            else:
                wrong += 1
        return wrong

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(calls, range(8))) == [0] * 8
