"""A1: the ticker of Botkube's tutorial for source plugins, and what a host does for it, without pipelines.

The number of a test is that of the clause. Time is moved by hand, except where the point is that something ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import shutil
import threading
import time

import pytest

import wardian
from support.canned import SPINS, Does, canned
from support.examples import SECOND, START
from wardian import ConfigError, GuestError, Limits
from wardian.config import loading
from wardian.endpoints.opening import configured as configured_endpoint
from wardian.endpoints.webhook_source import WebhookSource
from wardian.plugins.inspection import inspect


@pytest.fixture
def ticker(runtime, c_guest):
    return runtime.load(c_guest("ticker"), name="botkube/ticker")


@pytest.fixture
def streams(ticker, clock, keep):
    """The two streams of the tutorial, of one plugin and by one clock."""
    return [
        keep(ticker.source({"interval": interval}, instance=f"ticker-team-{team}", clock=clock))
        for team, interval in (("a", "1s"), ("b", "2m"))
    ]


def test_a1_1_in_5_5_seconds_one_stream_gives_five_messages_and_the_other_none(streams, clock):
    first, second = clock.run(5.5, *streams)
    assert (len(first), len(second)) == (5, 0)
    for number, event in enumerate(first, 1):
        assert (event.message, event.meta["type"]) == ("Ticker Event", "baseBodyWithFilter")
        assert event.time == START + number * SECOND


def test_a1_1_in_125_seconds_the_slow_stream_gives_one(streams, clock):
    first, second = clock.run(125, *streams)
    assert (len(first), len(second)) == (125, 1)


def test_a1_2_two_streams_of_one_plugin_have_its_version_and_each_its_own_configuration(ticker, streams):
    assert str(ticker.manifest.version) == "0.1.0"
    assert [(each.instance, each.symbol) for each in streams] == [
        ("ticker-team-a", "ticker"), ("ticker-team-b", "ticker"),
    ]  # fmt: skip
    assert [each.config for each in streams] == [{"interval": "1s"}, {"interval": "2m"}]


def test_a1_2_to_end_one_stream_leaves_the_other(streams, clock):
    streams[0].stop()
    assert clock.run(125, streams[1])[0][0].message == "Ticker Event"


def test_a1_3_without_an_interval_it_is_a_minute(ticker, clock, keep):
    stream = keep(ticker.source(clock=clock))
    assert stream.interval == 60
    assert len(clock.run(185, stream)[0]) == 3


def test_a1_3_the_last_layer_that_says_an_interval_wins(ticker, clock, keep):
    stream = keep(ticker.source([{"interval": "1s"}, {"interval": "5s"}, {"interval": ""}], clock=clock))
    assert stream.interval == 5
    assert len(clock.run(11, stream)[0]) == 2


@pytest.mark.parametrize(
    ("text", "seconds"), [("1s", 1), ("2m", 120), ("1m30s", 90), ("1.5h", 5400), ("250ms", 0.25), ("1h0m1s", 3601)]
)
def test_a1_3_durations_are_written_as_go_writes_them(ticker, text, seconds, keep):
    assert keep(ticker.source({"interval": text})).interval == seconds


def test_a1_4_a_wrong_interval_fails_its_own_stream_at_the_start_and_the_other_runs(ticker, clock, keep):
    with pytest.raises(ConfigError, match="while unmarshalling YAML config") as caught:
        ticker.source({"interval": "abc"}, instance="ticker-team-a", clock=clock)
    assert "`abc`" in str(caught.value)
    assert len(clock.run(5.5, keep(ticker.source({"interval": "1s"}, instance="ticker-team-b", clock=clock)))[0]) == 5


# ---- 1.3 to 1.5 in a wardian.yaml ----

FILE = """
version: 1
plugins:
  botkube/ticker: {{source: ./ticker.wasm, enabled: {enabled}}}
sources:
  ticker-team-a: {{plugin: botkube/ticker, config: [{{interval: 1s}}, {{interval: {interval}}}]}}
  ticker-team-b: {{plugin: botkube/ticker, config: {{interval: 2m}}}}
sinks:
  all-teams: {{plugin: chat}}
