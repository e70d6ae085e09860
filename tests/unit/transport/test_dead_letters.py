"""What is kept of a record that was given up."""

import dataclasses
from datetime import UTC, datetime

import pytest

from unit.transport.logs import MOST, journal, letter, records, step
from wardian.abi.codec import CodecError
from wardian.errors import StateError
from wardian.transport.dead_letters import DeadLetters, Sought
from wardian.transport.tables import open_file

FULL = letter(
    2, member="store", value={"data": b"\0\xff", "time": datetime(2026, 1, 1, tzinfo=UTC), "key": b"k"}, code="trap",
    message="unreachable", details={"n": [1, None]}, trace="at put\nat main", plugin="acme/store", digest="ab" * 32,
    attempts=5, at_ms=1_800_000_000_000,
)  # fmt: skip


@pytest.fixture
def path(tmp_path):
    return tmp_path / "words.db"


@pytest.fixture
def letters(path):
    with journal(path) as log:
        log.append("lines", records(1, 3))
        step(log, 1, 3, dead=[letter(1), FULL, letter(3, source="other", kind="transient")])
    with open_file(path, "") as file:
        yield DeadLetters(file)


def numbers(found):
    return [each.id for each in found]


def test_case_13_a_letter_is_kept_whole(letters):
    assert letters.get(2) == dataclasses.replace(FULL, id=2)
    assert letters.get(4) is None
    assert letters.pipeline == "words"


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        (Sought(), [1, 2, 3]),
        (Sought(member="store"), [2]),
        (Sought(source="other"), [3]),
        (Sought(kind="invalid", code="bad"), [1]),
        (Sought(code="' OR 1=1 --"), []),
    ],
)
def test_some_are_found_by_what_is_known_of_them(letters, sought, expected):
    assert numbers(letters.some(sought)) == letters.numbers(sought) == expected


def test_they_are_listed_in_pages(letters):
    assert numbers(letters.some(most=2)) == [1, 2]
    assert numbers(letters.some(after=2, most=2)) == [3]


def test_an_edited_letter_has_another_record_and_the_same_error(letters):
    before = letters.count()
    assert letters.edit(2, {"data": "x" * 1000})
    assert letters.get(2) == dataclasses.replace(FULL, id=2, value={"data": "x" * 1000})
    assert letters.count()[1] > before[1] + 900
    assert not letters.edit(9, {"data": 1})
    with pytest.raises(CodecError):
        letters.edit(2, {"data": object()})


def test_case_13_replayed_letters_are_in_the_log_once_and_no_longer_among_the_dead(letters, path):
    assert letters.replay([3, 1, 9]) == 2
    assert letters.replay([1, 3]) == 0
    assert (letters.numbers(), letters.count()[0]) == ([2], 1)
    with journal(path) as log:
        found = [(each.cursor, each.source, each.start, each.attempts) for each in log.read(3, 9, MOST, 0)]
        assert found == [(4, "dead:3", "parse", 3), (5, "dead:1", "parse", 3)]


def test_a_replay_that_fails_on_the_way_has_done_nothing(letters, path):
    letters._file.database.write(lambda connection: connection.execute("UPDATE dead SET data = x'ff' WHERE id = 2"))
    with pytest.raises(StateError):
        letters.replay([1, 2])
    assert letters.numbers() == [1, 2, 3]
    with journal(path) as log:
        assert log.backlog() == (0, 0)


def test_deleted_letters_are_gone_and_their_numbers_are_not_given_again(letters, path):
    assert letters.delete([1, 2, 3, 3]) == 3
    assert letters.count() == (0, 0)
    with journal(path) as log:
        log.append("lines", records(4, 4))
        step(log, 4, 4, dead=[letter(4)])
    assert letters.numbers() == [4]


def test_details_that_are_no_plain_data_are_kept_as_text(path):
    with journal(path) as log:
        log.append("lines", records(1, 1))
        step(log, 1, 1, dead=[letter(details={1, 2})])
        assert DeadLetters(log._keeper.file).get(1).details == "{1, 2}"
