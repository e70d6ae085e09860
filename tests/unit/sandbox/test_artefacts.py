import logging
import os
import stat
import threading
import time

import pytest

from support.programs import run
from wardian.errors import ConfigError
from wardian.plugins.runtime import Runtime
from wardian.sandbox.artefacts import Artefacts

pytestmark = pytest.mark.usefixtures("_quiet")


@pytest.fixture
def _quiet(caplog):
    caplog.set_level(logging.WARNING, "wardian.cache")


@pytest.fixture
def key(tmp_path):
    return tmp_path / "key" / "cache.key"


@pytest.fixture
def artefacts(tmp_path, key):
    return Artefacts(tmp_path / "cache", key)


def kept(artefacts):
    return sorted(artefacts.directory.iterdir())


def test_what_was_put_is_what_is_got(artefacts):
    for name, content in (("one", b"1"), ("two", b""), ("one", b"again" * 100_000)):
        artefacts.put(name, content)
        assert artefacts.get(name) == content
    assert artefacts.get("three") is None


def test_another_process_of_the_same_user_gets_it_too(artefacts, key):
    artefacts.put("one", b"1")
    assert Artefacts(artefacts.directory, key).get("one") == b"1"


def test_directory_and_files_are_the_users_alone(artefacts, key):
    artefacts.put("one", b"1")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (artefacts.directory, *kept(artefacts), key)]
    assert modes == [0o700, 0o600, 0o600]


def flip(path, at):
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


