"""The state file: how it is made, what is refused, and what its faults are called."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from unit.state.stores import MINE, begin, keep, look, run, usage
from wardian.errors import StateError
from wardian.state.contract import Quota, Scope
from wardian.state.sqlite import SqliteStore

LARGE = Quota(keys=10**6, total=10**9, value=10**8)


def code_of(path, **options):
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StateError) as caught:
        SqliteStore(path, **options)
    assert before is None or path.read_bytes() == before, "a refused file is left as it was"
    assert str(path) in str(caught.value)
    return caught.value.code


def alter(path, script):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(script)


def made(path):
    with SqliteStore(path) as store:
        keep(store, a=b"1")
    return path


class TestMaking:
    def test_a_new_file_and_its_directory_are_its_owners_alone(self, tmp_path):
        path = tmp_path / "a" / "b" / "state.db"
        mask = os.umask(0)
        try:
            with SqliteStore(path) as store:
                keep(store, a=b"1")
                modes = {found.name: found.stat().st_mode & 0o777 for found in path.parent.iterdir()}
        finally:
            os.umask(mask)
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert modes == dict.fromkeys(["state.db", "state.db-wal", "state.db-shm", "state.db-lock"], 0o600)

    def test_many_at_once_make_one_file(self, path):
        def open_and_keep(number):
            with SqliteStore(path) as store:
                keep(store, **{str(number): b""})

        run(open_and_keep, range(8))
        with SqliteStore(path) as store:
            assert usage(store) == (8, 8)
        assert sorted(found.name for found in path.parent.iterdir()) == ["state.db", "state.db-lock"]

    def test_full_synchronous_is_had_when_asked_for(self, path):
        for name, number in (("NORMAL", 1), ("FULL", 2)):
            with SqliteStore(path, synchronous=name) as store:
                assert store.database.select("PRAGMA synchronous", ()) == [(number,)]

    def test_a_name_means_only_itself(self, tmp_path):
        for name in ("file:x?mode=memory", ":memory:", "a b%20'.db"):
            made(tmp_path / name)
            assert (tmp_path / name).is_file()


class TestRefusals:
    @pytest.mark.parametrize("content", [b"", b"\0", b"garbage" * 1000, b"SQLite format 3\0" + b"x" * 5000])
    def test_a_file_that_is_no_database(self, path, content):
        path.write_bytes(content)
        assert code_of(path) == "state_corrupt"

    def test_a_database_of_another_program(self, path):
        alter(path, "CREATE TABLE scope (a); PRAGMA user_version = 1")
        assert code_of(path) == "state_corrupt"

    def test_a_cut_file(self, path):
        made(path)
        os.truncate(path, path.stat().st_size // 2)
        assert code_of(path) == "state_corrupt"

    def test_a_newer_version(self, path):
        alter(made(path), "PRAGMA user_version = 2")
        assert code_of(path) == "state_newer"

    def test_a_log_whose_file_is_gone(self, path):
        with SqliteStore(path) as store:
            keep(store, a=b"1")
            wal = path.with_name("state.db-wal").read_bytes()
        path.unlink()
        path.with_name("state.db-wal").write_bytes(wal)
        assert code_of(path) == "state_corrupt"
        assert not path.exists()

    def test_a_directory_a_pipe_and_a_file_for_a_directory(self, tmp_path):
        (tmp_path / "directory").mkdir()
        os.mkfifo(tmp_path / "pipe")
        (tmp_path / "file").touch()
        (tmp_path / "circle").symlink_to(tmp_path / "circle")
        for name in ("directory", "pipe", "file/state.db", "circle"):
            assert code_of(tmp_path / name) == "state_error"

    def test_a_link_of_another_user(self, tmp_path, monkeypatch):
        path = tmp_path / "link"
        path.symlink_to(tmp_path / "state.db")
        made(path)
        assert (tmp_path / "state.db-lock").exists(), "all names of a file share its lock"
        owner = os.geteuid()
        if owner == 0:
            os.chown(path, 12345, -1, follow_symlinks=False)
        else:
            monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
        assert code_of(path) == "state_error"


class TestFaults:
    def test_a_damaged_page_is_told_when_it_is_met_and_never_repaired(self, path):
        with SqliteStore(path) as store, begin(store, quota=LARGE) as tx:
            for number in range(500):
                tx.put(b"%d" % number, b"x" * 100)
            tx.commit()
        with path.open("r+b") as file:
            file.seek(4096 * 8)  # past the schema and the ledger, in the entries
            file.write(b"\xa5" * 4096 * 8)
        with SqliteStore(path) as store:
            with pytest.raises(StateError) as caught, begin(store) as tx:
                [tx.get(b"%d" % number) for number in range(500)]
            assert caught.value.code == "state_corrupt"
            with pytest.raises(StateError), begin(store) as tx:
                tx.keys()
            assert usage(store)[0] == 500

    def test_a_full_disk_undoes_the_commit_and_still_lets_keys_be_deleted(self, path):
        with SqliteStore(path, max_bytes=200_000) as store:
            for number in range(1000):
                try:
                    keep(store, quota=LARGE, **{str(number): b"x" * 10_000})
                except StateError as error:
                    assert error.code == "state_full"  # noqa: PT017
                    break
            assert 5 < number < 25
            assert usage(store)[0] == number
            assert look(store, str(number).encode()) is None
            with begin(store) as tx:
                for key in tx.keys()[:3]:
                    tx.delete(key)
                tx.commit()
            keep(store, quota=LARGE, new=b"x" * 10_000)
            assert usage(store)[0] == number - 2

    def test_a_write_that_the_system_refuses_is_undone(self, path):
        script = """if True:
            import resource, signal, sys, time
            from wardian.errors import StateError
            from wardian.state.contract import Quota, Scope
            from wardian.state.sqlite import SqliteStore
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
            store = SqliteStore(sys.argv[1])
            for n in range(1000):
                with store.begin(Scope("counter", "one"), Quota(9999, 10**9, 10**6), time.monotonic() + 9) as tx:
                    tx.put(b"%d" % n, b"x" * 5000)
                    try:
                        tx.commit()
                    except StateError as error:
                        print(n, error.code)
                        break
        """
        done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
        number, code = done.stdout.split()
        assert code == "state_error"
        with SqliteStore(path) as store:
            assert usage(store)[0] == int(number) > 0

    def test_somebody_elses_lock_is_waited_for_and_then_told(self, path):
        made(path)
        with SqliteStore(path, patience=0.05) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert look(store, b"a") == b"1"  # readers do not wait
            with pytest.raises(StateError) as caught:
                keep(store, a=b"2")
            assert caught.value.code == "state_locked"
            other.execute("ROLLBACK")
            assert look(store, b"a") == b"1"
            keep(store, a=b"3")

    def test_a_commit_that_is_interrupted_leaves_nothing(self, path):
        with SqliteStore(path) as store:
            keep(store, a=b"1")

            def work(connection):
                connection.execute("DELETE FROM entry")
                raise KeyboardInterrupt

            with pytest.raises(KeyboardInterrupt):
                store.database.write(work)
            assert look(store, b"a") == b"1"
            store.clear(MINE)


def test_few_connections_serve_many_open_transactions(path):
    with SqliteStore(path) as store:
        held = [begin(store, Scope("counter", str(number))) for number in range(50)]
        for tx in held:
            tx.put(b"a", b"1")
        assert len(store.database._idle) == 1
        for tx in held:
            tx.commit()
        assert len(store.scopes()) == 50


def test_idle_connections_are_few_and_closed_with_the_store(path):
    with SqliteStore(path) as store:
        keep(store, a=b"1")
        connections = [store.database._take() for _ in range(12)]
        for connection in connections:
            store.database._give(connection)
        assert len(store.database._idle) == 8
        late = store.database._take()
    store.database._give(late)
    assert not store.database._idle
