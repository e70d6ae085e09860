"""Pipelines as stories are told of them: a `wardian.yaml` over real guests, run by an engine or by the command."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from functools import partial

from support.ups import SECONDS, eventually
from support.ups import Folder as UpFolder
from wardian.engine.engine import Engine
from wardian.engine.ground import Ground


class Story(UpFolder):
    """A folder with a configuration and the modules that it names.

    Args:
        path: the folder.
        cache: the folder of the compile cache.
        guest: gives the path of a guest by its name.
    """

    def __init__(self, path, cache, guest):
        self.path, self.file, self.out = path, path / "wardian.yaml", path / "out.jsonl"
        self.started, self._cache, self._guest = [], cache, guest
        self.warnings, self.lines = [], []

    def module(self, name, content=None):
        """Put a module there, by default the guest of this name, at once and as a whole."""
        new = self.path / f"{name}.new"
        if content is None:
            shutil.copy(self._guest(name), new)
        else:
            new.write_bytes(content)
        new.replace(self.path / f"{name}.wasm")

    def write(self, text, head="version: 1\n"):
        """Write the configuration, at once and as a whole."""
        super().write(text, head)

    @contextmanager
    def engine(self, **more):
        """An engine in this process, started; ended with the block."""
        ground = partial(Ground, cache=self._cache, on_log=self.lines.append, warn=self.warnings.append)
        with Engine(self.path / "wardian.yaml", ground, environ={}, **more) as engine:
            engine.start()
            yield engine

    def finish(self, **more):
        """Run it to its end; gives the engine, which is closed."""
        with self.engine(**more) as engine:
            assert engine.wait(SECONDS), engine.pipelines
            return engine

    def rows(self, *rows, name="rows.jsonl"):
        """Write a file of rows, as a new file."""
        new = self.path / "rows.new"
        new.write_text("".join(json.dumps(each) + "\n" for each in rows))
        new.replace(self.path / name)

    def data(self, name="out.jsonl"):
        """What a file sink has written, by its data alone."""
        return [each.get("data") for each in self.records(name)]


def counters(engine, pipeline, member):
    """What a member of a pipeline has done."""
    (keeper,) = [each for each in engine.pipelines if each.name == pipeline]
    return keeper.counters[member].snapshot()


def keys(records):
    """The stable keys of records, each as pipeline, source, cursor and what comes after it."""
    return [each["meta"]["idempotency_key"].split("/") for each in records]


def of(records, source):
    """Those of a source."""
    return [each for each in records if each["meta"]["idempotency_key"].split("/")[1] == source]


__all__ = ["Story", "counters", "eventually", "keys", "of"]
