"""Faults of the machine around a runtime: damaged files, wrong clocks, no threads, no files, and `kill -9`."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
import time
from contextlib import closing

import pytest

import wardian
from support.programs import run
from support.wat import wasm_of
from wardian.errors import ConfigError, DeadlineExceeded, StateError
from wardian.plugins import load as loading
from wardian.sandbox.artefacts import Artefacts
from wardian.state.contract import Quota, Scope
from wardian.state.sqlite import SqliteStore

STATE = wardian.Grants(state=True)


@pytest.fixture
def remembers(guest):
    return wasm_of(guest("remembers").read_text())


@pytest.fixture
def file(tmp_path, cache, remembers):
    """A state file in which a plugin has counted to 3, and which nobody has open."""
    path = tmp_path / "state.db"
    with wardian.Runtime(cache=cache, state=path) as runtime:
        plugin = runtime.load(remembers, name="mine", grants=STATE)
        assert [plugin.call("add") for _ in range(3)] == [1, 2, 3]
    return path


def overwrite(path, at, content):
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)


def make_newer(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


FILES = {
    "garbage": (lambda path: path.write_bytes(os.urandom(8192)), "state_corrupt"),
    "a garbage header": (lambda path: overwrite(path, 0, b"garbage!" * 12), "state_corrupt"),
    "zero length": (lambda path: path.write_bytes(b""), "state_corrupt"),
    "another program's": (lambda path: overwrite(path, 68, b"\0\0\0\0"), "state_corrupt"),
    "cut": (lambda path: os.truncate(path, 4096), "state_corrupt"),
    "newer": (make_newer, "state_newer"),
}


@pytest.mark.parametrize("damage", FILES)
def test_case_06_a_state_file_that_cannot_be_trusted_is_refused_and_left_as_it_is(
    file, cache, remembers, tmp_path, damage, healthy
):
    harm, code = FILES[damage]
    harm(file)
    before = file.read_bytes()
    for _ in range(2):
        with pytest.raises(StateError) as refused:
            wardian.Runtime(cache=cache, state=file)
        assert (refused.value.code, refused.value.where) == (code, str(file))
        assert refused.value.hint
    assert file.read_bytes() == before
    with wardian.Runtime(cache=cache, state=tmp_path / "other.db") as runtime:
        assert runtime.load(remembers, name="mine", grants=STATE).call("add") == 1
    healthy()


def test_case_06_a_damaged_page_ends_the_calls_that_meet_it_and_no_others(file, cache, remembers, guest, healthy):
    scope, quota = Scope("mine", "default"), Quota(1000, 10**6, 10**4)
    with SqliteStore(file) as store, store.begin(scope, quota, time.monotonic() + 5) as transaction:
        for number in range(100):
            transaction.put(b"a%d" % number, b"x" * 1000)
        transaction.commit()
    content = file.read_bytes()
    (page,) = (at for at in range(0, len(content), 4096) if b"minedefaultn" in content[at : at + 4096])
    overwrite(file, page, b"\xff" * 4096)
    before = file.read_bytes()
    with wardian.Runtime(cache=cache, state=file) as runtime:
        plugin = runtime.load(remembers, name="mine", grants=STATE)
        for _ in range(2):
            with pytest.raises(StateError) as refused:
                plugin.call("add")
            assert refused.value.code == "state_corrupt"
        assert runtime.load(wasm_of(guest("echoes").read_text())).call("echo", 7) == 7
    assert file.read_bytes() == before
    healthy()


def test_case_06_a_log_that_is_gone_loses_only_what_it_held(file, cache, remembers):
    """As when a file is copied while it is in use, without its `-wal`: it is what it was at the last checkpoint."""
    copy = file.with_name("copy.db")
    with wardian.Runtime(cache=cache, state=file) as runtime:
        runtime.load(remembers, name="mine", grants=STATE).call("add")
        assert file.with_name("state.db-wal").stat().st_size > 0
        shutil.copy(file, copy)
    with wardian.Runtime(cache=cache, state=copy) as runtime:
        assert runtime.load(remembers, name="mine", grants=STATE).call("add") == 4


READ_ONLY = """
import os, sys
import wardian
from adversarial.unprivileged import obey_permissions

path, cache = sys.argv[1:]
os.chmod(os.path.dirname(path), 0o500)
obey_permissions()
for state in (path, path + ".new"):
    try:
        with wardian.Runtime(cache=cache, state=state):
            print("opened")
    except wardian.StateError as error:
        print(error.code)
with wardian.Runtime(cache=cache) as runtime:
    print("others run")
