import time
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unit.sandbox.test_wasi import GUESTS, Guest, timed
from wardian.errors import DeadlineExceeded, HostFunctionError, ReplyTooLarge
from wardian.policy import Limits
from wardian.sandbox.wasi_errno import Errno
from wardian.sandbox.wasi_streams import INFO, LINE, WARN, Collected, Input, Lines


class Written:
    """A `Lines` with what came out of it."""

    def __init__(self):
        self.lines = []
        self.call = SimpleNamespace(ended_by=None)
        self.stream = Lines(INFO, lambda _call, _level, text: self.lines.append(text))

    def write(self, *fragments):
        for fragment in fragments:
            self.stream.write(self.call, fragment)

    def finish(self):
        self.stream.finish(self.call)
        return self.lines


def test_fragments_become_whole_lines():
    written = Written()
    written.write(b"a", b"b\nc", b"", b"d\n\ne\r\nf")
    assert written.lines == ["ab", "cd", "", "e"]
    assert written.finish() == ["ab", "cd", "", "e", "f"]


@given(st.lists(st.binary(max_size=9_000), max_size=8))
def test_however_it_is_cut_into_fragments_the_same_lines_come_out(fragments):
    pieces, whole = Written(), Written()
    pieces.write(*fragments)
    whole.write(b"".join(fragments))
    assert pieces.finish() == whole.finish()


@given(st.lists(st.text(st.characters(exclude_characters="\n\r", codec="utf-8"), max_size=1_000), max_size=5))
def test_text_comes_out_as_it_went_in(lines):
    written = Written()
    written.write("".join(f"{line}\n" for line in lines).encode())
    assert written.finish() == lines


def test_an_endless_line_is_logged_in_pieces_and_takes_no_memory():
    written = Written()
    for _ in range(100):
        written.write(b"x" * 10_000)
        assert len(written.stream.held) <= LINE
    assert {len(line) for line in written.lines} == {LINE}
    assert "".join(written.finish()) == "x" * 1_000_000


def test_a_line_of_exactly_the_bound_is_one_line():
    written = Written()
    written.write(b"x" * LINE + b"\ny\n")
    assert written.lines == ["x" * LINE, "y"]


@pytest.mark.parametrize("character", ["é", "€", "🜚"])
@pytest.mark.parametrize("before", range(4))
def test_a_long_line_is_not_cut_within_a_character(character, before):
    text = "x" * before + character * 5_000
    written = Written()
    written.write(text.encode())
    assert "".join(written.finish()) == text


def test_bytes_that_are_no_text_are_replaced_and_bounded():
    written = Written()
    written.write(b"\xff\xfe\n", b"\x80" * 10_000)
    assert written.finish()[0] == "��"
    assert sum(map(len, written.lines[1:])) == 10_000


def test_a_call_that_has_to_end_logs_no_more_and_holds_no_more():
    written = Written()
    written.call.ended_by = "deadline"
    written.write(b"x\n" * 30_000)
    assert written.lines == []
    assert len(written.stream.held) <= LINE


def test_a_failing_log_loses_its_line_and_repeats_none():
    def fail(_call, _level, text):
        raise OSError(text)

    stream, call = Lines(INFO, fail), SimpleNamespace(ended_by=None)
    stream.write(call, b"held")
    with pytest.raises(OSError, match="held back"):
        stream.write(call, b" back\nmore")
    stream.finish(call)


def test_input_is_read_to_its_end_in_pieces():
    stream = Input(b"abcdef")
    assert [bytes(stream.read(4)), stream.left(), bytes(stream.read(4)), bytes(stream.read(4))] == [
        b"abcd",
        2,
        b"ef",
        b"",
    ]


def test_a_reply_up_to_its_limit_is_collected_and_more_ends_the_call():
    stream = Collected(10)
    stream.write(None, b"0123456789")
    stream.write(None, b"")
    assert stream.reply() == b"0123456789"
    with pytest.raises(ReplyTooLarge) as caught:
        stream.write(None, b"x")
    assert (caught.value.value, caught.value.asked) == (10, 11)
    assert stream.reply() == b"0123456789"


def test_a_guests_standard_output_and_error_are_log_lines_of_their_levels():
    with Guest() as guest:
        assert guest.write(1, b"out\nunfini") == (0, 10)
        assert guest.write(2, b"error\n") == (0, 6)
    assert guest.lines == [(INFO, "out"), (INFO, "unfini"), (WARN, "error")]


def test_the_end_of_a_call_ends_its_line_even_when_the_call_fails():
    with Guest((GUESTS / "wasi_exits.wat").read_text()) as guest:
        guest.world.descriptors[2].write(SimpleNamespace(ended_by=None), b"last words")
        timed(guest.run)
    assert guest.lines == [(WARN, "last words")]


def test_a_guest_that_writes_more_at_once_is_told_how_much_was_taken():
    with Guest() as guest:
        errno = guest.ask("fd_write", 1, *guest.vectors(256, *[(0, 65_536)] * 1024), 300)
        assert (errno, guest.number(300)) == (0, 65_536)


def test_a_command_that_writes_too_much_is_ended_with_what_it_may():
    with Guest(reply_limit=100) as guest:
        guest.put(1024, b"x" * 60)
        assert guest.ask("fd_write", 1, *guest.vectors(256, (1024, 60)), 300) == 0
        with pytest.raises(ReplyTooLarge):
            guest.ask("fd_write", 1, *guest.vectors(256, (1024, 60)), 300)
        assert guest.world.reply() == b"x" * 60


def test_only_input_can_be_read_and_only_output_written():
    with Guest(stdin=b"input") as guest:
        assert guest.read(0, 100) == (0, b"input")
        assert guest.read(0, 100) == (0, b"")
        assert [guest.read(fd, 1)[0] for fd in (1, 2, 3)] == [Errno.BADF] * 3
        assert [guest.write(fd, b"x")[0] for fd in (0, 3)] == [Errno.BADF] * 2


def test_a_flood_of_lines_ends_with_its_deadline_however_slow_the_log_is():
    def slow(_call, _level, _text):
        time.sleep(0.001)

    with Guest((GUESTS / "wasi_floods.wat").read_text(), limits=Limits(deadline="50ms"), log_line=slow) as guest:
        raised, seconds = timed(guest.run)
    assert isinstance(raised, DeadlineExceeded)
    assert seconds < 0.2


def test_what_the_applications_log_raises_ends_the_call_with_its_cause():
    def fail(_call, _level, _text):
        raise OSError("disk full")

    with Guest(log_line=fail) as guest:
        guest.put(1024, b"x\n")
        with pytest.raises(HostFunctionError) as caught:
            guest.ask("fd_write", 1, *guest.vectors(256, (1024, 2)), 300)
    assert isinstance(caught.value.__cause__, OSError)
