"""`wardian.engine.prometheus`: metrics are scraped over HTTP."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request

import pytest
from prometheus_client import REGISTRY
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_open
from prometheus_client.parser import text_string_to_metric_families as parse

from support.statuses import status
from wardian.engine.metrics import METRICS
from wardian.engine.prometheus import Exporter
from wardian.engine.status import EngineStatus, MemberStatus, PipelineStatus
from wardian.errors import ConfigError

OPEN = "application/openmetrics-text; version=1.0.0"


def scraped(exporter, accept="text/plain", path="/metrics", method="GET"):
    """The type and the text of a scrape."""
    url = f"http://127.0.0.1:{exporter.port}{path}"
    request = urllib.request.Request(url, headers={"Accept": accept}, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.headers["Content-Type"], answer.read().decode()


def samples(text, parser=parse):
    """Each sample by its name and labels."""
    return {
        (each.name, tuple(sorted(each.labels.items()))): each.value
        for family in parser(text)
        for each in family.samples
    }


COUNT = (("member", "count"), ("pipeline", "words"), ("plugin", "counter"), ("role", "step"))


def test_a_scrape_has_each_metric_with_its_type_and_meaning():
    with Exporter(status, 0) as exporter:
        kind, text = scraped(exporter)
    assert kind.startswith("text/plain")
    for metric in METRICS:
        assert f"# HELP {metric.name} {metric.meaning}\n" in text
        assert f"# TYPE {metric.name} {metric.type}\n" in text
    assert samples(text)["wardian_records_failed_total", COUNT] == 3


@pytest.mark.parametrize(("accept", "parser"), [("text/plain", parse), (OPEN, parse_open)])
def test_both_formats_are_what_the_parsers_of_their_library_take(accept, parser):
    with Exporter(status, 0) as exporter:
        kind, text = scraped(exporter, accept)
    assert kind.startswith(accept.partition(";")[0])
    found = samples(text, parser)
    assert found["wardian_call_seconds_count", COUNT] == 33
    assert found["wardian_call_seconds_sum", COUNT] == pytest.approx(0.033)
    buckets = [
        (dict(labels), count) for (name, labels), count in found.items() if name == "wardian_call_seconds_bucket"
    ]
    below = {labels["le"]: count for labels, count in buckets if labels["member"] == "count"}
    assert (below["0.0005"], below["0.001"], below["+Inf"]) == (0, 33, 33)


def test_each_scrape_tells_what_is_so_then():
    given = [EngineStatus(started_at=1.0), EngineStatus(started_at=2.0)]
    with Exporter(lambda: given.pop(0), 0) as exporter:
        values = [samples(scraped(exporter)[1])["wardian_start_timestamp_seconds", ()] for _ in range(2)]
    assert values == [1.0, 2.0]


def test_names_that_hold_anything_are_told_as_they_are():
    nasty = 'a"b\\c\nd é'
    pipeline = PipelineStatus(name=nasty, state="running", members=(MemberStatus(name=nasty, role="sink"),))
    with Exporter(lambda: status(pipelines=(pipeline,)), 0) as exporter:
        found = samples(scraped(exporter)[1])
    assert found["wardian_queue_records", (("pipeline", nasty),)] == 0


def test_nothing_is_registered_globally():
    before = {family.name for family in REGISTRY.collect()}
    with Exporter(status, 0) as exporter:
        scraped(exporter)
        assert {family.name for family in REGISTRY.collect()} == before


@pytest.mark.parametrize(("path", "method", "code"), [("/", "GET", 404), ("/metrics", "DELETE", 405)])
def test_what_is_not_asked_for_metrics_is_refused(path, method, code):
    with Exporter(status, 0) as exporter, pytest.raises(urllib.error.HTTPError) as caught:
        scraped(exporter, path=path, method=method)
    assert caught.value.code == code
    caught.value.close()


@pytest.mark.parametrize("headers", [{"Host": "attacker.example"}, {"Origin": "https://attacker.example"}])
def test_no_page_of_another_site_has_a_browser_read_it(headers):
    with Exporter(status, 0) as exporter:
        request = urllib.request.Request(f"http://127.0.0.1:{exporter.port}/metrics", headers=headers)
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=30)
    assert caught.value.code == 403
    caught.value.close()


def test_a_query_is_no_other_path():
    with Exporter(status, 0) as exporter:
        assert "wardian_queue_records" in scraped(exporter, path="/metrics?x=1")[1]


def test_a_status_that_cannot_be_taken_is_told_and_the_next_one_is_served(caplog):
    given = iter([ZeroDivisionError(), EngineStatus()])

    def look():
        made = next(given)
        if isinstance(made, Exception):
            raise made
        return made

    with Exporter(look, 0) as exporter:
        with pytest.raises(urllib.error.HTTPError) as caught:
            scraped(exporter)
        caught.value.close()
        assert caught.value.code == 500
        assert "wardian_reload_failed 0.0" in scraped(exporter)[1]
    assert "ZeroDivisionError" in caplog.text


def test_a_port_that_is_taken_is_a_fault_of_the_configuration():
    with Exporter(status, 0) as exporter, pytest.raises(ConfigError, match="no server can listen"):
        Exporter(status, exporter.port)


def test_several_may_scrape_at_a_time_and_closing_twice_is_no_fault():
    exporter = Exporter(status, 0)
    texts = []
    threads = [threading.Thread(target=lambda: texts.append(scraped(exporter)[1])) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    exporter.close()
    exporter.close()
    assert len(set(texts)) == 1
    assert len(texts) == 4
