from datetime import UTC, datetime

import pytest

from wardian.transport.contract import DeadLetter
from wardian.transport.memory import MemoryLog


@pytest.fixture
def log():
    with MemoryLog(pipeline="p", queue_count=10, queue_bytes=1000) as log:
        yield log


def test_the_reader_gets_the_very_values_that_were_appended(log):
    value = {"data": "x"}
    log.append("a", [value])
    assert log.read(0, 1, 1000, 0)[0].value is value


def test_values_with_points_in_time_have_a_size_too(log):
    log.append("a", [{"data": datetime(2026, 1, 1, tzinfo=UTC)}])
    assert 20 < log.backlog()[1] < 200


def test_dead_letters_are_kept_to_be_looked_at(log):
    letter = DeadLetter(
        pipeline="p", member="m", source="a", cursor=1, key="k", value={"data": 1}, kind="invalid", code="bad",
        message="no", attempts=1, at_ms=0,
    )  # fmt: skip
    log.append("a", [{"data": 1}])
    log.read(0, 1, 1000, 0)
    log.commit(1, dead=[letter])
    assert log.dead == [letter]
