import asyncio
import concurrent.futures
import threading
import time

import pytest

from wardian.capabilities import application
from wardian.capabilities.app import App
from wardian.errors import CapabilityError, HostFunctionError
from wardian.sandbox.deadline import Call


@pytest.fixture
def loop():
    """An event loop that runs on a thread of its own, as the one of an asynchronous caller does."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def call(loop=None, seconds=5.0):
    made = Call()
    made.loop, made.deadline_at = loop, time.monotonic_ns() + int(seconds * 1e9)
    return made


def raising(error):
    def function(_):
        raise error

    return function


def test_a_function_gets_the_request_and_gives_the_reply():
    assert App("double", lambda request: request * 2)(call(), [1, {"a": None}]) == [1, {"a": None}] * 2


def test_an_answer_to_the_guest_stays_what_it_is():
    error = CapabilityError("denied", "not you", guest_code="E7")
    with pytest.raises(CapabilityError) as raised:
        App("ask", raising(error))(call(), None)
    assert raised.value is error


@pytest.mark.parametrize("error", [ValueError("no\x1b[31m"), HostFunctionError("nested"), StopIteration("end")])
def test_whatever_else_a_function_raises_is_a_cause(error):
    with pytest.raises(HostFunctionError) as raised:
        App("ask", raising(error))(call(), None)
    assert raised.value.__cause__ is error
    assert raised.value.message.startswith(f"`ask` raised {type(error).__name__}: ")
    assert raised.value.message.isprintable()


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), GeneratorExit()])
def test_what_ends_the_program_is_not_held_back(error):
    with pytest.raises(type(error)) as raised:
        App("ask", raising(error))(call(), None)
    assert raised.value is error


def test_an_asynchronous_function_runs_on_the_callers_loop(loop):
    async def double(request):
        await asyncio.sleep(0.03)  # longer than one slice of the wait
        assert asyncio.get_running_loop() is loop
        return request * 2

    assert App("double", double)(call(loop), 21) == 42


def test_an_asynchronous_function_without_a_loop_is_an_error_and_never_a_coroutine_left_behind():
    async def function(_):
        """Never runs: a coroutine that nobody awaits would be a warning, and so an error here."""

    with pytest.raises(HostFunctionError, match="call the plugin with `acall`"):
        App("ask", function)(call(), None)


@pytest.mark.parametrize("error", [ValueError("own"), TimeoutError("own"), asyncio.CancelledError("own")])
def test_what_an_asynchronous_function_raises_is_the_cause_also_a_timeout_of_its_own(loop, error):
    async def function(_):
        raise error

    with pytest.raises(HostFunctionError) as raised:
        App("ask", function)(call(loop), None)
    # asyncio hands on a timeout or a cancellation as another object.
    assert type(raised.value.__cause__).__name__ == type(error).__name__
    assert raised.value.__cause__ is error or not isinstance(error, ValueError)


def test_an_answer_that_comes_just_as_a_wait_ends_is_not_lost(monkeypatch):
    """The wait times out, and before anybody looks the function is done."""

    class Late(concurrent.futures.Future):
        def result(self, timeout=None):
            if timeout is None:
                return super().result()
            self.set_result(42)
            raise concurrent.futures.TimeoutError

    def submit(coroutine, _loop):
        coroutine.close()
        return Late()

    async def function(_):
        """Its future is the one above."""

    monkeypatch.setattr(asyncio, "run_coroutine_threadsafe", submit)
    assert App("ask", function)(call(object()), None) == 42


@pytest.mark.parametrize(("due", "reason"), [("deadline", "deadline"), ("cancelled", "cancelled")])
def test_an_asynchronous_function_is_cancelled_when_the_call_is_over_for_the_reason_it_is_over(loop, due, reason):
    """A cancellation with some grace moves the deadline: what is over then was cancelled."""
    cancelled = threading.Event()

    async def function(_):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    running = call(loop, seconds=0.05)
    running.due = due
    start = time.monotonic()
    App("ask", function)(running, None)
    assert time.monotonic() - start < 1.0
    assert running.ended_by == reason
    assert cancelled.wait(1.0)


def test_a_call_that_is_ended_meanwhile_is_noticed_within_a_slice(loop):
    running = call(loop, seconds=60)
    threading.Timer(0.03, setattr, (running, "ended_by", "closed")).start()

    async def function(_):
        await asyncio.sleep(60)

    start = time.monotonic()
    App("ask", function)(running, None)
    assert time.monotonic() - start < 0.03 + 10 * application._SLICE
    assert running.ended_by == "closed"
