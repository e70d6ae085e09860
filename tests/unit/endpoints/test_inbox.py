"""The inbox is bounded by its count and its bytes, and never waits."""

from concurrent.futures import ThreadPoolExecutor

from wardian import Record
from wardian.endpoints.inbox import Inbox


def test_it_takes_so_many_records_and_gives_them_in_their_order():
    inbox = Inbox(2, 100)
    assert [inbox.put(Record(each), 1) for each in range(3)] == [1, 2, 0]
    assert inbox.take(1) == [Record(0)]
    assert inbox.put(Record(3), 1)
    assert inbox.take(10) == [Record(1), Record(3)]
    assert inbox.taken == 3


def test_it_takes_so_many_bytes():
    inbox = Inbox(100, 10)
    assert [inbox.put(Record(each), 6) for each in range(2)] == [1, 0]
    inbox.take(1)
    assert inbox.put(Record(2), 10)


def test_what_waits_when_it_is_shut_can_be_taken_out_and_nothing_comes_in():
    inbox = Inbox(10, 10)
    inbox.put(Record(1), 1)
    inbox.shut()
    assert not inbox.put(Record(2), 1)
    assert inbox.is_shut
    assert inbox.take(10) == [Record(1)]


def test_threads_neither_lose_nor_repeat_a_record():
    inbox = Inbox(500, 10**6)
    with ThreadPoolExecutor(8) as pool:
        numbers = [each for each in pool.map(lambda each: inbox.put(Record(each), 1), range(1000)) if each]
    assert sorted(numbers) == list(range(1, 501))
    assert len(inbox) == 500
    assert len({record.data for record in inbox.take(1000)}) == 500
