"""The files that a plugin reads as its package."""

from __future__ import annotations

import pytest

from wardian.bindings import files
from wardian.bindings.files import read
from wardian.errors import ConfigError


def test_files_are_known_by_their_paths_from_the_folder(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "one.txt").write_bytes(b"1")
    (tmp_path / "a" / "b" / "two.bin").write_bytes(b"\0\1")
    assert read(tmp_path) == {"one.txt": b"1", "a/b/two.bin": b"\0\1"}


def test_links_lead_nowhere(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("s")
    folder = tmp_path / "files"
    (folder / "sub").mkdir(parents=True)
    (folder / "link").symlink_to(secret)
    (folder / "sub" / "up").symlink_to(tmp_path, target_is_directory=True)
    assert read(folder) == {}


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="there is no such folder"):
        read(tmp_path / "gone")


def test_too_many_and_too_much_are_refused(tmp_path, monkeypatch):
    for at in range(3):
        (tmp_path / f"{at}").write_bytes(b"xx")
    assert len(read(tmp_path)) == 3
    for name, most in (("MOST_FILES", 2), ("MOST_BYTES", 5)):
        with monkeypatch.context() as patch:
            patch.setattr(files, name, most)
            with pytest.raises(ConfigError, match="at most"):
                read(tmp_path)
