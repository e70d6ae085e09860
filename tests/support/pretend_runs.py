"""Runs of pipelines that do what a test tells them, for what only starts, swaps and stops them."""

from __future__ import annotations

import threading

from wardian.engine.keeper import Means
from wardian.engine.status import Running
from wardian.errors import ConfigError, WardianError
from wardian.pipeline.counters import Counters


class Run:
    """A run that goes on until it is stopped, ended, or `finish`ed by the test."""

    def __init__(self, name, members=()):
        self.name, self.state, self.error = name, "starting", None
        self.counters = {each.name: Counters() for each in members}
        self.begun, self._over = threading.Event(), threading.Event()
        self.swapped, self.drains = [], True

    def start(self):
        self.state = "running"
        self.begun.set()

    def stop(self, grace):
        self.finish("stopped")
        return self.drains

    def end(self):
        self.finish("stopped")

    def swap(self, member, use):
        if self._over.is_set():
            raise WardianError("over", code="closed")
        self.swapped.append(member)

    def wait(self, timeout):
        return self._over.wait(timeout)

    def backlog(self):
        return (3, 30)

    def finish(self, state="done", error=None):
        if not self._over.is_set():
            self.state, self.error = state, error
            self._over.set()


class Ground:
    """Makes such runs; `refuses` has the names of pipelines that cannot be opened, `bad` those of members."""

    def __init__(self):
        self.runs, self.refuses, self.bad = [], set(), set()
        self.taken, self.closed = [], False
        self.opening = threading.Event()
        self.opening.set()

    def means(self, configured, name):
        makeup = configured.makeups[name]

        def uses(members):
            if wrong := self.bad.intersection(members):
                raise ConfigError(f"{wrong} cannot be opened")
            return dict.fromkeys(members, "use")

        def run():
            self.opening.wait()
            if name in self.refuses:
                self.refuses.discard(name)
                raise ConfigError(f"{name} is refused")
            made = Run(name, makeup.plan.members)
            self.runs.append(made)
            return made

        def check():
            uses(each.name for each in makeup.plan.members)

        return Means(makeup, run, uses, check)

    def running(self, name):
        return {"parse": Running(version="1.2.3")}

    def take(self, configured):
        self.taken.append(configured)

    def close(self):
        self.closed = True

    def of(self, name):
        """The last run of a pipeline."""
        return [each for each in self.runs if each.name == name][-1]
