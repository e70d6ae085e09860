"""`wardian try`: records in, and what each step makes of them."""

import json

import pytest

from support.flows import flow_wasm
from wardian.cli.main import perform

TEXT = """\
version: 1
plugins: {flow: {source: ./flow.wasm, grants: {state: true}}}
sources: {in: {plugin: flow}}
steps: {mark: {plugin: flow}}
sinks: {out: {type: stdio}, bad: {type: stdio}}
pipelines: {a: {sources: [in], steps: [mark], sinks: [out, {name: bad, path: errors}]}}
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flow.wasm").write_bytes(flow_wasm())
    (tmp_path / "wardian.yaml").write_text(TEXT)


def test_a_line_for_each_record_that_comes_of_a_step(tmp_path, capsys):
    (tmp_path / "in.jsonl").write_text('1\n{"data": "twice", "key": "k"}\n"to:errors"\n')
    assert perform(["try", "--input", "in.jsonl"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "mark  processor: 3 in, 4 out",
        '  {"data": 1}',
        '  {"data": "twice", "key": "k"}',
        '  {"data": "twice", "key": "k"}',
        '  {"data": "to:errors", "path": "errors"}',
        "out  sink: 3 in",
        '  {"data": 1, "meta": {"idempotency_key": "a/in/1/0"}}',
        '  {"data": "twice", "key": "k", "meta": {"idempotency_key": "a/in/2/0"}}',
        '  {"data": "twice", "key": "k", "meta": {"idempotency_key": "a/in/2/1"}}',
        "bad  sink of errors: 1 in",
        '  {"data": "to:errors", "path": "errors", "meta": {"idempotency_key": "a/in/3/0"}}',
    ]


def test_a_record_that_fails_is_shown_with_its_error_and_in_the_exit_code(tmp_path, capsys):
    (tmp_path / "in.jsonl").write_text('1\n"invalid"\n')
    assert perform(["try", "wardian.yaml", "--input", "in.jsonl"]) == 1
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "given up", "  mark: [invalid] it is not valid", '    {"data": "invalid"}',
    ]  # fmt: skip


def test_as_json_it_is_one_value(tmp_path, capsys):
    (tmp_path / "in.jsonl").write_text('1\n"invalid"\n')
    assert perform(["try", "--input", "in.jsonl", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["pipeline"] == "a"
    assert told["members"][0] == {
        "name": "mark",
        "role": "step",
        "kind": "processor",
        "in": 2,
        "records": [{"data": 1}],
    }
    assert told["dead"] == [
        {"member": "mark", "kind": "invalid", "code": "", "message": "it is not valid", "record": {"data": "invalid"}}
    ]


def test_a_line_that_is_no_json_is_told_with_its_number(tmp_path, capsys):
    (tmp_path / "in.jsonl").write_text("1\n{\n")
    assert perform(["try", "--input", "in.jsonl"]) == 2
    assert '"line": 2' in capsys.readouterr().err.replace('"line":2', '"line": 2')


def test_records_that_are_not_there_are_a_mistake_of_the_command_line(capsys):
    assert perform(["try"]) == 2
    assert perform(["try", "--input", "nowhere"]) == 2
    assert "no such file" in capsys.readouterr().err
