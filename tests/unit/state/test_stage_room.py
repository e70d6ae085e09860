from wardian.state.stage_room import StageRoom
from wardian.state.transaction import Batch, Ledger, Row


def write(room, changes, keys, total, lives=None, now=0):
    batch = Batch(changes, Ledger(0, now, 0, 0, 0, 0), keys, total, 0)
    room.write(batch, lives or dict.fromkeys(changes), [])


def test_an_empty_room_has_nothing_to_write():
    assert StageRoom(Ledger(0, 0, 0, 0, 0, 0), float("inf")).batch(held=False) is None


def test_rows_below_that_are_hidden_are_counted_once_they_have_expired():
    room = StageRoom(Ledger(1, 5, 1, 3, 0, 0), 10)
    write(room, {b"a": Row(b"2", None)}, 1, 2, {b"a": (3, 10)})
    assert room.expired(9) == (0, 0, 0, 0)
    assert room.expired(10) == room.expired(11) == (1, 3, 0, 0)


def test_rows_that_are_staged_are_counted_while_they_are_expired_and_not_replaced():
    room = StageRoom(Ledger(0, 0, 0, 0, 0, 0), float("inf"))
    write(room, {b"a": Row(b"1", 10)}, 1, 2)
    assert room.expired(10) == (0, 0, 1, 2)
    write(room, {b"a": Row(b"1", None)}, 1, 2)
    assert room.expired(10) == (0, 0, 0, 0)


def test_the_size_is_that_of_what_is_staged():
    room = StageRoom(Ledger(0, 0, 0, 0, 0, 0), float("inf"))
    write(room, {b"a": Row(b"123", None), b"b": None}, 1, 4)
    write(room, {b"a": Row(b"1", None)}, 1, 2)
    assert room.size == 3
    room.forget()
    assert (room.size, room.keys, room.total) == (0, 0, 0)
