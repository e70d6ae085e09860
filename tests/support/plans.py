"""Plans of projects whose plugin `p` describes what a test says."""

from __future__ import annotations

import textwrap
from typing import NamedTuple

from support.packages import described
from support.wat import wasm_of
from wardian.bindings.descriptions import Descriptions
from wardian.config.loading import load
from wardian.endpoints.kinds import TYPES
from wardian.pipeline.plan import plan

HEAD = """\
version: 1
plugins: {p: {source: ./p.wasm}}
sources: {in: {plugin: p}, timer: {type: timer, config: {interval: 1s}}}
steps: {parse: {plugin: p}, count: {plugin: p, window: {count: 3}}, off: {plugin: p, enabled: false}}
sinks: {out: {plugin: p}, lines: {type: stdio}}
"""


class Planned(NamedTuple):
    """A project with what its plugins say, and its plans."""

    project: object
    descriptions: Descriptions
    plans: tuple


def planned(folder, text, *symbols, head=HEAD):
    """What a text behind `HEAD` comes to; `p` describes these symbols, or nothing where there are none."""
    file = folder / "wardian.yaml"
    file.write_text(head + textwrap.dedent(text))
    wasm = wasm_of('(module (func (export "wardian_abi_v1")))')
    (folder / "p.wasm").write_bytes(described(wasm, *symbols) if symbols else wasm)
    project = load(file, types=TYPES).project
    descriptions = Descriptions(project.plugins)
    return Planned(project, descriptions, plan(project, descriptions))
