"""A stream source reads lines as they come, and never keeps `stop` waiting."""

import io
import os
import threading
import time

import pytest

from wardian import ConfigError
from wardian.endpoints.stream_source import StreamLines, StreamSource


class Pipe:
    def __init__(self):
        self.reads, self.writes = os.pipe()

    def fileno(self):
        return self.reads

    def write(self, data):
        os.write(self.writes, data)

    def end(self):
        if self.writes is not None:
            os.close(self.writes)
            self.writes = None


@pytest.fixture
def pipe():
    pipe = Pipe()
    yield pipe
    pipe.end()
    os.close(pipe.reads)


def stream(pipe, **config):
    return StreamSource(StreamLines(**{"format": "text", **config}), pipe)


def test_lines_come_as_they_are_written(pipe):
    source = stream(pipe)
    pipe.write(b"a\nb\nc")
    assert [each.data for each in source.poll().records] == ["a", "b"]
    pipe.write(b"d\n")
    assert [each.data for each in source.poll().records] == ["cd"]
    assert source.poll().records == []


def test_it_is_done_at_the_end_of_the_stream_with_a_last_line_that_has_no_end(pipe):
    pipe.write(b'1\n{"data": 2}\n3')
    pipe.end()
    assert [each.data for each in stream(pipe, format="json")] == [1, 2, 3]


def test_it_gives_no_more_than_is_wanted(pipe):
    pipe.write(b"x\n" * 10)
    pipe.end()
    source = stream(pipe)
    assert [len(source.poll(4).records) for _ in range(3)] == [4, 4, 2]


def test_a_line_that_is_too_long_is_cut(pipe):
    pipe.write(b"x" * 50 + b"\nfine\n")
    assert [each.data for each in stream(pipe, max_line=10).poll().records] == [b"x" * 10, "fine"]


def test_a_stream_that_says_nothing_keeps_nobody_waiting(pipe):
    source = stream(pipe)
    reading = threading.Thread(target=lambda: list(source))
    reading.start()
    began = time.monotonic()
    source.stop()
    reading.join(30)
    assert not reading.is_alive()
    assert time.monotonic() - began < 20
    pipe.write(b"late\n")
    assert source.poll().records == []


@pytest.mark.parametrize("made", [io.BytesIO(b"a\n"), open(os.devnull)])  # noqa: PTH123, SIM115
def test_a_stream_without_a_descriptor_is_refused(made):
    made.close()
    with pytest.raises(ConfigError, match="descriptor"):
        stream(made)


def test_it_leaves_the_stream_open(pipe):
    with stream(pipe):
        pass
    os.fstat(pipe.reads)
