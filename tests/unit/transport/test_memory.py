from datetime import UTC, datetime

import pytest

from unit.state.stores import keep, look
from unit.transport.logs import MOST, OF_SOURCE, OF_STEP, journal, letter, numbers, records, step
from wardian.errors import StateError
from wardian.state.sqlite import SqliteStore
from wardian.transport.dead_letters import DeadLetters
from wardian.transport.memory import MemoryLog
from wardian.transport.tables import open_file


@pytest.fixture
def path(tmp_path):
    return tmp_path / "words.db"


def memory(path=None, **more):
    given = {"queue_count": 1000, "queue_bytes": 2**20, "sources": ["lines"]} | more
    return MemoryLog(pipeline="words", path=path, **given)


def test_the_reader_gets_the_very_values_that_were_appended():
    with memory() as log:
        value = {"data": "x"}
        log.append("lines", [value])
        assert log.read(0, 1, 1000, 0)[0].value is value


def test_values_with_points_in_time_have_a_size_too():
    with memory() as log:
        log.append("lines", [{"data": datetime(2026, 1, 1, tzinfo=UTC)}])
        assert 20 < log.backlog()[1] < 200


def test_without_a_file_dead_letters_are_kept_to_be_looked_at():
    with memory() as log:
        log.append("lines", records(1, 1))
        step(log, 1, 1, dead=[letter()])
        assert log.dead == [letter()]


def test_with_a_file_state_offsets_and_dead_letters_outlive_it_and_records_do_not(path):
    with memory(path) as log:
        keep(log.state, OF_SOURCE, n=b"s")
        log.append("lines", records(1, 9), {"line": 9})
        step(log, 1, 4, dead=[letter()])
        keep(log.state, OF_STEP, n=b"not committed")
    with memory(path) as log:
        assert (log.offset("lines"), log.backlog()) == ({"line": 9}, (0, 0))
        assert (look(log.state, b"n", OF_SOURCE), look(log.state, b"n", OF_STEP)) == (b"s", b"4")
        assert DeadLetters(log._keeper.file).count()[0] == 1


def test_case_12_no_cursor_is_ever_given_twice_whatever_is_lost(path):
    seen = []
    for _ in range(3):
        log = memory(path)  # as after a kill, nothing was acknowledged
        log.append("lines", records(1, 3))
        seen += [entry.cursor for entry in log.read(log.cursor, 9, MOST, 0)]
        log._keeper.file.close()
    assert len(set(seen)) == 9


def test_cursors_are_claimed_anew_before_they_are_used_up(path, monkeypatch):
    monkeypatch.setattr("wardian.transport.memory._CLAIM", 10)
    with memory(path) as log:
        for first in range(1, 100, 7):
            last = log.append("lines", records(first, first + 6))
            with open_file(path, "words") as file:
                ((given,),) = file.database.select("SELECT given FROM pipeline", ())
            assert given >= last
        assert log.append("lines", records(1, 50)) == 155


def test_a_dead_letter_that_another_process_replays_is_taken_once(path):
    with memory(path) as log:
        log.append("lines", records(1, 1))
        step(log, 1, 1, dead=[letter()])
        with open_file(path, "") as file:
            assert DeadLetters(file).replay([1]) == 1
        (entry,) = log.read(1, 9, MOST, 5)
        assert (entry.cursor, entry.source, entry.start, entry.value) == (2, "dead:1", "parse", {"data": 1})
        log.read(1, 1, MOST, 0)
        log.commit(2)
    with memory(path) as log:
        assert log.backlog() == (0, 0)


def test_what_a_journal_has_left_is_taken_over_and_the_other_way_round(path):
    with journal(path) as log:
        log.append("lines", records(1, 9))
        step(log, 1, 4)
    with memory(path) as log:
        entries = log.read(log.cursor, 99, MOST, 0)
        assert numbers(entries) == [5, 6, 7, 8, 9]
        assert entries[0].cursor > 4
        log.append("lines", records(10, 10))
        last = entries[-1].cursor
    with journal(path) as log:
        assert log.cursor > last
        log.append("lines", records(11, 11))
        (entry,) = log.read(log.cursor, 9, MOST, 0)
        assert entry.cursor == log.cursor + 1
        log.commit(entry.cursor)


def test_checkpoints_write_state_and_dead_letters_together_and_later(path):
    log = memory(path, state_mode="checkpoint", interval=60)
    log.append("lines", records(1, 1))
    step(log, 1, 1, dead=[letter()])
    with SqliteStore(path) as store:
        assert look(store, b"n", OF_STEP) is None
    log.close()
    with SqliteStore(path) as store:
        assert look(store, b"n", OF_STEP) == b"1"
    log.close()


def test_a_full_store_of_dead_letters_stops_the_commit(path):
    with memory(path, dead_most=1) as log:
        log.append("lines", records(1, 2))
        step(log, 1, 1, dead=[letter()])
        log.read(1, 1, MOST, 0)
        with pytest.raises(StateError) as caught:
            log.commit(2, dead=[letter()])
        assert caught.value.code == "dead_letters_full"
        assert log.backlog()[0] == 1
