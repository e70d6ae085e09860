"""What pipelines load is known, with what it may do, and so is what they do not load."""

from __future__ import annotations

import hashlib

import pytest

from support.plans import HEAD, planned
from wardian.pipeline.loads import Narrowed, NotLoaded, loads

PLUGINS = """\
plugins:
  p: {source: ./p.wasm, grants: {state: true, http: ["a.example:443"]}, limits: {memory: 4MiB}}
  idle: {source: ./gone.wasm}
  off: {source: ./gone.wasm, enabled: false}
"""


@pytest.fixture
def found(tmp_path):
    """What the plans of a text load."""

    def look(text, *symbols, head=HEAD):
        made = planned(tmp_path, text, *symbols, head=head.replace("plugins: {p: {source: ./p.wasm}}\n", PLUGINS))
        return loads(made.project, made.plans, made.descriptions)

    return look


def test_a_plugin_that_is_needed_has_its_version_its_digest_what_it_may_and_who_needs_it(found, tmp_path):
    (load,) = found("pipelines: {a: {sources: [in], steps: [parse], sinks: [lines]}}", "source s", "processor c").loaded
    assert (load.plugin, load.path, load.version, load.error) == ("p", "./p.wasm", "1.2.3", "")
    assert load.digest == hashlib.sha256((tmp_path / "p.wasm").read_bytes()).hexdigest()
    assert load.granted == ("state", "http a.example:443")
    assert load.limited == {"memory": "4MiB"}
    assert load.members == {"a/in": Narrowed(), "a/parse": Narrowed()}


def test_what_a_use_narrows_is_told_for_it(found):
    head = HEAD.replace("out: {plugin: p}", "out: {plugin: p, grants: {http: []}, limits: {memory: 1MiB}}")
    (load,) = found("pipelines: {a: {sources: [in], sinks: [out]}}", head=head).loaded
    assert load.members["a/out"] == Narrowed(("state",), {"memory": "1MiB"})


def test_what_is_disabled_or_not_bound_is_not_loaded_and_not_read(found):
    others = found("pipelines: {a: {sources: [timer], sinks: [lines]}}").others
    unbound = "no pipeline that is enabled needs it"
    off = NotLoaded("off", "`plugins.off.enabled` is false")
    assert others == (NotLoaded("p", unbound), NotLoaded("idle", unbound), off)


def test_a_module_that_cannot_be_read_says_why(found, tmp_path):
    head = HEAD.replace("sources: {in: {plugin: p}", "sources: {in: {plugin: idle}")
    (load,) = found("pipelines: {a: {sources: [in], sinks: [lines]}}", head=head).loaded
    assert (load.plugin, load.digest, load.error) == ("idle", "", "there is no such file")
