"""A stream sink writes whole lines, waits for slow readers, but not for ever."""

import os
import threading
import time

import pytest

from wardian import GuestError, Record
from wardian.endpoints.stream_sink import StreamAppend, StreamSink


class Pipe:
    def __init__(self):
        self.reads, self.writes = os.pipe()

    def fileno(self):
        return self.writes

    def shut(self, name):
        if (descriptor := getattr(self, name)) is not None:
            os.close(descriptor)
            setattr(self, name, None)


@pytest.fixture
def pipe():
    pipe = Pipe()
    yield pipe
    pipe.shut("reads")
    pipe.shut("writes")


def stream(pipe, **config):
    return StreamSink(StreamAppend(**{"format": "text", **config}), pipe)


def test_records_are_lines(pipe):
    assert stream(pipe, format="json").write([Record(1), Record("a")]) == [None, None]
    assert os.read(pipe.reads, 1000) == b'{"data": 1}\n{"data": "a"}\n'


def test_a_record_that_has_no_line_fails_alone(pipe):
    one, two = stream(pipe).write([Record(5), Record("a")])
    assert (one.kind, two) == ("invalid", None)


def test_nobody_reading_is_waited_for_only_so_long(pipe):
    sink = stream(pipe, patience=0.1)
    began = time.monotonic()
    outcomes = sink.write([Record("x" * 1000)] * 1000)
    assert time.monotonic() - began < 30
    assert outcomes[0] is None
    assert outcomes[-1].kind == "transient"
    assert outcomes[-1].retry_after_ms


def test_what_was_taken_comes_out_whole_and_once_and_what_was_not_never(pipe):
    sink = stream(pipe, patience=0.05)
    lines = [str(number).zfill(3) * 7000 for number in range(20)]
    outcomes = sink.write([Record(line) for line in lines])
    taken = [line for line, outcome in zip(lines, outcomes, strict=True) if outcome is None]
    assert 0 < len(taken) < len(lines)
    with pytest.raises(GuestError, match="nobody reads"):
        sink.flush()
    got = bytearray()

    def read():
        while data := os.read(pipe.reads, 65536):
            got.extend(data)

    reading = threading.Thread(target=read)
    reading.start()
    slow = StreamSink.flush
    for _ in range(100):
        try:
            slow(sink, urgent=True)
            break
        except GuestError:
            continue
    assert sink.write([Record("end")]) == [None]
    pipe.shut("writes")
    reading.join(30)
    assert got.decode().splitlines() == [*taken, "end"]


def test_a_reader_that_is_gone_is_an_error_of_its_own_type(pipe):
    sink = stream(pipe)
    pipe.shut("reads")
    with pytest.raises(BrokenPipeError):
        sink.write([Record("a")])
