"""What the log in SQLite keeps over the end of its process, and what it writes together."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from unit.state.stores import keep, look
from unit.transport.logs import MOST, OF_SOURCE, OF_STEP, journal, letter, numbers, records, step
from wardian.abi.codec import CodecError
from wardian.errors import StateError
from wardian.state.sqlite import SqliteStore
from wardian.transport.contract import WindowChange
from wardian.transport.dead_letters import DeadLetters
from wardian.transport.journal import Journal


@pytest.fixture
def path(tmp_path):
    return tmp_path / "words.db"


@pytest.fixture
def log(path):
    with journal(path) as log:
        yield log


def on_disk(path, key=b"n", scope=OF_STEP):
    with SqliteStore(path) as store:
        return look(store, key, scope)


class TestReopened:
    def test_has_the_records_that_were_not_acknowledged_and_no_others(self, path):
        with journal(path) as log:
            for first in range(1, 100, 10):
                log.append("lines", records(first, first + 9), {"at": first})
            step(log, 1, 25)
        with journal(path) as log:
            assert (log.cursor, log.backlog()[0], log.offset("lines")) == (25, 75, {"at": 91})
            assert numbers(log.read(25, 1000, MOST, 0)) == list(range(26, 101))
            assert log.append("lines", records(101, 101)) == 101

    def test_goes_on_counting_when_nothing_waits(self, path):
        for number in range(1, 5):
            with journal(path) as log:
                assert log.append("lines", records(number, number)) == number
                step(log, number, number)

    def test_has_its_windows(self, path):
        with journal(path) as log:
            log.append("lines", records(1, 4))
            step(log, 1, 2, windows=[WindowChange("sum", False, [(1, {"data": 1}), (2, {"data": 2})])])
            step(log, 3, 3, windows=[WindowChange("sum", True, [(3, {"data": 3})])])
        with journal(path) as log:
            assert log.windows("sum") == [(3, {"data": 3})]

    def test_has_a_file_that_does_not_grow_with_what_went_through(self, path):
        with journal(path) as log:
            for number in range(1, 2001):
                log.append("lines", [{"data": number, "message": "x" * 10_000}])
                step(log, number, number)
        assert path.stat().st_size < 2**20


class TestTogether:
    def test_state_of_a_source_is_written_with_its_records_and_not_before(self, path, log):
        keep(log.state, OF_SOURCE, n=b"1")
        step_before = on_disk(path, scope=OF_SOURCE)
        log.append("other", records(1, 1))
        log.read(0, 1, MOST, 0)
        log.commit(1)
        log.rollback()
        assert (step_before, on_disk(path, scope=OF_SOURCE)) == (None, None)
        log.append("lines", [])
        assert on_disk(path, scope=OF_SOURCE) == b"1"

    def test_state_of_a_step_is_written_with_the_cursor_and_not_before(self, path, log):
        log.append("lines", records(1, 2))
        keep(log.state, OF_STEP, n=b"1")
        log.append("lines", records(3, 4))
        assert on_disk(path) is None
        log.read(0, 2, MOST, 0)
        log.commit(2)
        assert on_disk(path) == b"1"

    def test_what_is_rolled_back_is_as_of_the_last_commit(self, log):
        log.append("lines", records(1, 2))
        step(log, 1, 1)
        keep(log.state, OF_STEP, n=b"gone")
        keep(log.state, OF_SOURCE, n=b"stays")
        log.rollback()
        assert (look(log.state, b"n", OF_STEP), look(log.state, b"n", OF_SOURCE)) == (b"1", b"stays")
        log.rollback("lines")
        assert look(log.state, b"n", OF_SOURCE) is None

    def test_held_state_is_written_once_it_is_no_longer_held(self, path, log):
        log.append("lines", records(1, 2))
        step(log, 1, 1, held={OF_STEP})
        assert on_disk(path) is None
        log.read(1, 1, MOST, 0)
        log.commit(2)
        assert on_disk(path) == b"1"

    def test_scopes_of_sources_and_steps_are_listed_once(self, log):
        keep(log.state, OF_SOURCE, n=b"1")
        log.append("lines", records(1, 1))
        step(log, 1, 1)
        keep(log.state, OF_SOURCE, m=b"1")
        assert [(usage.scope, usage.keys) for usage in log.state.scopes()] == [(OF_STEP, 1), (OF_SOURCE, 2)]

    def test_a_record_of_json_may_be_as_deep_as_json_is_read(self, path):
        deep = 1
        for _ in range(500):
            deep = [deep]
        with journal(path) as log:
            log.append("lines", [{"data": deep}])
        with journal(path) as log:
            assert log.read(0, 1, MOST, 0)[0].value == {"data": deep}

    def test_what_is_no_record_of_the_abi_is_refused_with_nothing_kept(self, log):
        keep(log.state, OF_SOURCE, n=b"1")
        with pytest.raises(CodecError):
            log.append("lines", [{"data": 1}, {"data": object()}], 1)
        assert (log.backlog(), log.offset("lines")) == ((0, 0), None)


class TestCheckpoints:
    def test_write_what_was_kept_back_together_and_acknowledge_nothing_before(self, path):
        log = journal(path, state_mode="checkpoint", interval=0.3)
        log.append("lines", records(1, 10), 1)
        window = [WindowChange("sum", False, [(1, {"data": 1})])]
        step(log, 1, 5, dead=[letter()], windows=window)
        assert (log.cursor, on_disk(path), log.backlog()[0]) == (0, None, 5)
        assert (log.windows("sum"), look(log.state, b"n", OF_STEP)) == ([(1, {"data": 1})], b"5")
        time.sleep(0.35)
        assert log.read(10, 1, MOST, 0) == []  # nothing to do is the time to write
        assert (log.cursor, on_disk(path)) == (5, b"5")
        step(log, 6, 7)
        log.close()
        assert (log.cursor, on_disk(path)) == (7, b"7")
        with journal(path) as log:
            assert (log.cursor, log.windows("sum")) == (7, [(1, {"data": 1})])

    def test_go_back_to_the_last_commit_and_not_to_what_was_written(self, path):
        with journal(path, state_mode="checkpoint", interval=60) as log:
            log.append("lines", records(1, 10))
            step(log, 1, 5)
            keep(log.state, OF_STEP, n=b"gone")
            log.rollback()
            assert look(log.state, b"n", OF_STEP) == b"5"
            keep(log.state, OF_STEP, n=b"not committed")
        assert on_disk(path) == b"5"

    def test_of_a_held_scope_write_what_it_was_when_it_was_not_held(self, path):
        with journal(path, state_mode="checkpoint", interval=60) as log:
            log.append("lines", records(1, 10))
            step(log, 1, 5)
            step(log, 6, 7, held={OF_STEP})
        assert on_disk(path) == b"5"
        with journal(path) as log:
            assert log.cursor == 7

    def test_are_written_early_when_much_is_kept_back(self, path):
        with journal(path, state_mode="checkpoint", interval=60) as log:
            log.append("lines", records(1, 2))
            log.read(0, 2, MOST, 0)
            log.commit(1, windows=[WindowChange("sum", False, [(1, {"data": 1})] * 10_000)])
            assert log.cursor == 0
            log.commit(2, dead=[letter()])
            assert log.cursor == 2


class TestStateInMemory:
    def test_is_never_written_but_cursors_are(self, path):
        with journal(path, state_mode="memory") as log:
            keep(log.state, OF_SOURCE, n=b"s")
            log.append("lines", records(1, 2), 5)
            step(log, 1, 2)
            keep(log.state, OF_STEP, n=b"gone")
            log.rollback()
            assert (look(log.state, b"n", OF_STEP), look(log.state, b"n", OF_SOURCE)) == (b"2", b"s")
        assert (on_disk(path), on_disk(path, scope=OF_SOURCE)) == (None, None)
        with journal(path) as log:
            assert (log.cursor, log.offset("lines")) == (2, 5)


class TestOthers:
    def test_what_another_process_appends_is_read_within_a_second(self, path, log):
        with ThreadPoolExecutor(1) as pool, journal(path) as other:
            waiting = pool.submit(log.read, 0, 10, MOST, 30)
            time.sleep(0.1)
            other.append("lines", records(1, 3))
            assert numbers(waiting.result(10)) == [1, 2, 3]
            other.append("lines", records(4, 4))
            log.append("lines", records(5, 5))
        assert numbers(log.read(3, 10, MOST, 0)) == [4, 5]

    def test_case_26_who_has_lost_the_pipeline_to_another_process_commits_nothing(self, path, log):
        log.append("lines", records(1, 4))
        with journal(path) as other:
            step(other, 1, 2)
        log.read(0, 4, MOST, 0)
        keep(log.state, OF_STEP, n=b"late")
        with pytest.raises(StateError) as caught:
            log.commit(4, dead=[letter()])
        assert caught.value.code == "state_conflict"
        assert on_disk(path) == b"2"
        assert DeadLetters(log._keeper.file).count() == (0, 0)

    def test_case_26_somebody_elses_state_is_not_written_over_either(self, path, log):
        log.append("lines", records(1, 1))
        log.read(0, 1, MOST, 0)
        keep(log.state, OF_STEP, n=b"1")
        with SqliteStore(path) as other:
            keep(other, OF_STEP, n=b"theirs")
        with pytest.raises(StateError) as caught:
            log.commit(1)
        assert (caught.value.code, log.cursor, on_disk(path)) == ("state_conflict", 0, b"theirs")

    def test_the_file_of_another_pipeline_is_refused(self, path):
        journal(path).close()
        with pytest.raises(StateError, match="of the pipeline `words`") as caught:
            Journal(path, pipeline="other", sources=[], queue_count=1, queue_bytes=1)
        assert caught.value.code == "state_corrupt"
