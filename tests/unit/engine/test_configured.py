"""`wardian.engine.configured`: what a configuration comes to before anything runs."""

from unit.engine.conftest import HEAD
from wardian.engine.configured import Configured


def test_it_knows_all_that_it_was_read_from(pipelines, tmp_path):
    (tmp_path / "token").write_text("a-long-token")
    (tmp_path / "token").chmod(0o644)
    head = HEAD.replace("{env: TOKEN}", "{file: ./token}")
    pipelines.load("pipelines: {a: {sources: [timer], steps: [parse], sinks: [lines]}}", head)
    read = Configured.read(pipelines.file, (), {})
    assert [each.name for each in read.files] == ["wardian.yaml", "token", "p.wasm", "files"]
    assert list(read.makeups) == ["a"]
    assert len(read.warnings) == 1
    assert "everybody can read" in read.warnings[0]


def test_settings_and_variables_override_it(pipelines):
    pipelines.load("pipelines: {a: {sources: [timer], sinks: [lines]}}")
    given = {"WARDIAN__PIPELINES__A__GRACE": "5s"}
    read = Configured.read(pipelines.file, ("pipelines.a.batch.count=7",), given)
    rules = read.makeups["a"].plan.rules
    assert (rules.batch.count, rules.grace) == (7, 5.0)


def test_a_secret_that_no_pipeline_asks_for_is_not_read(pipelines):
    pipelines.load("pipelines: {a: {sources: [timer], steps: [mask], sinks: [lines]}}")
    assert repr(Configured.read(pipelines.file, (), {}).secrets) == "<Secrets none>"
