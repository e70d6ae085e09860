"""Runs of pipelines that do what a test tells them, for what only starts, swaps and stops them."""

from __future__ import annotations

import contextlib
import threading

from wardian.engine.keeper import Means
from wardian.errors import ConfigError, WardianError
from wardian.pipeline.counters import Counters


class Run:
    """A run that goes on until it is stopped, ended, or `finish`ed by the test."""

    def __init__(self, name, opened=lambda *_: None, members=()):
        self.name, self.state, self.error = name, "starting", None
        self.counters = {each.name: Counters() for each in members}
        self.begun, self._over = threading.Event(), threading.Event()
        self.swapped, self.drains, self.closed = [], True, False
        self._opened, self._members = opened, members

    def start(self):
        for each in self._members:
            self._opened(each, None)
        self.state = "running"
        self.begun.set()

    def stop(self, grace):
        self.finish("stopped")
        return self.drains

    def end(self):
        self.finish("stopped")

    def swap(self, member, plan, opened):
        if self._over.is_set():
            raise WardianError("over", code="closed")
        opened(plan.member(member), None)
        self.swapped.append(member)

    def wait(self, timeout):
        return self._over.wait(timeout)

    def backlog(self):
        assert not self.closed
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

        def opened(member, offset):
            self.opening.wait()
            if member.name in self.bad:
                raise ConfigError(f"{member.name} cannot be opened")

        @contextlib.contextmanager
        def run():
            if name in self.refuses:
                self.refuses.discard(name)
                raise ConfigError(f"{name} is refused")
            made = Run(name, opened, makeup.plan.members)
            self.runs.append(made)
            try:
                yield made
            finally:
                made.closed = True

        return Means(makeup, run, opened)

    def take(self, configured):
        self.taken.append(configured)

    def close(self):
        self.closed = True

    def of(self, name):
        """The last run of a pipeline."""
        return [each for each in self.runs if each.name == name][-1]
