"""`wardian list`: what it prints; `tests/scenarios/test_a5_intelmq.py` has what it promises."""

import json

from support.canned import canned
from support.packages import with_package
from wardian.cli.main import perform


def test_nothing_is_told_of_a_folder_without_plugins(tmp_path, capsys):
    assert perform(["list", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "there are no plugins\n"


def test_a_path_that_leads_nowhere_and_no_path_are_errors(tmp_path, capsys):
    assert perform(["list", str(tmp_path / "none")]) == 3
    assert "no such file or folder" in capsys.readouterr().err
    assert perform(["list"]) == 2


def test_what_a_package_says_is_printable_and_in_one_line(tmp_path, capsys):
    hostile = "red \x1b[31m\nand \u202e more " + "x" * 5000
    config = {"schema": {"properties": {hostile: {"description": hostile}}}, "defaults": {hostile: hostile}}
    symbol = {"kind": "source", "name": "s", "config": config}
    value = {"name": "a/b", "version": "1.0.0", "description": hostile, "symbols": [symbol]}
    (tmp_path / "p.wasm").write_bytes(with_package(canned({"source_poll": {"records": []}}), value))
    assert perform(["list", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.isprintable() and len(line) < 4000 for line in lines)
    assert len(lines) == 5
    assert perform(["list", str(tmp_path), "--json"]) == 0
    (item,) = json.loads(capsys.readouterr().out)["plugins"]
    assert item["description"] == hostile
