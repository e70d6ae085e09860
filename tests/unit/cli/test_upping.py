"""`wardian.cli.upping`: what is decided in it; `tests/e2e/test_up.py` has what signals and files do."""

import logging

import pytest

from support.flows import flow_wasm
from wardian.cli import upping
from wardian.cli.main import perform
from wardian.cli.usage import Usage
from wardian.engine.logs import Logs

TEXT = """\
version: 1
plugins: {flow: {source: ./flow.wasm, grants: {state: true}}}
sources: {in: {plugin: flow, config: {count: 5}}}
steps: {mark: {plugin: flow}, refuses: {plugin: flow, config: {refused: 1}}}
sinks: {out: {plugin: flow}}
pipelines: {a: {sources: [in], steps: [mark], sinks: [out]}}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flow.wasm").write_bytes(flow_wasm())
    (tmp_path / "wardian.yaml").write_text(TEXT)
    return tmp_path


def test_it_needs_a_configuration(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Usage):
        upping.up(upping.Asked())


def test_the_nearest_one_is_found_and_named(folder, monkeypatch, capfd):
    (folder / "inner").mkdir()
    monkeypatch.chdir(folder / "inner")
    assert perform(["up", "--no-watch"]) == 0
    shown = capfd.readouterr().err.splitlines()
    assert shown[0].endswith("info  using ../wardian.yaml")
    assert shown[-1] == "a: done: 5 records in, 5 out"


def test_the_exit_code_is_that_of_the_first_pipeline_that_failed(folder, capfd):
    (folder / "wardian.yaml").write_text(TEXT.replace("steps: [mark]", "steps: [refuses]"))
    assert perform(["up", "wardian.yaml"]) == 5
    assert "error: a: " in capfd.readouterr().err


def test_what_this_package_says_is_written_with_the_other_lines_and_only_meanwhile(tmp_path):
    logger = logging.getLogger("wardian")
    before = logger.handlers[:], logger.level
    with (tmp_path / "log").open("wb") as file, Logs(file.fileno()) as logs, upping._logged(logs):
        logging.getLogger("wardian.audit").info("asked somebody")
    assert (logger.handlers, logger.level) == before
    assert "asked somebody" in (tmp_path / "log").read_text()