DAMAGE = {
    "a bit of the code": lambda path: flip(path, 40),
    "a bit of the last byte": lambda path: flip(path, -1),
    "a bit of the MAC": lambda path: flip(path, 0),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "cut to the MAC": lambda path: path.write_bytes(path.read_bytes()[:32]),
    "cut within the MAC": lambda path: path.write_bytes(path.read_bytes()[:10]),
    "empty": lambda path: path.write_bytes(b""),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "writable by others": lambda path: path.chmod(0o602),
    "readable by others": lambda path: path.chmod(0o644),
    "another name": lambda path: os.link(path, path.parent / "other"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_an_artefact_that_may_not_be_ours_is_never_used_and_is_deleted(artefacts, caplog, name):
    artefacts.put("one", bytes(range(256)))
    (path,) = kept(artefacts)
    DAMAGE[name](path)
    assert artefacts.get("one") is None
    assert not path.exists()
    assert len(caplog.records) == 1
    artefacts.put("one", b"new")
    assert artefacts.get("one") == b"new"


def test_an_artefact_under_another_name_is_not_authentic(artefacts):
    artefacts.put("one", b"1")
    (one,) = kept(artefacts)
    artefacts.put("two", b"2")
    (two,) = set(kept(artefacts)) - {one}
    two.write_bytes(one.read_bytes())
    assert artefacts.get("two") is None
    assert artefacts.get("one") == b"1"


def test_an_artefact_made_with_another_key_is_not_authentic(artefacts, tmp_path):
    Artefacts(artefacts.directory, tmp_path / "other.key").put("one", b"1")
    assert artefacts.get("one") is None


@pytest.mark.parametrize("kind", ["symbolic link", "pipe", "directory"])
def test_what_is_no_file_is_never_followed_nor_waited_for(artefacts, tmp_path, kind):
    artefacts.put("one", b"1")
    (path,) = kept(artefacts)
    outside = tmp_path / "outside"
    outside.write_bytes(path.read_bytes())
    outside.chmod(0o600)
    path.unlink()
    if kind == "symbolic link":
        path.symlink_to(outside)
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.mkdir()
    assert artefacts.get("one") is None
    assert outside.exists()


@pytest.mark.parametrize("mode", [0o777, 0o720, 0o702])
def test_a_directory_that_others_can_write_is_refused(tmp_path, key, mode):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(mode)
    with pytest.raises(PermissionError, match="nobody else may write it"):
        Artefacts(tmp_path / "cache", key)


def test_a_directory_that_is_a_link_is_refused(tmp_path, key):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "cache").symlink_to(tmp_path / "real")
    with pytest.raises(PermissionError):
        Artefacts(tmp_path / "cache", key)


@pytest.mark.parametrize("content", [b"", b"x" * 31, b"x" * 33])
def test_a_key_of_another_size_is_refused(tmp_path, key, content):
    key.parent.mkdir()
    key.write_bytes(content)
    key.chmod(0o600)
    with pytest.raises(OSError, match="holds no key"):
        Artefacts(tmp_path / "cache", key)


def test_a_key_that_others_can_write_or_that_is_a_link_is_refused(artefacts, tmp_path, key):
    (tmp_path / "link").symlink_to(key)
    with pytest.raises(OSError, match="link"):
        Artefacts(artefacts.directory, tmp_path / "link")
    key.chmod(0o622)
    with pytest.raises(PermissionError):
        Artefacts(artefacts.directory, key)


def test_a_runtime_reports_an_unsafe_cache_as_the_operators_error(tmp_path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(0o777)
    with pytest.raises(ConfigError) as caught:
        Runtime(cache=tmp_path / "cache")
    assert caught.value.hint


def test_without_its_key_the_cache_is_compiled_anew(artefacts, key):
    artefacts.put("one", b"1")
    key.unlink()
    anew = Artefacts(artefacts.directory, key)
    assert anew.get("one") is None
    anew.put("one", b"2")
    assert anew.get("one") == b"2"


def test_all_artefacts_together_are_bounded_and_the_longest_unused_go_first(tmp_path, key):
    artefacts = Artefacts(tmp_path / "cache", key, most=1_000)
    now = time.time()
    for number in range(10):
        artefacts.put(str(number), bytes(168))  # 200 bytes with the MAC
        assert sum(path.stat().st_size for path in kept(artefacts)) <= 1_000
        for path in kept(artefacts):
            os.utime(path, (now, path.stat().st_mtime - 10))
    assert [number for number in range(10) if artefacts.get(str(number)) is not None] == [5, 6, 7, 8, 9]
    artefacts.put("large", bytes(1_000))
    assert artefacts.get("large") is None
    assert len(kept(artefacts)) == 5


def test_what_an_interrupted_process_left_counts_and_goes(tmp_path, key):
    artefacts = Artefacts(tmp_path / "cache", key, most=1_000)
    left = artefacts.directory / "x.1.part"
    left.write_bytes(bytes(900))
    os.utime(left, (0, 0))
    artefacts.put("one", bytes(200))
    assert not left.exists()
    assert artefacts.get("one") == bytes(200)


def test_a_reader_sees_a_whole_artefact_or_none(artefacts):
    contents = [bytes([number]) * 200_000 for number in range(4)]
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            artefacts.put("one", contents[number % 4])
            number += 1

    writer = threading.Thread(target=write)
    artefacts.put("one", contents[0])
    writer.start()
    try:
        assert all(artefacts.get("one") in contents for _ in range(300))
    finally:
        stop.set()
        writer.join()
    assert len(kept(artefacts)) == 1


def test_a_cache_that_cannot_be_written_or_is_gone_costs_a_compile_and_no_error(artefacts, caplog):
    artefacts.directory.rmdir()
    artefacts.put("one", b"1")
    assert artefacts.get("one") is None
    assert "could not be kept" in caplog.text


def test_processes_that_start_together_agree_on_one_key(tmp_path):
    program = (
        "import sys, threading\n"
        "from pathlib import Path\n"
        "from wardian.sandbox.artefacts import Artefacts\n"
        "cache, key = map(Path, sys.argv[1:3])\n"
        "Artefacts(cache, key).put(sys.argv[3], b'artefact')\n"
    )
    threads = [
        threading.Thread(target=run, args=(program, tmp_path / "cache", tmp_path / "key", number))
        for number in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    artefacts = Artefacts(tmp_path / "cache", tmp_path / "key")
    assert [artefacts.get(str(number)) for number in range(6)] == [b"artefact"] * 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "key"]
