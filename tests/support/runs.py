"""Runs of tasks whose actions are functions, and everything that they told."""

from __future__ import annotations

import threading
from pathlib import Path

from wardian.tasks.cancellation import Cancellation
from wardian.tasks.run import Level, Run
from wardian.tasks.scope import Frame


class Told(list):
    """Events, and short forms of them."""

    def __init__(self):
        super().__init__()
        self._lock = threading.Lock()

    def __call__(self, event):
        with self._lock:
            self.append(event)

    def of(self, kind):
        return [event for event in self if isinstance(event, kind)]


def run(tasks, actions, *, name=None, mixins=None, cancellation=None, shell=False, folder=".", tell=None, **frame):
    """Run a task; gives its result, its error, and what it told. An action takes its parameters and what runs."""

    def act(action, params, running):
        return actions[action](params, running), None

    told = Told()
    whole = Run(tasks, mixins or {}, act, tell or told, Path(folder), allow_shell=shell)
    level = Level(Frame(**frame), cancellation or Cancellation())
    result, error = whole.task(name or next(iter(tasks)), level)
    return result, error, told
