"""What every log promises, run on each."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from unit.state.stores import keep, look
from wardian.errors import StateError
from wardian.state.contract import Scope
from wardian.transport.contract import WindowChange
from wardian.transport.journal import Journal
from wardian.transport.memory import MemoryLog

MOST = 10**9
OF_SOURCE = Scope("reader", "words/a")
OF_STEP = Scope("counter", "words/count")


def records(first, last):
    return [{"data": number} for number in range(first, last + 1)]


def numbers(entries):
    return [entry.value["data"] for entry in entries]


@pytest.fixture(params=["memory", "memory and file", "journal", "checkpoints", "nothing kept"])
def opened(request, tmp_path):
    """A function that opens a log, whose queue is of 1,000 records and 1 MiB unless told otherwise."""
    logs = []

    def opened(*, queue_count=1000, queue_bytes=2**20):
        bounds = {"queue_count": queue_count, "queue_bytes": queue_bytes, "sources": ["a", "b"]}
        if request.param.startswith("memory"):
            file = {"path": tmp_path / "words.db"} if "file" in request.param else {}
            log = MemoryLog(pipeline="words", **bounds, **file)
        else:
            more = {"checkpoints": {"state_mode": "checkpoint"}, "nothing kept": {"kept_bytes": 0}}.get(
                request.param, {}
            )
            log = Journal(tmp_path / "words.db", pipeline="words", **bounds, **more)
        logs.append(log)
        return log

    yield opened
    for log in logs:
        log.close()


@pytest.fixture
def log(opened):
    return opened()


class TestRecords:
    def test_are_read_in_the_order_in_which_they_were_appended_each_with_its_place(self, log):
        assert log.append("a", records(1, 3)) == 3
        assert log.append("b", records(4, 5)) == 5
        entries = log.read(0, 10, MOST, 0)
        assert [(entry.cursor, entry.source, entry.value) for entry in entries] == [
            (number, "a" if number < 4 else "b", {"data": number}) for number in range(1, 6)
        ]
        assert {(entry.start, entry.attempts) for entry in entries} == {("", 0)}

    def test_of_every_kind_come_back_as_they_were(self, log):
        value = {"data": [None, True, -1, 2**63, 1.5, "é", b"\0", {"a": []}], "tags": {"x": 1}, "path": "rest"}
        log.append("a", [value])
        assert log.read(0, 1, MOST, 0)[0].value == value

    def test_may_be_none_at_all(self, log):
        assert log.append("a", []) == 0
        assert log.read(0, 10, MOST, 0) == []

    @pytest.mark.parametrize("most", [1, 3, 7, 100, 1000])
    def test_are_read_in_batches_of_any_size_without_a_gap(self, log, most):
        for first in range(1, 1001, 50):
            log.append("a", records(first, first + 49))
        after, seen = 0, []
        while entries := log.read(after, most, MOST, 0):
            assert len(entries) <= most
            seen += numbers(entries)
            after = entries[-1].cursor
        assert seen == list(range(1, 1001))

    def test_are_read_up_to_so_many_bytes_but_one_at_least(self, log):
        log.append("a", [{"data": "x" * 1000}] * 10)
        assert len(log.read(0, 10, 3200, 0)) == 3
        assert len(log.read(3, 10, 1, 0)) == 1
        assert len(log.read(4, 10, MOST, 0)) == 6

    def test_that_are_large_and_small_fill_a_batch_by_their_own_bytes(self, log):
        log.append("a", [{"data": "x" * 10_000}, *records(2, 100)])
        assert numbers(log.read(1, 200, 5000, 0)) == list(range(2, 101))

    def test_are_waited_for(self, log):
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(log.read, 0, 10, MOST, 30)
            time.sleep(0.05)
            assert not waiting.done()
            log.append("a", records(1, 1))
            assert numbers(waiting.result(10)) == [1]

    def test_that_do_not_come_are_waited_for_as_long_as_was_said(self, log):
        started = time.monotonic()
        assert log.read(0, 10, MOST, 0.1) == []
        assert time.monotonic() - started >= 0.1

    def test_that_are_acknowledged_are_not_read_again(self, log):
        log.append("a", records(1, 10))
        log.read(0, 5, MOST, 0)
        log.commit(4)
        assert numbers(log.read(4, 10, MOST, 0)) == [5, 6, 7, 8, 9, 10]
        with pytest.raises(ValueError, match="acknowledged already"):
            log.read(3, 10, MOST, 0)

    def test_that_are_not_acknowledged_are_read_as_often_as_one_likes(self, log):
        log.append("a", records(1, 10))
        assert [numbers(log.read(0, 10, MOST, 0)) for _ in range(3)] == [list(range(1, 11))] * 3

    def test_of_many_threads_are_all_there_once(self, opened):
        log = opened(queue_count=10**6)
        with ThreadPoolExecutor(8) as pool:
            for worker in range(8):
                pool.submit(lambda worker=worker: [log.append(f"{worker}", records(n, n)) for n in range(100)])
        entries = log.read(0, 1000, MOST, 0)
        assert [entry.cursor for entry in entries] == list(range(1, 801))
        for worker in range(8):
            assert numbers(entry for entry in entries if entry.source == f"{worker}") == list(range(100))


class TestCursor:
    def test_begins_at_nothing_and_is_that_of_the_last_commit(self, log):
        assert log.cursor == 0
        log.append("a", records(1, 3))
        log.read(0, 3, MOST, 0)
        log.commit(2)
        log.commit(2)
        log.close()
        assert log.cursor == 2

    def test_case_04_never_goes_back_nor_beyond_what_was_read_in_order(self, log):
        log.append("a", records(1, 10))
        with pytest.raises(ValueError, match="cursor"):
            log.commit(1)  # nobody has read it
        log.read(0, 5, MOST, 0)
        log.read(8, 2, MOST, 0)  # past 6 to 8, which nobody has seen
        for cursor in (6, 10, 11):
            with pytest.raises(ValueError, match="cursor"):
                log.commit(cursor)
        log.commit(5)
        with pytest.raises(ValueError, match="cursor"):
            log.commit(4)
        log.close()
        assert log.cursor == 5


class TestRoom:
    def test_is_what_the_queue_lacks_in_records(self, opened):
        log = opened(queue_count=10)
        assert log.room() == 10
        log.append("a", records(1, 8))
        assert log.room() == 2
        log.append("a", records(9, 12))
        assert log.room() == 0
        log.read(0, 12, MOST, 0)
        log.commit(5)
        assert log.room() == 3

    def test_is_none_when_the_bytes_are_as_many_as_allowed(self, opened):
        log = opened(queue_bytes=5000)
        log.append("a", [{"data": "x" * 1000}] * 4)
        assert log.room() == 996
        log.append("a", [{"data": "x" * 1000}])
        assert log.room() == 0
        log.read(0, 5, MOST, 0)
        log.commit(5)
        assert (log.room(), log.backlog()) == (1000, (0, 0))

    def test_is_waited_for(self, opened):
        log = opened(queue_count=1)
        log.append("a", records(1, 1))
        assert not log.wait_for_room(0.05)
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(log.wait_for_room, 30)
            log.read(0, 1, MOST, 0)
            log.commit(1)
            assert waiting.result(10)

    def test_backlog_counts_what_is_not_acknowledged(self, log):
        log.append("a", [{"data": "x" * 1000}] * 4)
        count, size = log.backlog()
        assert count == 4
        assert 4000 < size < 4200
        log.read(0, 4, MOST, 0)
        log.commit(3)
        assert log.backlog() == (1, pytest.approx(size / 4, abs=1))


class TestOffsetsAndWindows:
    def test_an_offset_is_the_one_of_the_last_append_that_had_one(self, log):
        assert log.offset("a") is None
        log.append("a", records(1, 1), {"line": 1})
        log.append("a", records(2, 2))
        log.append("b", [], "elsewhere")
        assert (log.offset("a"), log.offset("b")) == ({"line": 1}, "elsewhere")

    def test_a_window_holds_what_was_added_since_it_was_cleared(self, log):
        log.append("a", records(1, 9))
        log.read(0, 9, MOST, 0)
        log.commit(2, windows=[WindowChange("sum", False, list(zip((1, 2), records(1, 2), strict=True)))])
        log.commit(3, windows=[WindowChange("sum", False, [(3, {"data": 3})])])
        assert log.windows("sum") == [(number, {"data": number}) for number in (1, 2, 3)]
        assert log.windows("other") == []
        log.commit(4, windows=[WindowChange("sum", True, [(4, {"data": 4})])])
        assert log.windows("sum") == [(4, {"data": 4})]
        log.commit(4, windows=[WindowChange("sum", True, [])])
        assert log.windows("sum") == []


class TestState:
    def test_of_a_call_is_seen_by_the_next_at_once(self, log):
        keep(log.state, OF_STEP, n=b"1")
        assert look(log.state, b"n", OF_STEP) == b"1"

    def test_that_was_not_committed_can_be_forgotten(self, log):
        log.append("a", records(1, 1))
        keep(log.state, OF_STEP, n=b"1")
        keep(log.state, OF_SOURCE, n=b"1")
        log.read(0, 1, MOST, 0)
        log.commit(1)
        keep(log.state, OF_STEP, n=b"2")
        keep(log.state, OF_SOURCE, n=b"2")
        log.rollback()
        assert (look(log.state, b"n", OF_STEP), look(log.state, b"n", OF_SOURCE)) == (b"1", b"2")

    def test_that_is_held_is_not_committed(self, log):
        log.append("a", records(1, 1))
        keep(log.state, OF_STEP, n=b"1")
        log.read(0, 1, MOST, 0)
        log.commit(1, held={OF_STEP})
        assert look(log.state, b"n", OF_STEP) == b"1"
        log.rollback()
        assert look(log.state, b"n", OF_STEP) is None


class TestWaking:
    def test_ends_waits_that_have_begun(self, opened):
        log = opened(queue_count=1)
        log.append("a", records(1, 1))
        with ThreadPoolExecutor(2) as pool:
            waits = pool.submit(log.read, 1, 1, MOST, 30), pool.submit(log.wait_for_room, 30)
            time.sleep(0.05)
            log.wake()
            assert [wait.result(10) for wait in waits] == [[], False]

    def test_ends_the_wait_that_begins_a_moment_later_and_no_other(self, log):
        log.wake()
        started = time.monotonic()
        assert log.read(0, 1, MOST, 30) == []
        assert time.monotonic() - started < 10
        assert log.read(0, 1, MOST, 0.1) == []
        assert time.monotonic() - started >= 0.1

    def test_leaves_what_is_there_to_be_read(self, log):
        log.append("a", records(1, 1))
        log.wake()
        assert numbers(log.read(0, 1, MOST, 30)) == [1]


class TestClosing:
    def test_ends_what_waits_and_all_use(self, log):
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(log.read, 0, 1, MOST, 30)
            log.close()
            log.close()
            assert isinstance(waiting.exception(10), StateError)
        for use in (
            lambda: log.append("a", records(1, 1)), lambda: log.read(0, 1, MOST, 0), lambda: log.commit(0),
            lambda: log.wait_for_room(0),
        ):  # fmt: skip
            with pytest.raises(StateError) as caught:
                use()
            assert caught.value.code == "state_closed"
