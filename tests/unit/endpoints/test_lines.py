"""Bytes are cut into lines of a bounded length, however they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.endpoints.lines import Line, Lines


def cut(*chunks, most=100, end=True):
    lines = Lines(most)
    for chunk in chunks:
        lines.feed(chunk)
    if end:
        lines.end()
    made = []
    while (line := lines.take()) is not None:
        made.append(line)
    return made


@given(st.binary(max_size=200).map(lambda data: data.replace(b"a", b"\n")), st.integers(1, 20))
def test_it_does_not_matter_in_which_pieces_they_come(data, size):
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    assert cut(*pieces, most=8) == cut(data, most=8)
    assert sum(line.size for line in cut(*pieces, most=8)) == len(data)


def test_lines_end_with_a_line_feed_and_perhaps_a_carriage_return_before_it():
    assert [line.data for line in cut(b"a\nb\r\n\r\nc")] == [b"a", b"b", b"", b"c"]


def test_the_last_line_is_kept_back_until_its_end_or_the_end():
    assert cut(b"a\nb", end=False) == [Line(b"a", 2)]
    assert cut(b"a\nb") == [Line(b"a", 2), Line(b"b", 1)]


@pytest.mark.parametrize(("line", "is_cut"), [(b"1234", False), (b"1234\r", False), (b"12345", True)])
def test_a_line_that_is_too_long_is_cut_and_the_next_one_is_whole(line, is_cut):
    assert cut(line + b"\nfine\n", most=4) == [Line(b"1234", len(line) + 1, is_cut), Line(b"fine", 5)]


def test_an_endless_line_takes_no_more_memory_than_is_allowed():
    lines = Lines(1000)
    for _ in range(1000):
        lines.feed(b"x" * 1000)
    assert len(lines._kept) <= 1001
    lines.end()
    assert lines.take() == Line(b"x" * 1000, 1_000_000, cut=True)


def test_it_forgets_what_it_is_told_to_forget():
    lines = Lines(10)
    lines.feed(b"a\nb")
    lines.reset()
    lines.feed(b"c\n")
    assert lines.waiting()
    assert (lines.take(), lines.take()) == (Line(b"c", 2), None)
