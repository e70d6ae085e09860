import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.transport.tail import Chunk, Tail, require_read


def tail_of(counts, *, kept=None, fetch=None, count=10**6, size=10**9):
    """A tail in which each record is the number of its place, and as many bytes."""
    tail = Tail(0, count=count, size=size, kept=kept, fetch=fetch, measure=lambda value: value["n"])
    for each in counts:
        places = range(tail.last + 1, tail.last + each + 1)
        tail.push(Chunk(places[0], each, sum(places), "s", values=[{"n": n} for n in places]))
    return tail


def places(entries):
    return [entry.cursor for entry in entries]


@given(
    st.lists(st.integers(1, 9), max_size=12),
    st.lists(st.tuples(st.integers(1, 20), st.integers(1, 200), st.booleans())),
    st.none() | st.integers(0, 300),
)
def test_whatever_is_taken_is_the_next_of_all_and_within_its_bounds(counts, reads, kept):
    def fetch(chunk):
        return [{"n": n} for n in range(chunk.first, chunk.last + 1)]

    tail = tail_of(counts, kept=kept, fetch=fetch)
    total, after = sum(counts), 0
    for most, most_bytes, acknowledged in reads:
        taken = places(tail.take(after, most, most_bytes))
        assert taken == list(range(after + 1, after + len(taken) + 1))
        assert len(taken) <= most
        assert sum(taken) <= most_bytes or len(taken) == 1
        assert taken or after == total
        after += len(taken)
        if acknowledged:
            tail.drop(after)
        assert tail.backlog() == (total - tail.cursor, pytest.approx(sum(range(tail.cursor + 1, total + 1)), abs=90))
    tail.drop(total)
    assert tail.backlog() == (0, 0)
    assert tail._kept == 0 or kept is None


def test_chunks_that_find_no_room_in_memory_are_fetched_and_kept_while_they_are_taken_in_part():
    fetched = []

    def fetch(chunk):
        fetched.append(chunk.first)
        return [{"n": n} for n in range(chunk.first, chunk.last + 1)]

    tail = tail_of([4, 4, 4], kept=30, fetch=fetch)
    for after in range(0, 12, 2):
        assert places(tail.take(after, 2, 10**6)) == [after + 1, after + 2]
    assert fetched == [5, 9]
    tail.drop(12)
    assert tail._kept == 0


def test_a_gap_is_refused():
    tail = tail_of([2])
    with pytest.raises(ValueError, match="after 2 comes not 4"):
        tail.push(Chunk(4, 1, 1, "s", values=[{}]))


def test_the_first_chunk_may_be_acknowledged_in_part():
    tail = Tail(3, count=9, size=9, kept=None, fetch=None, measure=None)
    tail.push(Chunk(1, 5, 50, "s", values=[{"n": n} for n in range(1, 6)]))
    assert (tail.backlog(), places(tail.take(3, 9, 99))) == ((2, 20), [4, 5])


def test_what_went_is_let_go_of():
    tail = tail_of([1] * 2000)
    for cursor in range(1, 2001):
        tail.drop(cursor)
        assert len(tail._chunks) - tail._head == 2000 - cursor
        assert tail._head < 512
    for cursor in (1999, 2001):
        with pytest.raises(ValueError, match="is not from"):
            tail.drop(cursor)


@pytest.mark.parametrize("cursor", [4, 9, 12])
def test_a_commit_is_from_the_last_one_to_what_was_read(cursor):
    with pytest.raises(ValueError, match="not from 5"):
        require_read(5, cursor, 8)
    require_read(5, 5, 0)
    require_read(5, 8, 8)
