"""Pipelines that are killed: a process that has everything imported forks a child for each run, and says how it ended.

    python -m support.flow_children < jobs    # one JSON object a line; one line a job comes back

A job has `folder` (with `wardian.yaml` and `flow.wasm`), and either `point` and `nth` (the child kills itself when it
comes to that fault point so often), `after` (it is killed so many seconds after its pipeline has begun), `within` (it
is killed so many seconds after it was forked, while it opens its pipeline, perhaps), or none. With `swaps`, its step is
put in its own place again and again.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wardian.bindings.descriptions import Descriptions
from wardian.bindings.opener import Opener
from wardian.config.loading import load
from wardian.config.secrets import Secrets
from wardian.endpoints.kinds import TYPES
from wardian.errors import WardianError
from wardian.pipeline.plan import plan
from wardian.pipeline.run import Run
from wardian.pipeline.swap import Swap
from wardian.plugins.runtime import Runtime
from wardian.transport.journal import Journal

if TYPE_CHECKING:
    from wardian.pipeline.plan import Plan

POINTS = (
    "before read", "after read", "in a call", "after a call", "within an output", "after an output", "in a commit",
    "after a commit", "before an acknowledgement", "after an acknowledgement", "in an append",
)  # fmt: skip
OTHERS = ("before a swap", "after a swap", "with dead letters")  # for jobs that have some


class Fault:
    """Kills this process when it comes to a point for the nth time."""

    def __init__(self, point: str | None, nth: int) -> None:
        self.point, self.left = point, nth

    def at(self, point: str) -> None:
        """Here is this point."""
        if point == self.point:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str, before: str, after: str) -> None:
        """Put a point before and one after a method."""
        method = getattr(owner, name)

        def wrapped(*arguments: Any, **named: Any) -> Any:
            self.at(before)
            made = method(*arguments, **named)
            if made or name != "read":
                self.at(after)
            return made

        setattr(owner, name, wrapped)


def run(folder: Path, fault: Fault, after: float | None = None, *, swaps: bool = False) -> str:
    """Run the pipeline of the folder to its end, on its journal, and give its state."""
    os.chdir(folder)
    project = load(folder / "wardian.yaml", types=TYPES).project
    descriptions = Descriptions(project.plugins)
    made = plan(project, descriptions)[0]
    rules = made.rules
    log = Journal(
        folder / "p.db", pipeline=made.name, sources=[each.name for each in made.sources],
        queue_count=rules.queue.count, queue_bytes=rules.queue.bytes, state_mode=rules.state, interval=rules.interval,
    )  # fmt: skip
    with Runtime(cache=folder.parent / "cache", state=log.state) as runtime:
        opener = Opener(project, Secrets(), runtime, descriptions)
        uses = opener.open(made.name, made.members, offset=log.offset)
        prepare(log, uses, fault)
        running = Run(made, log, uses)
        running.start()
        if swaps:
            threading.Thread(target=swap_on, args=(running, opener, made), daemon=True).start()
        if after is not None:
            time.sleep(after)
            os.kill(os.getpid(), signal.SIGKILL)
        running.wait()
    return running.state


def swap_on(running: Run, opener: Opener, made: Plan) -> None:
    """Put steps in their own places for as long as that goes."""
    while not running.wait(0):
        for step in made.steps:
            try:
                running.swap(step.name, opener.open(made.name, [step])[step.name])
            except WardianError:
                return  # it is over


def prepare(log: Journal, uses: dict[str, Any], fault: Fault) -> None:
    """Put the fault points where they belong."""
    fault.around(log, "read", "before read", "after read")
    fault.around(log, "commit", "", "after a commit")
    fault.around(Swap, "perform", "before a swap", "after a swap")
    within_transactions(log, fault)
    for use in uses.values():
        if hasattr(use, "process_values"):
            call = use.process_values

            def process(values: Any, call: Any = call) -> Any:
                if fault.point == "in a call" and fault.left == 1:
                    threading.Thread(target=lambda: fault.at("in a call"), daemon=True).start()
                elif fault.point == "in a call":
                    fault.at("in a call")
                made = call(values)
                fault.at("after a call")
                return made

            use.process_values = process
        if hasattr(use, "acknowledge"):
            fault.around(use, "acknowledge", "before an acknowledgement", "after an acknowledgement")
        if hasattr(use, "_written"):
            tear(use, fault)
            fault.around(use, "write_values", "", "after an output")


def within_transactions(log: Journal, fault: Fault) -> None:
    """Put the fault points of a log where all of a transaction is written and nothing of it is committed."""
    database, mine = log._keeper.file.database, threading.local()
    write, append, commit = database.write, log.append, log.commit

    def writes(work: Any) -> None:
        def worked(connection: Any) -> None:
            work(connection)
            fault.at("in an append" if getattr(mine, "appends", False) else "in a commit")
            if getattr(mine, "gives_up", False):
                fault.at("with dead letters")

        write(worked)

    def appends(*arguments: Any, **named: Any) -> int:
        mine.appends = True
        try:
            return append(*arguments, **named)
        finally:
            mine.appends = False

    def commits(*arguments: Any, **named: Any) -> None:
        mine.gives_up = bool(named["dead"])
        commit(*arguments, **named)

    database.write, log.append, log.commit = writes, appends, commits


def tear(sink: Any, fault: Fault) -> None:
    """Have a file sink write half of what it is given before the point within an output."""
    written = sink._written

    def half(records: Any) -> Any:
        if fault.point == "within an output" and fault.left == 1:
            written(records[: len(records) // 2])
        fault.at("within an output")
        return written(records)

    sink._written = half


def perform(job: dict[str, Any]) -> dict[str, Any]:
    """Fork a child for a job, and say how it ended."""
    began = time.monotonic()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        state = "raised"
        try:
            fault = Fault(job.get("point"), job.get("nth", 0))
            state = run(Path(job["folder"]), fault, job.get("after"), swaps=job.get("swaps", False))
        finally:
            os.write(write, state.encode())
            os._exit(0 if state == "done" else 1)
    os.close(write)
    if "within" in job:
        time.sleep(job["within"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    state = os.read(read, 100).decode()
    os.close(read)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {"killed": killed, "state": state, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(perform(json.loads(line))), flush=True)
