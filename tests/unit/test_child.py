"""`wardian.child`: programs beside this one, and what is left of them when they cannot be started."""

import subprocess
import sys
from pathlib import Path

import pytest

from support.programs import run
from wardian import child


def opened():
    return sorted(path.name for path in Path("/proc/self/fd").iterdir())


SAYS = "import os, sys; sys.stdout.write(sys.stdin.read().upper()); sys.stderr.write(os.getcwd()); sys.exit(3)"


def test_what_is_a_pipe_is_read_and_written_and_the_rest_is_nothing(tmp_path):
    with child.start([sys.executable, "-c", SAYS], ("stdin", "stdout", "stderr"), folder=tmp_path) as process:
        assert process.communicate(b"words") == (b"WORDS", str(tmp_path).encode())
    assert process.returncode == 3
    with child.start([sys.executable, "-c", SAYS], ("stdout",)) as process:
        assert (process.stdin, process.stderr) == (None, None)
        assert process.communicate() == (b"", None)
    assert process.returncode == 3


def test_it_leads_a_session_of_its_own_and_has_the_environment_that_it_is_given(monkeypatch):
    monkeypatch.setenv("WARDIAN_PROBE", "there")
    asks = "import os; print(os.getsid(0) == os.getpid(), os.environ.get('WARDIAN_PROBE'))"
    for environment, found in ((None, b"True there\n"), ({}, b"True None\n")):
        with child.start([sys.executable, "-c", asks], ("stdout",), environment=environment) as process:
            assert process.communicate()[0] == found


def test_a_process_that_is_ended_leaves_no_pipe_open():
    before = opened()
    with child.start(["sleep", "60"], ("stdin", "stdout", "stderr")) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.communicate(timeout=0.01)
        process.kill()
    assert opened() == before


SHORT = """
import os, resource
from support.descriptors import count
from wardian import child

kept = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (32, kept[1]))

taken = []
while count(32) < 32:
    taken.append(os.open("/dev/null", os.O_RDONLY))
refused = 0
while taken:
    before = count(32)
    try:
        child.start(["true"], ("stdin", "stdout")).communicate()
    except OSError:
        refused += 1
    assert count(32) == before, (count(32), before)
    os.close(taken.pop())
assert refused > 4, refused
print("none")
"""


def test_where_there_are_too_few_descriptors_none_is_left_open():
    assert run(SHORT) == "none\n"


def test_what_is_no_program_leaves_none_open_either():
    before = opened()
    for command, raised in ((["/nowhere/at/all"], FileNotFoundError), (["true\0"], ValueError)):
        with pytest.raises(raised):
            child.start(command, ("stdin", "stdout"))
    assert opened() == before
