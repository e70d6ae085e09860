"""A log whose disk, file or neighbours fail: nothing is acknowledged that was not kept, and nothing is torn."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from unit.state.stores import keep, look
from unit.transport.logs import MOST, OF_SOURCE, OF_STEP, journal, letter, numbers, records, step
from wardian.errors import StateError
from wardian.state.sqlite import SqliteStore
from wardian.transport.contract import WindowChange
from wardian.transport.dead_letters import DeadLetters
from wardian.transport.journal import Journal
from wardian.transport.memory import MemoryLog
from wardian.transport.tables import open_file

LARGE = {f"n{number}": b"s" * 60_000 for number in range(14)}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "words.db"


def bulky(first, last):
    return [{"data": number, "message": "x" * 5000} for number in range(first, last + 1)]


def fill(log):
    """Append until the disk is full; the number of the last record."""
    last = 0
    while True:
        keep(log.state, OF_SOURCE, n=b"%d" % (last + 10))
        try:
            log.append("lines", bulky(last + 1, last + 10), last + 10)
        except StateError as full:
            if full.code != "state_full":
                raise
            return last
        last += 10


def allow(log, pages):
    """Give the disk so many pages, as somebody who deletes files does."""
    for connection in log._database._idle:
        connection.execute(f"PRAGMA max_page_count = {pages}")


class TestFull:
    def test_case_05_an_append_keeps_nothing_and_goes_through_once_a_commit_has_made_room(self, path):
        with journal(path, max_bytes=400_000) as log:
            last = fill(log)
            assert last >= 30
            assert (log.offset("lines"), log.backlog()[0]) == (last, last)
            with SqliteStore(path) as store:
                assert look(store, b"n", OF_SOURCE) == b"%d" % last
            step(log, 1, last)
            assert log.append("lines", bulky(last + 1, last + 10), last + 10) == last + 10
            assert log.offset("lines") == last + 10
        with journal(path) as log:
            assert numbers(log.read(last, 99, MOST, 0)) == list(range(last + 1, last + 11))
            assert look(log.state, b"n", OF_SOURCE) == b"%d" % (last + 10)

    @pytest.mark.parametrize("mode", ["write_through", "checkpoint"])
    def test_case_05_a_commit_acknowledges_nothing_and_goes_through_once_there_is_space(self, path, mode):
        log = journal(path, max_bytes=400_000, state_mode=mode, interval=0)
        last = fill(log)
        log.read(0, last, MOST, 0)
        keep(log.state, OF_STEP, **LARGE)
        for _ in range(3):
            with pytest.raises(StateError) as caught:
                log.commit(last, dead=[letter()])
            assert (caught.value.code, log.cursor, log.backlog()[0]) == ("state_full", 0, last)
        assert numbers(log.read(0, last, MOST, 0)) == list(range(1, last + 1))
        with SqliteStore(path) as store:
            assert look(store, b"n0", OF_STEP) is None
        allow(log, 10_000)
        log.commit(last, dead=[letter()])
        assert log.cursor == last
        log.close()
        with journal(path) as log:
            assert (log.cursor, look(log.state, b"n13", OF_STEP)) == (last, LARGE["n13"])
            assert DeadLetters(log._keeper.file).count()[0] == 1

    def test_case_05_a_checkpoint_that_finds_no_space_while_nothing_is_to_be_read_waits_for_the_next(self, path):
        log = journal(path, max_bytes=200_000, state_mode="checkpoint", interval=0.05)
        log.append("lines", records(1, 2))
        keep(log.state, OF_STEP, **LARGE)
        log.read(0, 1, MOST, 0)
        log.commit(1)
        time.sleep(0.06)
        assert log.read(2, 1, MOST, 0) == []
        assert (log.cursor, look(log.state, b"n13", OF_STEP)) == (0, LARGE["n13"])
        with pytest.raises(StateError):
            log.close()
        with journal(path) as log:
            assert (log.cursor, look(log.state, b"n0", OF_STEP)) == (0, None)
            assert numbers(log.read(0, 9, MOST, 0)) == [1, 2]

    def test_case_13_with_no_room_for_a_dead_letter_nothing_is_acknowledged_and_none_is_dropped(self, path):
        with journal(path, dead_most=3) as log:
            log.append("lines", records(1, 9))
            step(log, 1, 2, dead=[letter(1), letter(2)])
            log.read(2, 2, MOST, 0)
            for _ in range(2):
                with pytest.raises(StateError) as caught:
                    log.commit(4, dead=[letter(3), letter(4)])
                assert (caught.value.code, log.cursor) == ("dead_letters_full", 2)
            letters = DeadLetters(log._keeper.file)
            assert [each.cursor for each in letters.some()] == [1, 2]
            letters.delete([1])
            log.commit(4, dead=[letter(3), letter(4)])
            assert [each.cursor for each in letters.some()] == [2, 3, 4]

    def test_case_13_dead_letters_are_bounded_by_their_bytes_as_well(self, path):
        with journal(path, dead_bytes=5000) as log:
            log.append("lines", records(1, 2))
            log.read(0, 2, MOST, 0)
            with pytest.raises(StateError) as caught:
                log.commit(1, dead=[letter(message="x" * 5000)])
            assert caught.value.code == "dead_letters_full"


class TestLocked:
    def test_case_07_a_file_that_another_program_holds_is_waited_for_and_nothing_is_lost(self, path):
        with journal(path, patience=0.05) as log, closing(sqlite3.connect(path, isolation_level=None)) as other:
            log.append("lines", records(1, 2), 2)
            log.read(0, 2, MOST, 0)
            keep(log.state, OF_STEP, n=b"2")
            other.execute("BEGIN IMMEDIATE")
            for use in (lambda: log.append("lines", records(3, 3), 3), lambda: log.commit(2, dead=[letter()])):
                with pytest.raises(StateError) as caught:
                    use()
                assert caught.value.code == "state_locked"
            assert (log.cursor, log.offset("lines"), log.backlog()[0]) == (0, 2, 2)
            other.execute("ROLLBACK")
            assert log.append("lines", records(3, 3), 3) == 3
            log.commit(2, dead=[letter()])
            assert (log.cursor, DeadLetters(log._keeper.file).count()[0]) == (2, 1)

    def test_case_07_within_its_patience_a_log_waits_by_itself(self, path):
        with (
            journal(path, patience=30) as log,
            closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other,
            ThreadPoolExecutor(1) as pool,
        ):
            other.execute("BEGIN IMMEDIATE")
            waiting = pool.submit(log.append, "lines", records(1, 1))
            time.sleep(0.1)
            other.execute("ROLLBACK")
            assert waiting.result(30) == 1


def overwrite(path, offset, data):
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


def execute(path, sql):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


def of_a_plugin(path):
    path.unlink()
    SqliteStore(path).close()


DAMAGED = {
    "garbage": (lambda path: path.write_bytes(os.urandom(8192)), "state_corrupt"),
    "a garbage header": (lambda path: overwrite(path, 0, b"garbage!" * 12), "state_corrupt"),
    "zero length": (lambda path: path.write_bytes(b""), "state_corrupt"),
    "cut": (lambda path: os.truncate(path, 4096), "state_corrupt"),
    "state without a log": (of_a_plugin, "state_corrupt"),
    "a table is gone": (lambda path: execute(path, "DROP TABLE window"), "state_corrupt"),
    "records are gone": (lambda path: execute(path, "DELETE FROM chunk WHERE first = 3"), "state_corrupt"),
    "newer state": (lambda path: execute(path, "PRAGMA user_version = 2"), "state_newer"),
    "a newer log": (lambda path: execute(path, "UPDATE pipeline SET version = 2"), "state_newer"),
}


@pytest.fixture
def used(path):
    """The file of a pipeline of which four records, in two chunks, wait, and one is dead; nobody has it open."""
    with journal(path) as log:
        log.append("lines", records(1, 2))
        log.append("lines", records(3, 4))
        log.append("lines", records(5, 6))
        step(log, 1, 1, dead=[letter()])
    return path


class TestDamaged:
    @pytest.mark.parametrize("kind", DAMAGED)
    def test_case_06_a_file_that_cannot_be_trusted_is_refused_and_left_as_it_is(self, used, kind):
        damage, code = DAMAGED[kind]
        damage(used)
        before = used.read_bytes()
        with pytest.raises(StateError) as caught:
            journal(used)
        assert caught.value.code == code
        assert str(used) in str(caught.value)
        if kind != "records are gone":  # a log in memory, and who looks at dead letters, read no numbers of chunks
            with pytest.raises(StateError):
                MemoryLog(pipeline="words", path=used, queue_count=1, queue_bytes=1)
            with pytest.raises(StateError):
                open_file(used, "")
        assert used.read_bytes() == before

    def test_case_06_a_file_that_is_gone_while_its_wal_is_there_is_not_made_anew(self, used, tmp_path):
        with journal(used) as log:
            log.append("lines", records(7, 7))
            copy = tmp_path / "copy" / "words.db"
            copy.parent.mkdir()
            shutil.copy(used.with_name("words.db-wal"), copy.with_name("words.db-wal"))
        with pytest.raises(StateError) as caught:
            journal(copy)
        assert caught.value.code == "state_corrupt"
        assert not copy.exists()

    @pytest.mark.parametrize("table", ["chunk", "dead", "window", "source"])
    def test_case_06_what_is_damaged_within_is_told_where_it_is_read(self, used, table):
        column = "offset" if table == "source" else "data"
        with journal(used) as log:
            log.append("lines", [], "offset")
            log.read(1, 1, MOST, 0)
            log.commit(2, windows=[WindowChange("sum", False, [(2, {"data": 2})])])
        execute(used, f"UPDATE {table} SET {column} = x'ff00'")
        with journal(used) as log:
            uses = {
                "chunk": lambda: log.read(2, 9, MOST, 0),
                "dead": DeadLetters(log._keeper.file).some,
                "window": lambda: log.windows("sum"),
                "source": lambda: log.offset("lines"),
            }
            with pytest.raises(StateError) as caught:
                uses.pop(table)()
            assert caught.value.code == "state_corrupt"
            for use in uses.values():
                use()

    def test_case_06_the_file_of_one_pipeline_stops_no_other(self, used, tmp_path):
        used.write_bytes(b"garbage!" * 1000)
        with pytest.raises(StateError):
            journal(used)
        with Journal(tmp_path / "other.db", pipeline="other", sources=[], queue_count=9, queue_bytes=99) as log:
            assert log.append("lines", records(1, 1)) == 1


class TestRepeats:
    def test_case_12_what_is_delivered_again_has_the_place_that_it_had(self, path):
        with journal(path, kept_bytes=0) as log:
            log.append("lines", records(1, 50))
            step(log, 1, 7)
            places = [(each.source, each.cursor, each.value) for each in log.read(7, 99, MOST, 0)]
            log.rollback()
            assert [(each.source, each.cursor, each.value) for each in log.read(7, 99, MOST, 0)] == places
        for _ in range(2):
            with journal(path) as log:
                assert [(each.source, each.cursor, each.value) for each in log.read(7, 99, MOST, 0)] == places


class TestPowerLoss:
    @pytest.mark.parametrize(("synchronous", "number"), [("NORMAL", 1), ("FULL", 2)])
    def test_case_27_each_commit_is_on_the_disk_itself_where_that_is_asked_for(self, path, synchronous, number):
        with journal(path, synchronous=synchronous) as log:
            log.append("lines", records(1, 1))
            assert log._database.select("PRAGMA synchronous", ()) == [(number,)]
            assert log._database.select("PRAGMA journal_mode", ()) == [("wal",)]
