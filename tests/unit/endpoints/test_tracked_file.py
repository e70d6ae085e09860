"""A file that is read is known by its inode and its first bytes."""

import os

import pytest

from wardian import ConfigError
from wardian.endpoints.tracked_file import HEAD, Place, TrackedFile, renamed


@pytest.fixture
def opened():
    files = []

    def open_one(path, **more):
        files.append(TrackedFile.open(path, symlinks=False, **more))
        return files[-1]

    yield open_one
    for each in files:
        if each:
            each.close()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "lines"
    path.write_bytes(b"0123456789")
    return path


def test_a_place_is_found_again_in_the_same_file_and_in_no_other(opened, path, tmp_path):
    file = opened(path)
    file.read(8)
    place = file.place(5)
    assert Place.from_value(place.to_value()) == place
    assert opened(path).has(place)
    path.write_bytes(b"01x3456789")
    assert not opened(path).has(place)
    path.write_bytes(b"0123")
    assert not opened(path).has(place)


def test_what_was_cut_or_written_anew_has_changed(opened, path):
    file = opened(path)
    file.read(8)
    assert not file.changed()
    with path.open("ab") as more:
        more.write(b"more")
    assert not file.changed()
    path.write_bytes(b"x" * 100)
    assert file.changed()
    path.write_bytes(b"012")
    assert file.changed()


def test_a_file_is_known_by_its_first_bytes_however_it_was_read(opened, path):
    path.write_bytes(bytes(range(256)) * 4)
    slow, fast, later = opened(path), opened(path), opened(path)
    while slow.read(7):
        pass
    fast.read(2000)
    later.start(900)
    assert slow.place(900) == fast.place(900) == later.place(900)
    assert slow.place(900).head_size == HEAD


def test_a_file_that_was_renamed_is_found_in_its_folder(opened, path, tmp_path):
    file = opened(path)
    file.read(4)
    path.rename(tmp_path / "lines.1")
    (tmp_path / "a folder").mkdir()
    found = renamed(path, file.place(4))
    assert found.inode == file.inode
    found.close()
    (tmp_path / "lines.1").write_bytes(b"other")
    assert renamed(path, file.place(4)) is None


def test_a_missing_file_is_none(opened, tmp_path):
    assert opened(tmp_path / "nothing") is None


def test_case_94_what_is_no_regular_file_is_refused_and_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path / "fifo", tmp_path, "/dev/zero"):
        with pytest.raises(ConfigError, match="no regular file"):
            TrackedFile.open(tmp_path / path, symlinks=True)


def test_a_symbolic_link_is_followed_only_where_that_is_wanted(path, tmp_path):
    (tmp_path / "link").symlink_to(path)
    with pytest.raises(ConfigError, match="symlinks: true"):
        TrackedFile.open(tmp_path / "link", symlinks=False)
    TrackedFile.open(tmp_path / "link", symlinks=True).close()


PLACE = {"inode": 1, "offset": 1, "head_size": 0, "head": ""}


@pytest.mark.parametrize(
    "value", [None, 5, {}, PLACE | {"offset": -1}, PLACE | {"inode": True}, PLACE | {"head": 5}, PLACE | {"more": 1}]
)
def test_an_offset_that_is_none_is_refused(value):
    with pytest.raises(ConfigError, match="offset"):
        Place.from_value(value)
