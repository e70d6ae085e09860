"""`wardian.cli.interruption`: the work is elsewhere, its end is here."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from wardian.cli.interruption import interruptible


def test_what_the_work_returns_is_returned():
    assert interruptible(lambda: 5, lambda: None) == 5


def test_what_the_work_raises_is_raised():
    def work():
        raise ValueError("x")

    with pytest.raises(ValueError, match="x"):
        interruptible(work, lambda: None)


def test_an_interruption_ends_the_work_and_is_raised():
    begun, ended = threading.Event(), threading.Event()

    def work():
        begun.set()
        threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGINT)).start()
        assert ended.wait(10)

    with pytest.raises(KeyboardInterrupt):
        interruptible(work, ended.set)
    assert begun.is_set()


def test_a_second_interruption_ends_the_process_at_once():
    program = """
import time
from wardian.cli.interruption import interruptible
interruptible(lambda: (print("begun", flush=True), time.sleep(600)), lambda: print("told", flush=True), 600)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as process:
        for said, number in (("begun", signal.SIGINT), ("told", signal.SIGTERM)):
            assert process.stdout.readline() == f"{said}\n"
            process.send_signal(number)
        assert process.wait(60) == 130
