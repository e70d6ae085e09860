"""Paths that are none, and files that are no files."""

import os
import threading
from pathlib import Path

import pytest

from wardian.errors import LimitExceeded, PackageError
from wardian.plugins.origin import read


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("a\0b.wasm", "not_found"),
        ("~nobody-of-this-name/a.wasm", "not_found"),
        ("", "unreadable"),
        ("a" * 5_000 + ".wasm", "unreadable"),
        ("/etc/hostname/a.wasm", "unreadable"),
        ("/nowhere/\ud800.wasm", "not_found"),
    ],
)
def test_whatever_is_no_path_is_a_package_error(given, code):
    with pytest.raises(PackageError) as raised:
        read(given, 2**20)
    assert raised.value.code == code


def test_a_device_without_an_end_is_read_to_the_limit():
    with pytest.raises(LimitExceeded) as raised:
        read("/dev/zero", 1_000)
    assert (raised.value.limit, raised.value.value, raised.value.asked) == ("module", 1_000, 1_001)


@pytest.mark.parametrize("size", [0, 999, 1_000, 1_001])
def test_a_pipe_is_read_to_its_end_or_the_limit(tmp_path, size):
    pipe = tmp_path / "pipe.wasm"
    os.mkfifo(pipe)

    def write():
        pipe.write_bytes(bytes(size))

    thread = threading.Thread(target=write)
    thread.start()
    if size <= 1_000:
        assert read(pipe, 1_000).content == bytes(size)
    else:
        with pytest.raises(LimitExceeded):
            read(pipe, 1_000)
    thread.join()


def test_a_file_of_the_limit_itself_is_read(tmp_path):
    path = tmp_path / "a.wasm"
    path.write_bytes(bytes(1_000))
    assert read(path, 1_000).content == bytes(1_000)
    with pytest.raises(LimitExceeded):
        read(path, 999)


def test_a_file_that_may_not_be_read_is_unreadable(tmp_path, monkeypatch):
    path = tmp_path / "a.wasm"
    path.touch()

    def refuse(*_given, **_more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PackageError, match="Permission denied") as raised:
        read(path, 1_000)
    assert (raised.value.code, raised.value.where) == ("unreadable", str(path))
