"""The compile cache when the system fails it, and when somebody means it ill, byte by byte."""

import errno
import hashlib
import logging
import os
import shutil
import threading
from pathlib import Path

import pytest

from wardian.sandbox.artefacts import Artefacts

NAME, CONTENT = "sha256 settings", b"machine code"


@pytest.fixture(autouse=True)
def _heard(caplog):
    caplog.set_level(logging.WARNING, "wardian.cache")


@pytest.fixture
def artefacts(tmp_path):
    return Artefacts(tmp_path / "cache", tmp_path / "keys" / "cache.key")


@pytest.fixture
def kept(artefacts):
    """The path of an artefact that was kept."""
    artefacts.put(NAME, CONTENT)
    return artefacts._path(NAME)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def failing(error):
    def fail(*_, **__):
        raise OSError(error, os.strerror(error))

    return fail


def test_each_flipped_bit_is_noticed(artefacts, kept, caplog):
    whole = kept.read_bytes()
    for at in range(len(whole)):
        for bit in (0x01, 0x80):
            kept.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
            assert artefacts.get(NAME) is None
            assert not kept.exists()
            kept.touch(mode=0o600)
    assert len(caplog.records) == 2 * len(whole)
    kept.write_bytes(whole)
    assert artefacts.get(NAME) == CONTENT


def test_each_truncation_and_each_addition_is_noticed(artefacts, kept):
    whole = kept.read_bytes()
    for content in (*(whole[:size] for size in range(len(whole))), whole + b"\0", b"\0" + whole):
        kept.write_bytes(content)
        kept.chmod(0o600)
        assert artefacts.get(NAME) is None


def test_name_and_content_cannot_be_moved_into_each_other(artefacts):
    """Where a name ends is part of what is authenticated."""
    assert artefacts._mac("ab", b"c") != artefacts._mac("a", b"bc")
    assert artefacts._mac("1:a", b"") != artefacts._mac("1", b":a")


def test_a_reader_never_sees_a_part(artefacts, caplog):
    """One thread writes two contents by turns, another reads: each is whole."""
    contents = [bytes([fill]) * 300_000 for fill in (1, 2)]
    artefacts.put(NAME, contents[0])
    done = threading.Event()

    def write():
        for turn in range(100):
            artefacts.put(NAME, contents[turn % 2])
        done.set()

    thread = threading.Thread(target=write)
    thread.start()
    seen = set()
    while not done.is_set():
        found = artefacts.get(NAME)
        seen.add(None if found is None else hashlib.sha256(found).digest())
    thread.join()
    assert seen <= {hashlib.sha256(content).digest() for content in contents}
    assert caplog.records == []


def test_a_disk_that_is_full_half_way_leaves_nothing_behind(artefacts, monkeypatch, caplog):
    monkeypatch.setattr(Path, "replace", failing(errno.ENOSPC))
    artefacts.put(NAME, CONTENT)
    assert names(artefacts.directory) == []
    assert "could not be kept" in caplog.text


def test_what_can_only_be_read_is_read(artefacts, kept, monkeypatch, caplog):
    monkeypatch.setattr(os, "utime", failing(errno.EROFS))
    assert artefacts.get(NAME) == CONTENT
    assert caplog.records == []


def test_an_artefact_that_cannot_be_opened_just_now_is_not_deleted(artefacts, kept, monkeypatch, caplog):
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", failing(errno.EMFILE))
        assert artefacts.get(NAME) is None
    assert "could not be read" in caplog.text
    assert artefacts.get(NAME) == CONTENT


def test_a_directory_that_is_gone_is_only_a_warning(artefacts, caplog):
    shutil.rmtree(artefacts.directory)
    assert artefacts.get(NAME) is None
    artefacts.put(NAME, CONTENT)
    assert "could not be kept" in caplog.text


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EMFILE])
def test_whatever_the_system_refuses_is_only_a_warning(artefacts, monkeypatch, caplog, error):
    monkeypatch.setattr(os, "open", failing(error))
    artefacts.put(NAME, CONTENT)
    assert os.strerror(error) in caplog.text
    assert artefacts.get(NAME) is None
    assert names(artefacts.directory) == []


@pytest.mark.parametrize("call", ["fstat", "scandir"])
def test_a_call_that_fails_in_between_is_only_a_warning_and_leaves_no_file_open(artefacts, kept, monkeypatch, call):
    before = os.listdir("/proc/self/fd")  # noqa: PTH208
    with monkeypatch.context() as patch:
        patch.setattr(os, call, failing(errno.EIO))
        artefacts.put("another", CONTENT)
        artefacts.get(NAME)
    assert os.listdir("/proc/self/fd") == before  # noqa: PTH208
    assert artefacts.get(NAME) == CONTENT


def test_what_is_no_file_leaves_no_file_open_and_can_be_left_where_it_is(artefacts, kept, caplog):
    kept.unlink()
    kept.mkdir()
    before = os.listdir("/proc/self/fd")  # noqa: PTH208
    for _ in range(3):
        assert artefacts.get(NAME) is None
    assert os.listdir("/proc/self/fd") == before  # noqa: PTH208
    artefacts.put(NAME, CONTENT)
    assert "could not be kept" in caplog.text


def test_an_artefact_that_is_replaced_while_it_is_read_is_neither_lost_nor_deleted(artefacts, kept, monkeypatch):
    real = os.fstat

    def replaced_meanwhile(descriptor):
        artefacts.put(NAME, CONTENT)
        return real(descriptor)

    monkeypatch.setattr(os, "fstat", replaced_meanwhile)
    assert artefacts.get(NAME) == CONTENT
    monkeypatch.undo()
    assert artefacts.get(NAME) == CONTENT


def test_those_who_trim_at_once_do_not_fail_each_other(tmp_path, caplog):
    many = Artefacts(tmp_path / "cache", tmp_path / "key", most=10 * 132)

    def put(start):
        for number in range(start, start + 100):
            many.put(str(number), bytes(100))

    threads = [threading.Thread(target=put, args=(start,)) for start in (0, 1000, 2000, 3000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [record.message for record in caplog.records if "No such file" not in record.message] == []
    many.put("last", bytes(100))
    assert sum(path.stat().st_size for path in many.directory.iterdir()) <= 10 * 132
    assert many.get("last") == bytes(100)
