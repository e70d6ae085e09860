"""Every SDK has each kind of plugin, with all its entry points: the probe of each language."""

from __future__ import annotations

from support.probes import refusal
from wardian.abi.contract import ENTRY_POINTS


def test_a_source_gives_what_is_wanted_and_goes_on_where_it_was(load_probe):
    probe = load_probe(config={"count": 5})
    first = probe.call("source_poll", {"now": 0, "demand": 2})
    assert first == {"records": [{"data": 1}, {"data": 2}], "offset": 2, "wait_ms": 5}
    assert [each["data"] for each in probe.call("source_poll", {"now": 0, "demand": 9})["records"]] == [3, 4, 5]
    probe.close()
    probe = load_probe(config={"count": 1})
    assert probe.call("source_poll", {"now": 0, "demand": 1})["done"] is True


def test_what_is_pushed_to_a_source_becomes_a_record(probe):
    headers = {"a": "b"}
    assert probe.call("source_request", {"payload": [1], "headers": headers}) == {"data": [1], "meta": headers}
    assert probe.call("source_request", {"payload": None, "headers": headers}) is None


def test_an_action_has_its_parameters_and_variables_and_hears_of_its_end(probe, lines):
    request = {"params": {"a": [1]}, "vars": {"b": None}}
    assert probe.call("action_call", request) == request
    assert probe.call("action_cancel", {"reason": "timeout", "params": {}}) is None
    assert [line.message for line in lines] == ["cancelled: timeout"]


def test_a_processor_answers_for_each_record(probe):
    kept = {"data": {"x": 1}, "time": 5, "key": b"k", "tags": {"t": 1}, "meta": {"m": [1]}, "path": "p", "message": "m"}
    records = [kept, {"data": {"drop": 1}}, {"data": {"fail": "bad"}}, {"data": {"twice": 7}}, {"data": None}]
    outcomes = probe.call("processor_process", {"records": records})
    assert outcomes == [
        [kept], [], {"kind": "invalid", "message": "bad"}, [{"data": 7}, {"data": 7}], [{"data": None}],
    ]  # fmt: skip
    assert probe.call("processor_process", {"records": []}) == []


def test_a_function_checks_its_arguments_and_answers_for_each_row(probe):
    two = [{"literal": 1}, {"column": "a", "type": "int"}]
    assert probe.call("function_validate", {"args": two}) is None
    caught = refusal(probe, "function_validate", {"args": two[:1]})
    assert (caught.kind, caught.message) == ("invalid", "expected 2 arguments")
    wrong = {"kind": "invalid", "message": "expected two integers"}
    rows = [[1, 2], ["a", 2], [3, -4]]
    assert probe.call("function_call", {"rows": rows}) == [{"value": 3}, wrong, {"value": -1}]


def test_an_aggregator_adds_flushes_and_forgets(probe):
    numbers = {"records": [{"data": 1}, {"data": 2}]}
    assert probe.call("aggregator_add", numbers) is probe.call("aggregator_add", numbers) is None
    assert probe.call("aggregator_flush") == {"records": [{"data": 6}]}
    probe.call("aggregator_add", numbers)
    assert probe.call("aggregator_reset") is None
    assert probe.call("aggregator_flush") == {"records": [{"data": 0}]}


def test_a_sink_says_what_it_took_and_flushes(probe, lines):
    assert probe.call("sink_write", {"records": [{"data": 1}, {"data": "x"}]}) is None
    outcomes = probe.call("sink_write", {"records": [{"data": 1}, {"data": {"fail": "full"}}]})
    assert outcomes == [None, {"kind": "invalid", "message": "full"}]
    assert probe.call("sink_flush", {"urgent": False}) is probe.call("sink_flush", {"urgent": True}) is None
    assert [line.message for line in lines] == ["flushed", "flushed urgently"]


def test_a_lookup_has_the_fields_that_are_wanted(probe):
    request = {"fields": ["name", "age"], "keys": ["id"], "values": ["7"]}
    assert probe.call("lookup_rows", request) == [{"name": "name of 7", "age": "age of 7"}]
    assert probe.call("lookup_rows", {**request, "values": ["nobody"]}) == []


def test_an_extension_has_methods(probe):
    assert probe.call("extension_call", {"method": "m", "argument": [1]}) == {"method": "m", "argument": [1]}


def test_a_configuration_is_checked_and_an_instance_closed(probe, lines):
    assert probe.call("plugin_check", {"config": {}}) == [[2, "checked"]]
    probe.close()
    assert [line.message for line in lines] == ["closed"]


def test_it_offers_each_kind_that_there_is(probe):
    spoken = {name for names in ENTRY_POINTS.values() for name in names}
    assert spoken <= set(probe.entries) | {"plugin_open", "plugin_close"}
