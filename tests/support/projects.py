"""Projects in folders of their own, whose plugin does what its parameters say."""

from __future__ import annotations

import shutil
import textwrap

import wardian
from wardian.tasks.events import Logged

ALL = "{template: true, vars: true, actions: true}"
HEAD = f"""
version: 1
plugins:
  obedient: {{source: ./obedient.wasm, grants: {ALL}, limits: {{deadline: 20s}}}}
  slow: {{source: ./slow.wasm, limits: {{deadline: 20s}}}}
"""


class Folder:
    """A folder with the guests `obedient` and `slow`, in which projects are written and opened."""

    def __init__(self, path, c_guest, cache):
        self.path, self.file, self._cache = path, path / "wardian.yaml", cache
        for name in ("obedient", "slow"):
            shutil.copy(c_guest(name), path / f"{name}.wasm")

    def open(self, text, *, head=HEAD, environ=None, **given):
        """The project of this text, behind the two plugins."""
        self.file.write_text(head + textwrap.dedent(text), "utf-8")
        return wardian.Project.open(self.file, environ=environ or {}, cache=self._cache, **given)

    def run(self, text, name="t", *, head=HEAD, environ=None, **given):
        """Run one task of a project; what each of its jobs answered, and what was told."""
        events = []
        with self.open(text, head=head, environ=environ) as project:
            result = project.run_task(name, on_event=events.append, **given)
        return [job.reply for job in result.jobs], events


def said(events):
    """The messages of the plugins' log lines."""
    return [event.line.message for event in events if isinstance(event, Logged)]
