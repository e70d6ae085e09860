"""`wardian.engine.makeup`: a member's print is another when anything is that it is opened from, and else the same."""

import pytest

from unit.engine.conftest import HEAD
from wardian.bindings.descriptions import Descriptions
from wardian.engine.makeup import sources
from wardian.pipeline.plan import plan


def altered(before, after):
    return [name for name, each in after["a"].prints.items() if before["a"].prints[name] != each]


def test_what_is_written_otherwise_and_means_the_same_has_the_same_prints(pipelines):
    before = pipelines.read()
    moved = HEAD.replace("steps: {parse", "# a line more\nsteps: {parse").replace("{plugin: q}", '{ plugin: "q" }')
    assert altered(before, pipelines.read(head=moved)) == []


@pytest.mark.parametrize(
    ("old", "new", "members"),
    [
        ("interval: 1s", "interval: 2s", ["timer"]),
        ('key: "${secret:token}"', "key: other", ["parse"]),
        ("mask: {plugin: q}", "mask: {plugin: q, limits: {memory: 2MiB}}", ["mask"]),
        ("q: {source: ./q.wasm}", "q: {source: ./q.wasm, grants: {clock: true}}", ["mask"]),
        ("files: ./files", "files: ./other", ["parse"]),
        ("lines: {type: stdio}", "lines: {type: file, config: {path: x.jsonl}}", ["lines"]),
    ],
)
def test_what_the_configuration_says_of_a_member_is_in_its_print(pipelines, old, new, members):
    assert old in HEAD
    assert altered(pipelines.read(), pipelines.read(head=HEAD.replace(old, new))) == members


def test_the_bytes_of_its_module_are(pipelines):
    before = pipelines.read()
    (pipelines.folder / "p.wasm").write_bytes(b"another")
    assert altered(before, pipelines.read()) == ["parse"]
    (pipelines.folder / "p.wasm").unlink()
    assert altered(before, pipelines.read()) == ["parse"]


def test_the_files_that_it_reads_are(pipelines):
    before = pipelines.read()
    (pipelines.folder / "files" / "words.txt").write_text("a")
    assert altered(before, pipelines.read()) == ["parse"]


def test_the_value_of_a_secret_is_and_cannot_be_read_from_it(pipelines):
    before, after = pipelines.read(token="first-secret"), pipelines.read(token="second-secret")
    assert altered(before, after) == ["parse"]
    assert "secret" not in repr(after["a"].prints)


def test_headers_that_a_plugin_never_sees_are(pipelines):
    egress = "q: {source: ./q.wasm, grants: {http: [x.example]}, egress: {headers: {x.example: {a: %s}}}}"
    first, second = (HEAD.replace("q: {source: ./q.wasm}", egress % each) for each in ("one", '"${secret:token}"'))
    assert altered(pipelines.read(head=first), pipelines.read(head=second)) == ["mask"]


def test_the_files_of_a_pipeline_are_those_of_its_plugins(pipelines):
    project = pipelines.load("pipelines: {a: {sources: [timer], steps: [parse], sinks: [lines]}}")
    (made,) = plan(project, Descriptions(project.plugins))
    assert [each.name for each in sources(project, made)] == ["p.wasm", "files"]
