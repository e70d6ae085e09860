"""`wardian.cli.first_process`: who is first gathers what others leave, passes on signals, and ends as its work does."""

import signal
import subprocess
import sys

import pytest

PROGRAM = """
import ctypes, os, signal, subprocess, sys, time
from wardian.cli.first_process import attend
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: orphans become children of this process
top = os.getpid()
attend(first=True)
{work}
"""
ORPHAN = """
# A child that ends before its own child does, which then is an orphan and ends as well.
subprocess.run([sys.executable, "-c", "import os; pid = os.fork(); pid or os._exit(0)"], check=True)
def zombies():
    states = []
    for each in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = open(f"/proc/{each}/stat").read().rpartition(")")[2].split()
        except OSError:
            continue
        states += [words[0]] if int(words[1]) == top else []
    return states.count("Z")
for _ in range(200):
    if not zombies():
        break
    time.sleep(0.05)
print(zombies(), subprocess.run([sys.executable, "-c", "raise SystemExit(7)"]).returncode)
"""


def start(work):
    words = [sys.executable, "-c", PROGRAM.replace("{work}", work)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)


def test_case_24_orphans_are_gathered_and_results_of_children_are_not_taken_away():
    with start(ORPHAN) as process:
        assert process.communicate(timeout=60)[0] == "0 7\n"
        assert process.returncode == 0


@pytest.mark.parametrize(
    ("work", "code"),
    [("os._exit(3)", 3), ("sys.exit(0)", 0), ("os.kill(os.getpid(), 9); time.sleep(60)", 137)],
)
def test_it_ends_as_its_work_does(work, code):
    with start(work) as process:
        process.communicate(timeout=60)
        assert process.returncode == code


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_case_24_a_signal_is_passed_on(number):
    work = f"signal.signal({number:d}, lambda *_: os._exit(5)); print('ready', flush=True); time.sleep(60)"
    with start(work) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        assert process.wait(60) == 5


def test_who_is_not_the_first_goes_on_as_it_is():
    program = (
        "import os; from wardian.cli.first_process import attend; a = os.getpid(); attend(); print(a == os.getpid())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"True\n"