"""


def test_case_06_a_directory_that_can_only_be_read_is_refused(file, cache, tmp_path):
    folder = tmp_path / "read-only"
    folder.mkdir()
    shutil.copy(file, folder / "state.db")
    try:
        assert run(READ_ONLY, folder / "state.db", cache).split("\n")[:3] == [
            "state_error",
            "state_error",
            "others run",
        ]
    finally:
        folder.chmod(0o700)
    assert [path.name for path in folder.iterdir()] == ["state.db"]


def answering(number):
    """A plugin whose `go` answers this number, of up to 16 bits."""
    return wasm_of(f"""(module
      (memory (export "memory") 1)
      (func (export "wardian_abi_v1"))
      (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
      (data (i32.const 0) "\\19\\{number >> 8:02x}\\{number & 255:02x}")
      (func (export "go") (param i32 i32) (result i64) (i64.const 3)))""")


HONEST, HOSTILE = answering(42), answering(1337)


@pytest.fixture
def planted(tmp_path):
    """A cache with one artefact, of an honest plugin, and the file of a hostile one's, made with the same key."""

    def compiled(folder, wasm):
        with wardian.Runtime(cache=tmp_path / folder) as runtime:
            assert runtime.load(wasm).call("go") in (42, 1337)
        (path,) = (tmp_path / folder).iterdir()
        return path

    return compiled("cache", HONEST), compiled("hostile", HOSTILE)


def flip_every(honest, _hostile):
    content = bytearray(honest.read_bytes())
    for at in range(0, len(content), 97):
        content[at] ^= 1
    honest.write_bytes(content)


def replace_code(honest, hostile):
    honest.write_bytes(honest.read_bytes()[:32] + hostile.read_bytes()[32:])


def swap_link(honest, hostile, link):
    honest.unlink()
    link(hostile, honest)


def sign_with_another_key(honest, hostile):
    other = Artefacts(honest.parent, honest.parent.parent / "other" / "cache.key")
    other._path = lambda _: honest
    other.put("any", hostile.read_bytes()[32:])


CACHES = {
    "bits flipped": flip_every,
    "cut": lambda honest, _: os.truncate(honest, honest.stat().st_size // 2),
    "empty": lambda honest, _: os.truncate(honest, 0),
    "another module's": lambda honest, hostile: honest.write_bytes(hostile.read_bytes()),
    "another module's code": replace_code,
    "signed with another key": sign_with_another_key,
    "a link": lambda honest, hostile: swap_link(honest, hostile, lambda to, at: at.symlink_to(to)),
    "a hard link": lambda honest, hostile: swap_link(honest, hostile, lambda to, at: at.hardlink_to(to)),
    "a pipe": lambda honest, _: (honest.unlink(), os.mkfifo(honest)),
    "a directory": lambda honest, _: (honest.unlink(), honest.mkdir()),
    "of any user": lambda honest, _: honest.chmod(0o666),
    "gone": lambda honest, _: honest.unlink(),
}


@pytest.mark.parametrize("plant", CACHES)
def test_case_08_what_was_planted_in_the_cache_is_compiled_anew_and_never_run(planted, plant, healthy):
    honest, hostile = planted
    CACHES[plant](honest, hostile)
    with wardian.Runtime(cache=honest.parent) as runtime:
        assert runtime.load(HONEST).call("go") == 42
    healthy()


def test_case_08_without_its_key_the_whole_cache_is_compiled_anew(planted, tmp_path, monkeypatch):
    honest, _ = planted
    before = honest.read_bytes()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another home"))
    with wardian.Runtime(cache=honest.parent) as runtime:
        assert runtime.load(HONEST).call("go") == 42
    assert honest.read_bytes() != before


def test_case_08_an_artefact_of_other_settings_is_another_one(planted):
    honest, _ = planted
    with wardian.Runtime(cache=honest.parent) as runtime:
        plugin = runtime.load(HONEST, limits=wardian.Limits(fuel=1000))
        assert plugin.invoke("go").receipt.fuel > 0
    assert len(list(honest.parent.iterdir())) == 2


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o702])
def test_case_08_a_cache_that_others_can_write_is_refused(planted, mode, healthy):
    honest, _ = planted
    honest.parent.chmod(mode)
    with pytest.raises(ConfigError, match="nobody else may write it"):
        wardian.Runtime(cache=honest.parent)
    healthy()


def test_case_43_a_plugin_that_is_loaded_while_its_runtime_closes_is_closed_with_it(cache, monkeypatch, healthy):
    runtime, made = wardian.Runtime(cache=cache), []
    load = loading.load

    def slowly(*arguments):
        made.append(load(*arguments))
        runtime.close()
        return made[0]

    monkeypatch.setattr(loading, "load", slowly)
    with pytest.raises(wardian.WardianError) as refused:
        runtime.load(HONEST)
    assert (refused.value.code, made[0].closed) == ("closed", True)
    healthy()


JUMPS = itertools.cycle([3600e9, -3600e9, -1e18])
CLOCKS = {
    "an hour ahead": lambda now: now + 3600e9,
    "an hour behind": lambda now: now - 3600e9,
    "at 1970": lambda _: 0,
    "before 1970": lambda _: -86_400e9,
    "jumping": lambda now: now + next(JUMPS),
}


@pytest.mark.parametrize("clock", CLOCKS)
def test_case_09_a_wrong_clock_moves_no_deadline(load, guest, monkeypatch, clock, healthy):
    real, wrong = time.time_ns, CLOCKS[clock]
    monkeypatch.setattr(time, "time_ns", lambda: int(wrong(real())))
    monkeypatch.setattr(time, "time", lambda: wrong(real()) / 1e9)
    spins, echoes = load("spins", limits=wardian.Limits(deadline=0.2)), load("echoes")
    began = time.monotonic()
    with pytest.raises(DeadlineExceeded):
        spins.call("spin")
    assert 0.2 <= time.monotonic() - began < 5
    assert echoes.call("echo", 1) == 1
    assert echoes.invoke("echo", 1).receipt.wall_ns > 0
    healthy()


def test_case_09_what_is_kept_for_a_time_outlives_no_clock_and_is_revived_by_none(tmp_path):
    now = [1_800_000_000_000]
    scope, quota = Scope("mine", "default"), Quota(100, 10_000, 1000)
    for step, expected in ((0, [b"a", b"b"]), (-3_600_000, [b"a", b"b"]), (3_601_000, [b"b"]), (-3_600_000, [b"b"])):
        now[0] += step
        with (
            SqliteStore(tmp_path / "state.db", now_ms=lambda: now[0]) as store,
            store.begin(scope, quota, time.monotonic() + 5) as transaction,
        ):
            if step == 0:
                transaction.put(b"a", b"", 1000)
                transaction.put(b"b", b"", 10_000_000)
            assert transaction.keys() == expected, step
            transaction.commit()
