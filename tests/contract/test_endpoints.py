"""What holds for every source and every sink, the host's own and a plugin's: whoever runs them need not know which."""

import contextlib
import http.client
import json
import threading
from pathlib import Path

import pytest

from support.canned import Each, canned
from wardian import GuestError, Polled, Record
from wardian.endpoints import open_sink, open_source
from wardian.endpoints.opening import configured
from wardian.endpoints.stream_sink import StreamAppend, StreamSink
from wardian.endpoints.stream_source import StreamLines, StreamSource
from wardian.endpoints.webhook_source import WebhookSource

SOURCES = ("plugin", "file", "tail", "stdio", "timer", "webhook")
SINKS = ("plugin", "file", "stdio", "webhook")


def told(count):
    return [{"records": [{"data": each}], "wait_ms": 0, "offset": each} for each in range(count)]


@pytest.fixture(params=SOURCES)
def source(request, runtime, tmp_path):
    """A source that has three records to give; those that end by themselves end behind them."""
    with contextlib.ExitStack() as opened:
        name = request.param
        path = tmp_path / "lines"
        path.write_text("0\n1\n2\n")
        if name == "plugin":
            replies = Each((*told(3), {"records": [], "done": True}))
            made = runtime.load(canned({"source_poll": replies}, "source one")).source()
        elif name in ("file", "tail"):
            made = open_source("file", {"path": str(path), "follow": name == "tail", "interval": "10ms"})
        elif name == "stdio":
            made = StreamSource(StreamLines(), opened.enter_context(path.open("rb", buffering=0)))
        elif name == "timer":
            made = open_source("timer", {"interval": "10ms", "count": 3})
        else:
            made = open_source("webhook", {"listen": "127.0.0.1:0"})
            for each in range(3):
                connection = http.client.HTTPConnection("127.0.0.1", made.port, timeout=30)
                connection.request("POST", "/", str(each), {"Content-Type": "application/json"})
                assert connection.getresponse().status == 202
                connection.close()
        opened.enter_context(made)
        yield made


@pytest.fixture(params=SINKS)
def sink(request, runtime, tmp_path, serve):
    """A sink that takes what it is given."""
    with contextlib.ExitStack() as opened:
        name = request.param
        if name == "plugin":
            made = runtime.load(canned({"sink_write": None, "sink_flush": None}, "sink one")).sink()
        elif name == "file":
            made = open_sink("file", {"path": str(tmp_path / "out")})
        elif name == "stdio":
            made = StreamSink(StreamAppend(), opened.enter_context((tmp_path / "out").open("wb", buffering=0)))
        else:
            made = open_sink("webhook", {"url": serve().url})
        yield opened.enter_context(made)


class TestSources:
    def test_it_says_what_it_is(self, source):
        assert source.kind == "source"
        assert "source" in repr(source).lower()

    def test_its_records_come_by_polling_and_never_more_than_wanted(self, source):
        got = []
        while len(got) < 3:
            polled = source.poll(1)
            assert isinstance(polled, Polled)
            assert len(polled.records) <= 1
            got += polled.records
        assert all(isinstance(each, Record) for each in got)

    def test_its_records_come_by_iterating(self, source):
        got = []
        for record in source:
            got.append(record)
            if len(got) == 3:
                break
        assert len(got) == 3

    def test_at_least_one_record_is_wanted(self, source):
        with pytest.raises(ValueError, match="at least one record"):
            source.poll(0)

    def test_no_record_comes_out_of_an_iteration_that_was_stopped(self, source):
        records = iter(source)
        next(records)
        source.stop()
        source.stop()
        assert source.stopped
        assert list(records) == []
        assert list(source) == []

    def test_it_is_stopped_from_another_thread_while_it_waits(self, source):
        reading = threading.Thread(target=lambda: list(source))
        reading.start()
        source.stop()
        reading.join(30)
        assert not reading.is_alive()

    def test_it_is_done_once_it_is_stopped_and_closed(self, source):
        source.close()
        source.close()
        assert source.stopped

    def test_an_offset_is_plain_data_and_kept_when_it_is_acknowledged(self, source):
        offsets = [source.poll(1).offset for _ in range(2)]
        for offset in offsets:
            assert json.loads(json.dumps(offset)) == offset
        source.acknowledge(offsets[0])
        assert source.offset == offsets[0]

    def test_what_nobody_can_ask_says_so(self, source):
        with pytest.raises(GuestError) as raised:
            source.request({})
        assert raised.value.kind == "unimplemented"

    def test_asynchronous_programs_poll_as_well(self, source):
        import asyncio

        assert isinstance(asyncio.run(source.apoll(1)), Polled)


class TestSinks:
    def test_there_is_one_outcome_for_each_record(self, sink):
        assert sink.write([Record(each) for each in range(3)]) == [None, None, None]
        assert sink.write(iter([Record({"a": [1, None]}, key="k", tags={"t": 1})])) == [None]
        assert sink.write([]) == []

    def test_it_is_flushed_urgently_or_not(self, sink):
        sink.write([Record(1)])
        sink.flush()
        sink.flush(urgent=True)

    def test_what_is_no_record_is_a_fault_of_the_caller(self, sink):
        with pytest.raises(TypeError):
            sink.write([5])

    def test_it_is_closed_more_than_once(self, sink):
        assert sink.kind == "sink"
        sink.close()
        sink.close()


@pytest.mark.parametrize("name", ["file", "timer"])
def test_a_source_with_offsets_goes_on_where_it_was(tmp_path, name):
    (tmp_path / "lines").write_text("0\n1\n2\n")
    config = {"file": {"path": str(tmp_path / "lines")}, "timer": {"interval": "10ms", "count": 3}}[name]
    with open_source(name, config) as source:
        next(records := iter(source))
        next(records)  # asking for the second record says that the first one is safe
        offset = source.offset
    with open_source(name, config, resume=offset) as source:
        assert 1 <= len(list(source)) <= 3


def test_configurations_are_checked_before_anything_is_opened(tmp_path):
    before = set(Path("/proc/self/fd").iterdir())
    assert configured("sinks", "file", {"path": str(tmp_path / "out")}).path
    assert set(Path("/proc/self/fd").iterdir()) == before
    assert not (tmp_path / "out").exists()


def test_a_plugin_is_asked_over_http_and_says_what_it_does_not_have(runtime):
    answers = {"source_poll": {"records": []}, "source_request": {"data": "came in"}}
    with (
        runtime.load(canned(answers, "source one"), name="able").source() as able,
        runtime.load(canned({"source_poll": {"records": []}}, "source one"), name="unable").source() as unable,
        WebhookSource(
            configured("sources", "webhook", {"listen": "127.0.0.1:0"}),
            requests={"able": able.request, "unable": unable.request},
        ) as server,
    ):
        seen = []
        for name in ("able", "unable", "unknown"):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            connection.request("POST", f"/sources/v1/{name}", "{}", {"Content-Type": "application/json"})
            response = connection.getresponse()
            seen.append((response.status, json.loads(response.read())))
            connection.close()
    assert seen[0] == (200, {"data": "came in"})
    assert seen[1] == (501, {"error": {"kind": "unimplemented", "message": "unimplemented"}})
    assert seen[2][0] == 404
