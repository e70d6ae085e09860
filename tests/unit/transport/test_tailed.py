import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from unit.transport.logs import MOST, journal, numbers, records
from wardian.transport.tail import Tail
from wardian.transport.tailed import TailedLog


def test_what_others_append_is_seen_while_there_is_always_something_to_read(tmp_path):
    path = tmp_path / "words.db"
    with journal(path) as log, journal(path) as other:
        log.append("lines", records(1, 200))
        other.append("lines", records(201, 201))
        after, until = 0, time.monotonic() + 30
        while log._tail.last == 200 and time.monotonic() < until:
            assert numbers(log.read(after, 1, MOST, 0)) == [after + 1]
            after += 1
            time.sleep(0.01)
        assert after < 200
        assert log._tail.last == 201


def test_a_look_does_not_wait_for_who_appends(tmp_path):
    with journal(tmp_path / "words.db") as log, ThreadPoolExecutor(1) as pool, log._appending:
        log._looked_at = 0
        assert pool.submit(log.read, 0, 1, MOST, 0).result(10) == []


def test_who_makes_a_log_says_how_it_looks():
    class Keeper:
        state = None

    log = TailedLog(Keeper(), Tail(0, count=1, size=1, kept=None, fetch=None, measure=None), "")
    with pytest.raises(NotImplementedError):
        log._look()
