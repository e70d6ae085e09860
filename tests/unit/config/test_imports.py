"""`wardian.config.imports`: several files as one, within one folder."""

import os

import pytest

from wardian.config.imports import gather
from wardian.config.loading import load
from wardian.errors import ConfigError


def refused(path):
    with pytest.raises(ConfigError) as caught:
        gather(path)
    return caught.value.problems


def test_the_importing_file_wins_and_of_the_imported_the_later_one(written):
    written("vars: {a: 1, b: 1, c: 1}", "one.yaml")
    written('{"vars": {"b": 2, "c": 2}}', "more/two.json")
    path = written("version: 1\nimports: [one.yaml, ./more/two.json]\nvars: {c: 3}\n")
    files = gather(path)
    assert files.node.at(["vars"]).plain() == {"a": 1, "b": 2, "c": 3}
    assert [each.name for each in files.paths] == ["wardian.yaml", "one.yaml", "two.json"]
    assert files.node.at(["vars", "b"]).file.endswith("two.json")


def test_imports_go_on_from_the_file_that_says_them_and_a_file_is_read_once(written):
    written("imports: [b.yaml]\nvars: {a: 1}", "more/a.yaml")
    written("vars: {b: 1}", "more/b.yaml")
    files = gather(written("version: 1\nimports: [more/a.yaml, more/b.yaml]\n"))
    assert files.node.at(["vars"]).plain() == {"a": 1, "b": 1}
    assert len(files.paths) == 3


def test_each_import_that_leads_nowhere_out_or_round_is_told_with_its_line(written, tmp_path):
    written("vars: {}", "../outside.yaml")
    (tmp_path / "link.yaml").symlink_to(tmp_path / ".." / "outside.yaml")
    written("imports:\n  - wardian.yaml\n", "round.yaml")
    path = written(
        "version: 1\nimports:\n  - ../outside.yaml\n  - /etc/hosts\n  - gone.yaml\n  - link.yaml\n  - round.yaml\n"
        "  - wardian.yaml\n  - more/../../outside.yaml\n  - ''\n  - 5\n"
    )
    problems = refused(path)
    lines = [(each.file.rpartition("/")[2], each.line) for each in problems]
    assert lines == [("round.yaml", 2), *(("wardian.yaml", line) for line in (3, 4, 5, 6, 8, 9))]
    (tmp_path / ".." / "outside.yaml").unlink()


def test_depth_and_number_are_bounded(written):
    for at in range(20):
        written(f"imports: [f{at + 1}.yaml]", f"f{at}.yaml")
    written("vars: {}", "f20.yaml")
    assert "at most 64 files" in refused(written("version: 1\nimports: [f0.yaml]\n"))[0]
    for at in range(80):
        written("vars: {}", f"g{at}.yaml")
    assert "at most 64 files" in refused(written(f"imports: [{', '.join(f'g{at}.yaml' for at in range(64))}]"))[0]


def test_problems_of_all_files_are_told_together(written):
    written("a: 1\na: 2\n", "one.yaml")
    written("[", "two.yaml")
    problems = refused(written("imports: [one.yaml, two.yaml]\nx: &a 1\n"))
    assert [each.file.rpartition("/")[2] for each in problems] == ["one.yaml", "two.yaml", "wardian.yaml"]


def test_a_file_that_everybody_can_write_is_refused(written):
    written("vars: {}", "one.yaml").chmod(0o666)
    path = written("version: 1\nimports: [one.yaml]\n")
    (problem,) = refused(path)
    assert (problem.file.rpartition("/")[2], problem.hint) == ("one.yaml", "chmod o-w one.yaml")
    path.chmod(0o646)
    assert len(refused(path)) == 2


def test_a_file_of_another_user_is_a_warning(written, monkeypatch):
    path = written("version: 1\n")
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    owner = path.stat().st_uid
    assert len(load(path).warnings) == (owner not in (0, 4711))
