"""`wardian up` as a process of its own, over the guest that is every member of a pipeline."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import textwrap
import time
from pathlib import Path

from support.commands import command, wardian
from support.flows import flow_wasm

SECONDS = 60
HEAD = """\
version: 1
plugins: {flow: {source: ./flow.wasm, grants: {state: true}, limits: {deadline: 20s}}}
"""


class Folder:
    """A folder with a configuration, in which `wardian up` is started as often as a test wants."""

    def __init__(self, path):
        self.path, self.file, self.out = path, path / "wardian.yaml", path / "out.jsonl"
        (path / "flow.wasm").write_bytes(flow_wasm())
        self.started = []

    def write(self, text, head=HEAD):
        new = self.path / "new.yaml"
        new.write_text(head + textwrap.dedent(text))
        new.replace(self.file)

    def start(self, *words, **environment):
        """Start it; `said` of what is given waits for a line on standard error."""
        process = Up(self, words, environment)
        self.started.append(process)
        return process

    def run(self, *words):
        """Run it to its end."""
        return wardian("up", str(self.file), *words)

    def ask(self, *words):
        """Another command on the same state directory."""
        return wardian(*words, "--state", str(self.path / ".wardian"))

    def status(self):
        """What `wardian status` says, by the names of pipelines."""
        done = self.ask("status", "--json")
        assert done.returncode == 0, done.stderr.decode()
        return {each["name"]: each for each in json.loads(done.stdout)["pipelines"]}

    def records(self, name="out.jsonl"):
        """What a file sink has written."""
        path = self.path / name
        whole = path.read_text().rpartition("\n")[0] if path.exists() else ""
        return [json.loads(line) for line in whole.splitlines()]

    def until(self, count, name="out.jsonl"):
        """Wait until so many records have been written."""
        eventually(lambda: len(self.records(name)) >= count, f"{count} records")


class Up:
    """One `wardian up`."""

    def __init__(self, folder, words, environment):
        self.log = folder.path / f"log-{len(folder.started)}.txt"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command("up", folder.file, *words), stdout=subprocess.DEVNULL, stderr=log,
                env=os.environ | environment,
            )  # fmt: skip

    def text(self):
        """What it has written to standard error."""
        return self.log.read_text()

    def said(self, text):
        """Wait until it has said this."""
        eventually(lambda: text in self.text() or self.process.poll() is not None, text)
        assert text in self.text(), self.text()

    def send(self, number):
        self.process.send_signal(number)

    def cpu(self):
        """The seconds of a processor that it has taken."""
        words = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def ended(self, seconds=SECONDS):
        """Its exit code."""
        return self.process.wait(seconds)

    def stop(self):
        """Stop it in good order; its exit code."""
        self.send(signal.SIGTERM)
        return self.ended()

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def eventually(true, what):
    """Wait until something is so."""
    until = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < until, f"{what} did not come"
        time.sleep(0.02)


FLOW = """
sources: {{numbers: {{plugin: flow, config: {{count: {count}, per_poll: 5, interval: 5ms}}}}}}
steps: {{mark: {{plugin: flow, config: {{{mark}}}}}}}
sinks: {{out: {{type: file, config: {{path: ./out.jsonl}}}}}}
pipelines: {{p: {{sources: [numbers], steps: [mark], sinks: [out]{rules}}}}}
"""


def flow(count=-1, mark="", rules=""):
    """A pipeline `p` that numbers records into `out.jsonl`; a `count` of -1 is without end."""
    return FLOW.format(count=count, mark=mark, rules=f", {rules}" if rules else "")


def whole(records):
    """That nothing is missing, nothing is there twice, and all is in order."""
    assert [each["data"] for each in records] == list(range(len(records)))
    return len(records)


def max_of(folder):
    """The last of the numbers that were written."""
    return max(each["data"] for each in folder.records())


def stuck(folder):
    """Wait until the step of a pipeline takes no more records."""
    eventually(lambda: folder.out.exists() and folder.status()["p"]["queue_records"] > 200, "a queue")


def replace(path, content):
    """Put another file in the place of one, as a build does."""
    path.with_suffix(".new").write_bytes(content)
    path.with_suffix(".new").replace(path)
