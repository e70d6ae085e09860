"""Every SDK asks for each capability as the ABI says, and passes on the answer: the probe of each language."""

from __future__ import annotations

import dataclasses
import threading
import time

import pytest

import wardian
from support.probes import GRANTS, refusal
from support.servers import reply
from wardian import Cancelled, Limits, PermissionDenied


def test_state_is_read_written_counted_exchanged_and_listed(probe):
    call = probe.call
    assert call("probe_state_get", "a") is None
    assert call("probe_state_put", ["a", {"n": [1, b"b", 2.5]}]) is None
    assert call("probe_state_put", ["b", 1, 60_000]) is None
    assert call("probe_state_get", "a") == {"n": [1, b"b", 2.5]}
    assert (call("probe_state_add", ["counter", 5]), call("probe_state_add", ["counter", -7])) == (5, -2)
    assert call("probe_state_swap", ["c", None, "new"]) is True
    assert call("probe_state_swap", ["c", "old", "newer"]) is False
    assert call("probe_state_keys", ["", None, 10]) == ["a", "b", "c", "counter"]
    assert call("probe_state_keys", ["c", "c", 10]) == ["counter"]
    assert call("probe_state_keys", ["", None, 2]) == ["a", "b"]
    assert (call("probe_state_delete", "a"), call("probe_state_delete", "a")) == (True, False)


def test_state_of_a_call_that_failed_is_as_it_was(probe):
    assert probe.call("probe_state_add", ["n", 1]) == 1
    assert refusal(probe, "probe_state_undone", "n").kind == "conflict"
    assert probe.call("probe_state_add", ["n", 0]) == 1


def test_lines_arrive_with_their_level_and_fields(probe, lines):
    for level in range(5):
        probe.call("probe_log", [level, f"line {level}"])
    probe.call("probe_log", [2, "with fields", {"user": 7}])
    heard = [(line.level, line.message, dict(line.fields)) for line in lines]
    assert heard == [
        *((level, f"line {at}", {}) for at, level in enumerate(("trace", "debug", "info", "warn", "error"))),
        ("info", "with fields", {"user": 7}),
    ]


def test_metrics_are_recorded_with_their_labels(probe):
    probe.call("probe_metric_record", ["seconds", "histogram", 0.5, {"path": "/"}])
    probe.call("probe_metric_record", ["seen", "counter", 1, None])
    probe.call("probe_metric_record", ["seen", "counter", 2.0, None])
    found = {(series.name, series.kind, series.labels): each.value for series, each in probe.metrics().items()}
    assert found == {("seconds", "histogram", (("path", "/"),)): 0.5, ("seen", "counter", ()): 3.0}


def test_the_clock_tells_both_times(probe):
    before = time.time_ns()
    unix, monotonic = probe.call("probe_clock_now")
    assert before - 10**9 <= unix <= time.time_ns() + 10**9  # the host tells no finer time than it has to
    assert monotonic <= probe.call("probe_clock_now")[1]


def test_random_bytes_are_as_many_as_were_asked_for_and_differ(probe):
    assert [len(probe.call("probe_random_bytes", size)) for size in (0, 1, 5, 1000)] == [0, 1, 5, 1000]
    assert probe.call("probe_random_bytes", 16) != probe.call("probe_random_bytes", 16)


def test_records_are_emitted_and_the_host_says_how_many_it_takes(load_probe):
    emitted = []
    limits = Limits(emitted=3, deadline=20, start_deadline=20)
    probe = load_probe(on_emit=emitted.extend, limits=limits)
    assert probe.call("probe_emit", [{"data": n, "key": "k"} for n in range(5)]) == 3
    assert [record.data for record in emitted] == [0, 1, 2]


