"""What the tests of faults share: pipelines whose log is a file, in one life after the other."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.flow_text import PLAIN, TEXT
from support.flows import Capture, Flow
from wardian.transport.journal import Journal

TESTS = Path(__file__).parents[1]
SECONDS = 60


@pytest.fixture(scope="module")
def children(cache):
    """Runs jobs, one after the other, in children of a process that has everything imported."""
    command = [sys.executable, "-m", "support.flow_children"]
    with subprocess.Popen(command, cwd=TESTS, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def perform(**job):
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield perform
        process.stdin.close()


@pytest.fixture
def life(cache, tmp_path):
    """Opens a pipeline on the file that `wardian up` would have its log in; what is opened later goes on from there.

    `values` are put into the log first; `journal` is more for the log.
    """
    made = []

    def begin(*, values=None, journal=None, captures=None, text=TEXT, **more):
        bounds = {"sources": ["numbers"], "queue_count": 10_000, "queue_bytes": 2**26} | (journal or {})
        log = Journal(tmp_path / ".wardian" / "pipelines" / "p.db", pipeline="p", **bounds)
        if values is not None:
            more = {"count": 0} | more
            log.append("numbers", [each if isinstance(each, dict) else {"data": each} for each in values])
        made.append(Flow(cache, filled(text, **more), tmp_path, log=log, **(captures or {"out": Capture()})))
        return made[-1]

    yield begin
    for each in made:
        each.close()


def filled(text=TEXT, **more):
    """A file of a pipeline whose records are kept until they are delivered."""
    return text.format(**{**PLAIN, "rules": "delivery: at_least_once", **more})


def eventually(true, what, seconds=SECONDS):
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, f"{what}: not within {seconds} s"
        time.sleep(0.005)
