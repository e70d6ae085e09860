"""A3: the `service_example_plugin` of iLogtail (LoongCollector), as a source by itself, without pipelines.

The number of a test is that of the clause.
"""

from __future__ import annotations

import threading
import time

import pytest

from support.canned import SPINS, Does, Each, canned
from support.examples import SECOND, START
from wardian import ConfigError, Grants, Limits, PackageError
from wardian.cli.main import perform

FIFTH = SECOND // 5


@pytest.fixture
def service(runtime, c_guest):
    return runtime.load(c_guest("service_example"))


def test_a3_1_in_1_1_seconds_there_are_five_logs_of_one_host_each_with_its_time(service, clock, keep):
    (logs,) = clock.run(1.1, keep(service.source({"interval": "200ms"}, clock=clock)))
    assert [each.data for each in logs] == [{"host": "1.1.1.1"}] * 5
    assert [each.time for each in logs] == [START + number * FIFTH for number in range(1, 6)]
    assert {each.type for each in logs} == {"log"}


def test_a3_2_in_its_second_form_there_are_five_samples_of_a_counter(service, clock, keep):
    (samples,) = clock.run(1.1, keep(service.source({"interval": "200ms", "form": "metrics"}, clock=clock)))
    assert [each.data for each in samples] == [{"name": "test_metric", "type": "counter", "value": 1.0}] * 5
    assert {type(each.data["value"]) for each in samples} == {float}
    assert [each.tags for each in samples] == [{"hello": "world"}] * 5
    assert [each.time for each in samples] == [START + number * FIFTH for number in range(1, 6)]


def test_a3_3_without_an_interval_it_is_five_seconds(service, clock, keep):
    stream = keep(service.source(clock=clock))
    assert stream.interval == 5
    assert len(clock.run(16, stream)[0]) == 3


@pytest.mark.parametrize("interval", [200_000_000, "200ms"])
def test_a3_3_a_number_is_nanoseconds_and_a_text_is_a_duration(service, clock, interval, keep):
    stream = keep(service.source({"interval": interval}, clock=clock))
    assert stream.interval == 0.2
    assert len(clock.run(1.1, stream)[0]) == 5


def test_a3_3_what_is_neither_is_refused(service):
    with pytest.raises(ConfigError, match="`interval` must be a duration such as `200ms`, or a number of nanoseconds"):
        service.source({"interval": "abc"})


def test_a3_4_a_source_that_waits_is_stopped_at_once(service, keep):
    stream = keep(service.source({"interval": "1h"}))
    thread = threading.Thread(target=list, args=(stream,))
    thread.start()
    time.sleep(0.05)
    began = time.monotonic()
    stream.stop()
    thread.join(30)
    assert time.monotonic() - began < 30
    assert not thread.is_alive()
    assert stream.poll().records == []


def test_a3_4_a_source_that_never_heeds_its_stop_is_ended_by_force(runtime, keep):
    replies = {"source_poll": Each(({"records": [{"data": 1}]}, Does(SPINS)))}
    stream = keep(runtime.load(canned(replies, "source stuck"), limits=Limits(deadline=60)).source())
    seen, given = [], threading.Event()

    def collect():
        for record in stream:
            seen.append(record.data)
            given.set()

    thread = threading.Thread(target=collect)
    thread.start()
    assert given.wait(30)
    began = time.monotonic()
    stream.stop()
    assert time.monotonic() - began < 30
    thread.join(30)
    assert (thread.is_alive(), seen) == (False, [1])


def test_a3_5_another_interval_is_another_use_that_begins_at_once(service, clock):
    with service.source({"interval": "200ms"}, clock=clock) as stream:
        before = clock.run(1.1, stream)[0]
    with service.source({"interval": "100ms"}, clock=clock) as stream:
        after = clock.run(1.1, stream)[0]
    assert (len(before), len(after)) == (5, 11)
    assert after[0].time == START + 12 * SECOND // 10


def test_a3_6_a_plugin_of_another_kind_is_refused_and_others_are_used(runtime, service, c_guest, keep):
    with pytest.raises(PackageError, match="no source"):
        runtime.load(c_guest("collect_sink"), grants=Grants(state=True)).source()
    with pytest.raises(PackageError, match="`service_exampel`"):
        service.source(symbol="service_exampel")
    assert keep(service.source(symbol="service_example_plugin")).interval == 5


@pytest.mark.parametrize(
    ("use", "said"),
    [
        ("{plugin: service_exampel}", "expected a name in `plugins`, got `service_exampel` (did you mean `service`?)"),
        ("{type: service_example_plugin}", "expected what the host makes in `sources`"),
    ],
)
def test_a3_6_in_a_file_what_is_not_there_is_refused_wherever_it_stands(tmp_path, capsys, use, said):
    for group in ("sources", "steps", "sinks"):
        (tmp_path / "wardian.yaml").write_text(
            f"version: 1\nplugins: {{service: {{source: ./service.wasm}}}}\n{group}: {{one: {use}}}\n"
        )
        assert perform(["check", str(tmp_path / "wardian.yaml")]) == 5
        printed = capsys.readouterr().out
        assert f"wardian.yaml:3: {group}.one." in printed
        assert said.replace("sources", group) in printed


def test_a3_7_the_same_plugin_twice_is_two_instances_that_share_nothing(runtime, c_guest, clock, keep):
    ticker = runtime.load(c_guest("ticker"))
    first, second = (keep(ticker.source({"interval": "1s"}, instance=name, clock=clock)) for name in ("1", "2"))
    assert [each.data["tick"] for each in clock.run(2, first)[0]] == [1, 2]
    assert [[each.data["tick"] for each in got] for got in clock.run(3, first, second)] == [[3, 4, 5], [1, 2, 3]]
    assert (first.instance, second.instance) == ("1", "2")