def test_a_server_is_asked_and_its_answer_arrives_whole(load_probe, serve):
    server = serve(lambda asked: reply(asked.body, X_From="server"))
    probe = load_probe(grants=dataclasses.replace(GRANTS, http=[server.authority]))
    asked = {"method": "POST", "url": f"{server.url}/path", "headers": {"x-of": "probe"}, "body": b"\0body"}
    answer = probe.call("probe_http_request", asked)
    assert (answer["status"], answer["body"], answer["headers"]["x-from"]) == (200, b"\0body", "server")
    (seen,) = server.asked
    assert (seen.method, seen.target, seen.headers["x-of"]) == ("POST", "/path", "probe")
    assert refusal(probe, "probe_http_request", {"method": "GET", "url": "http://elsewhere.example/"}).kind == "denied"


def test_templates_variables_actions_and_extensions_answer(probe):
    call = probe.call
    assert call("probe_template_expand", "for {{ name }}, {{ n + 1 }} times") == "for Ada, 2 times"
    assert call("probe_vars_set", ["v", [1, {"a": None}]]) is None
    assert (call("probe_vars_get", "v"), call("probe_vars_get", "absent")) == ([1, {"a": None}], None)
    assert call("probe_action_call", ["notify", {"to": "x"}]) == {"sent": {"to": "x"}}
    assert call("probe_extension_call", ["kv", "get", "k"]) == ["get", "k"]


@pytest.mark.parametrize("item", [None, 0, "text", b"bytes", {"a": [1.5, None]}, "x" * 200_000])
def test_a_function_of_the_application_takes_and_gives_any_item(probe, item):
    assert probe.call("probe_app", item) == item


@pytest.mark.parametrize(
    ("entry", "request_", "kind"),
    [
        ("probe_state_add", ["text", 1], "invalid"),
        ("probe_emit", [{}], "invalid"),
        ("probe_template_expand", "{{ absent }}", "invalid"),
        ("probe_template_expand", "{% ls %}", "denied"),
        ("probe_vars_set", ["v", "x" * 300_000], "exhausted"),
        ("probe_action_call", ["other", None], "not_found"),
        ("probe_extension_call", ["other", "get", None], "not_found"),
        ("probe_app", "fail", "transient"),
    ],
)
def test_an_error_of_the_host_is_passed_on(load_probe, entry, request_, kind):
    def refuse(item):
        raise wardian.CapabilityError("transient", "later", guest_code="busy", retry_after_ms=7, details=[item])

    probe = load_probe(functions={"probe": refuse})
    probe.call("probe_state_put", ["text", "no number"])
    caught = refusal(probe, entry, request_)
    assert caught.kind == kind
    if entry == "probe_app":
        assert (caught.message, caught.guest_code, caught.retry_after_ms, caught.details) == (
            "later",
            "busy",
            7,
            ["fail"],
        )


def test_a_call_that_is_cancelled_comes_to_an_end_by_itself(probe):
    assert probe.call("probe_cancelled") is False
    replies = []
    thread = threading.Thread(target=lambda: replies.append(probe.call("probe_sleep_until_cancelled")))
    thread.start()
    while not probe.cancel(grace=20):
        time.sleep(0.001)
    thread.join(30)
    assert replies == ["cancelled"]


def test_a_call_that_does_not_ask_is_ended_when_it_is_cancelled(probe):
    caught = []

    def call():
        with pytest.raises(Cancelled) as error:
            probe.call("probe_spin")
        caught.append(error.value)

    thread = threading.Thread(target=call)
    thread.start()
    while not probe.cancel():
        time.sleep(0.001)
    thread.join(30)
    assert len(caught) == 1
    assert probe.call("probe_echo", "on") == "on"


def test_what_is_not_granted_is_refused_when_it_is_loaded(load_probe):
    with pytest.raises(PermissionDenied) as caught:
        load_probe(
            grants=None, functions=None, actions=None, extensions=None, variables=None, on_emit=None,
        )  # fmt: skip
    refused = " ".join(caught.value.imports)
    assert all(name in refused for name in ("state_add", "clock_now", "http_request", "emit", "app.probe"))
