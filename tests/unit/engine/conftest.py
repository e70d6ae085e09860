"""What the tests of the engine share: pipelines as a file has them, with plugins that are never run."""

from __future__ import annotations

import textwrap

import pytest

from support.wat import wasm_of
from wardian.bindings.descriptions import Descriptions
from wardian.config.loading import load
from wardian.config.secrets import Secrets
from wardian.endpoints.kinds import TYPES
from wardian.engine.makeup import Makeup
from wardian.pipeline.plan import plan

HEAD = """\
version: 1
secrets: {token: {env: TOKEN}}
plugins:
  p: {source: ./p.wasm, grants: {package: true}, files: ./files}
  q: {source: ./q.wasm}
sources: {in: {plugin: q}, timer: {type: timer, config: {interval: 1s}}}
steps: {parse: {plugin: p, config: {key: "${secret:token}"}}, mask: {plugin: q}, count: {plugin: q, window: {count: 3}}}
sinks: {out: {plugin: q}, lines: {type: stdio}}
"""


class Pipelines:
    """A configuration whose text and files a test changes; `read` says what its pipelines are made of by then."""

    def __init__(self, folder):
        self.folder, self.file = folder, folder / "wardian.yaml"
        (folder / "files").mkdir()
        for name in ("p", "q"):
            (folder / f"{name}.wasm").write_bytes(wasm_of(f'(module (func (export "{name}")))'))

    def load(self, text, head=HEAD):
        self.file.write_text(head + textwrap.dedent(text))
        return load(self.file, types=TYPES).project

    def read(
        self, text="pipelines: {a: {sources: [timer], steps: [parse, mask], sinks: [lines]}}", head=HEAD, token="x"
    ):
        project = self.load(text, head)
        plans = plan(project, Descriptions(project.plugins))
        return {each.name: Makeup.of(each, project, Secrets({"token": token})) for each in plans}


@pytest.fixture
def pipelines(tmp_path):
    return Pipelines(tmp_path)
