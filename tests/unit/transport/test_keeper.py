import pytest

from unit.state.stores import keep, look
from unit.transport.logs import OF_STEP, letter, records
from wardian.transport.keeper import Keeper
from wardian.transport.packing import pack
from wardian.transport.tables import open_file


@pytest.fixture
def open_(tmp_path):
    def open_(**more):
        given = {"state_mode": "write_through", "interval": 10, "dead_most": 9, "dead_bytes": 9999} | more
        return Keeper(open_file(tmp_path / "words.db", "words"), "words", ["lines"], **given)

    return open_


def writes(keeper):
    """How often its file was written to, by SQLite's own count of changed rows."""
    return keeper.file.database.select("SELECT total_changes()", ())


def test_a_commit_without_anything_new_writes_nothing(open_):
    keeper = open_()
    before = writes(keeper)
    keeper.commit(0, (), (), ())
    keeper.append("lines", None, ())
    assert writes(keeper) == before
    keeper.close()


def test_acknowledged_chunks_are_deleted_now_and_then(open_):
    keeper = open_()
    left = []
    for number in range(1, 41):
        keeper.append("lines", None, pack(records(number, number)))
        keeper.commit(number, (), (), ())
        left.append(keeper.file.database.select("SELECT count(*) FROM chunk", ())[0][0])
    assert max(left) <= 17
    assert min(left[17:]) <= 1
    keeper.close()


def test_cursors_that_a_log_in_memory_may_have_given_are_given_to_no_other(open_):
    keeper = open_()
    assert keeper.claim(100) == (0, [])
    assert keeper.claim(100) == (100, [])
    keeper.close()
    keeper = open_()
    assert keeper.cursor == 200
    assert keeper.append("lines", None, pack(records(1, 1))) == 200
    keeper.close()


def test_what_is_kept_back_is_written_when_it_is_closed_and_the_file_is_closed_whatever_comes(open_, monkeypatch):
    keeper = open_(state_mode="checkpoint")
    keep(keeper.state, OF_STEP, n=b"1")
    keeper.commit(0, [letter()], (), ())
    keeper.close()
    keeper = open_(state_mode="checkpoint")
    assert look(keeper.state, b"n", OF_STEP) == b"1"
    keeper.commit(0, [letter(message="x" * 10_000)], (), ())
    with pytest.raises(Exception, match="no room for another dead letter"):
        keeper.close()
    with pytest.raises(Exception, match="closed"):
        keeper.offset("lines")
