"""Which file a command takes when none is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wardian.cli import project_file
from wardian.cli.project_file import find, shown
from wardian.cli.usage import Usage


def test_a_file_that_is_named_is_taken_as_it_is(tmp_path):
    assert find("other.yaml", tmp_path) == Path("other.yaml")


def test_the_nearest_file_upwards_is_taken(tmp_path):
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "wardian.yaml").touch()
    assert find(None, below) == tmp_path.resolve() / "wardian.yaml"
    (tmp_path / "a" / "wardian.yaml").touch()
    assert find(None, below) == tmp_path.resolve() / "a" / "wardian.yaml"


def test_a_folder_of_that_name_is_no_file(tmp_path):
    (tmp_path / "a" / "wardian.yaml").mkdir(parents=True)
    (tmp_path / "wardian.yaml").touch()
    assert find(None, tmp_path / "a") == tmp_path.resolve() / "wardian.yaml"


def test_without_a_file_it_is_said_how_to_name_one(monkeypatch, tmp_path):
    monkeypatch.setattr(project_file, "NAME", "no-such-file-anywhere.yaml")
    with pytest.raises(Usage) as caught:
        find(None, tmp_path)
    assert "--file" in caught.value.hint


def test_a_file_of_somebody_else_is_not_run_by_accident(tmp_path, monkeypatch):
    """Case 144."""
    (tmp_path / "wardian.yaml").touch()
    owner = os.stat_result((0o100644, 1, 1, 1, os.geteuid() + 1, 0, 0, 0, 0, 0))
    monkeypatch.setattr(Path, "stat", lambda _path, **_: owner)
    with pytest.raises(Usage, match="belongs to another user") as caught:
        find(None, tmp_path)
    assert str(tmp_path / "wardian.yaml") in caught.value.hint


def test_a_path_is_shown_in_its_shorter_form(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / "wardian.yaml") == "wardian.yaml"
    assert shown(Path("/etc/w")) == "/etc/w"
