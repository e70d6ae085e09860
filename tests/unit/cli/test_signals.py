"""`wardian.cli.signals`: one thing after the other, and signals as they were afterwards."""

import os
import signal
import threading
import time

import pytest

from wardian.cli.signals import RELOAD, STOP, Signals


@pytest.mark.parametrize(("number", "told"), [(signal.SIGTERM, STOP), (signal.SIGINT, STOP), (signal.SIGHUP, RELOAD)])
def test_a_signal_is_told_and_ends_nothing(number, told):
    with Signals() as signals:
        os.kill(os.getpid(), number)
        assert signals.take() == told


def test_one_that_comes_while_it_is_waited_for_is_told():
    with Signals() as signals:
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM)).start()
        assert signals.take() == STOP


def test_threads_tell_as_well_and_nothing_is_lost():
    with Signals() as signals:
        signals.tell("one")
        os.kill(os.getpid(), signal.SIGHUP)
        signals.tell("two")
        assert [signals.take() for _ in range(3)] == ["one", RELOAD, "two"]


def test_the_same_signal_twice_at_a_time_is_one_and_a_later_one_is_another():
    with Signals() as signals:
        for _ in range(2):
            os.kill(os.getpid(), signal.SIGTERM)
        signals.tell("between")
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGTERM)
        assert [signals.take() for _ in range(3)] == [STOP, "between", STOP]


def test_afterwards_signals_mean_what_they_did():
    before = [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)]
    with Signals():
        assert signal.getsignal(signal.SIGTERM) != before[0]
    assert [signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)] == before