"""
CHAT = "  chat: {source: ./chat.wasm}\n"
BOUND = "pipelines: {all: {sources: [ticker-team-a, ticker-team-b], sinks: [all-teams]}}\n"


@pytest.fixture
def folder(tmp_path, c_guest):
    """A folder with the ticker, and a function that writes its wardian.yaml; its plugin `chat` is no module at all."""
    shutil.copy(c_guest("ticker"), tmp_path / "ticker.wasm")
    (tmp_path / "chat.wasm").write_bytes(b"whoever reads this is told that it is broken")

    def write(more="", *, interval="5s", enabled="true"):
        text = FILE.format(interval=interval, enabled=enabled).replace("sources:", CHAT + "sources:", 1)
        (tmp_path / "wardian.yaml").write_text(text + more)
        return tmp_path / "wardian.yaml"

    return write


def configured(path, name):
    """What the source of this name is opened with, as its layers say."""
    return [layer.plain() for layer in loading.load(path).project.sources[name].config]


def test_a1_3_layers_of_a_file_are_layers_of_the_plugin(folder, ticker, clock, keep):
    stream = keep(ticker.source(configured(folder(), "ticker-team-a"), clock=clock))
    assert stream.interval == 5


def test_a1_4_a_wrong_interval_of_one_stream_in_a_file_leaves_the_other(folder, ticker, clock, keep):
    path = folder(interval="abc")
    with pytest.raises(ConfigError, match="while unmarshalling YAML config"):
        ticker.source(configured(path, "ticker-team-a"), instance="ticker-team-a")
    stream = keep(ticker.source(configured(path, "ticker-team-b"), instance="ticker-team-b", clock=clock))
    assert len(clock.run(125, stream)[0]) == 1


def states(path, cache):
    with wardian.Project.open(path, environ={}, cache=cache) as project:
        return {each.name: each.state for each in project.plugins()}


def test_a1_5_a_plugin_is_needed_when_it_is_enabled_and_bound_and_says_so_otherwise(folder, cache):
    assert states(folder(), cache)["botkube/ticker"] == "not bound"
    assert states(folder(BOUND), cache)["botkube/ticker"] == "bound"
    assert states(folder(BOUND, enabled="false"), cache)["botkube/ticker"] == "disabled"


def test_a1_5_what_is_not_bound_is_neither_read_nor_loaded(folder, c_guest, cache):
    tasks = "tasks: {greet: [{action: 'hello:hello-world', params: {message: Hi}}]}\n"
    path = folder(tasks)
    shutil.copy(c_guest("hello_world"), path.parent / "hello.wasm")
    hello = "  hello: {source: ./hello.wasm, grants: {template: true}}\n"
    gone = "  gone: {source: ./gone.wasm}\n"
    path.write_text(path.read_text().replace("sources:", f"{hello}{gone}sources:", 1))
    with wardian.Project.open(path, environ={}, cache=cache) as project:
        assert project.run_task("greet").status == "succeeded"
        assert {each.name for each in project.plugins() if each.state == "not bound"} == {
            "botkube/ticker", "chat", "gone",
        }  # fmt: skip


# ---- The end ----


def test_a1_6_no_event_comes_after_the_stop_has_returned(ticker, clock, keep):
    stream = keep(ticker.source({"interval": "1s"}, clock=clock))
    seen = []
    for event in stream:
        seen.append(event.data["tick"])
        if len(seen) == 3:
            stream.stop()
    clock.now += 100 * SECOND
    assert (seen, stream.poll().records, list(stream)) == ([1, 2, 3], [], [])


def test_a1_6_a_stream_whose_loop_never_ends_is_ended_within_its_deadline(runtime, keep):
    stuck = keep(
        runtime.load(canned({"source_poll": Does(SPINS)}, "source stuck"), limits=Limits(deadline=60)).source()
    )
    seen = []
    thread = threading.Thread(target=lambda: seen.extend(stuck))
    thread.start()
    while not stuck._running:
        time.sleep(0.001)
    began = time.monotonic()
    stuck.stop()
    assert time.monotonic() - began < 30
    thread.join(30)
    assert (thread.is_alive(), seen, stuck.stopped) == (False, [], True)


def test_a1_7_what_the_plugin_does_not_handle_is_told_as_unimplemented_and_it_goes_on(ticker, clock, keep):
    stream = keep(ticker.source({"interval": "1s"}, clock=clock))
    with pytest.raises(GuestError) as caught:
        stream.request({"hello": "there"}, {"content-type": "application/json"})
    assert caught.value.kind == "unimplemented"
    assert len(clock.run(5.5, stream)[0]) == 5


def test_a1_7_a_post_to_its_address_is_answered_so_and_the_host_is_well(ticker, clock, keep):
    stream = keep(ticker.source({"interval": "1s"}, clock=clock))
    server = keep(
        WebhookSource(
            configured_endpoint("sources", "webhook", {"listen": "127.0.0.1:0"}),
            requests={"ticker-team-a": stream.request},
        )
    )
    for _ in range(2):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        with contextlib.closing(connection):
            connection.request("POST", "/sources/v1/ticker-team-a", b"{}", {"Content-Type": "application/json"})
            response = connection.getresponse()
            assert (response.status, "unimplemented" in response.read().decode()) == (501, True)
    assert len(clock.run(5.5, stream)[0]) == 5


def test_a1_8_what_an_index_needs_is_read_off_the_package_and_nothing_of_it_runs(runtime, c_guest):
    found = inspect(runtime, c_guest("ticker"))
    package = found.package
    assert (package.name, str(package.version)) == ("wardian-examples/ticker", "0.1.0")
    assert package.description == "Emits an event at a specified interval."
    assert [(each.kind, each.name) for each in package.symbols] == [("source", "ticker")]
    assert found.digest == hashlib.sha256(c_guest("ticker").read_bytes()).hexdigest()


def test_a1_8_a_changed_byte_is_another_digest(runtime, c_guest):
    content = c_guest("ticker").read_bytes()
    changed = content.replace(b"Ticker Event", b"Ticker event")
    assert changed != content
    plugins = [runtime.load(each, name=f"ticker{at}") for at, each in enumerate((content, changed))]
    assert isinstance(plugins[0], wardian.Plugin)
    assert plugins[0].digest != plugins[1].digest
