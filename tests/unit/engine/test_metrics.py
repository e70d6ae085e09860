"""`wardian.engine.metrics`: names, meanings and values."""

from __future__ import annotations

import dataclasses
import re

import pytest

from support.statuses import status
from wardian.engine.metrics import METRICS, STATES, VALUES
from wardian.engine.status import EngineStatus
from wardian.pipeline.counters import Counts


def samples(name, made=None):
    """The samples of a metric of this name, by their labels."""
    given = next(values for metric, values in VALUES if metric.name == name)
    return dict(given(status() if made is None else made))


def test_names_are_those_of_prometheus_with_units_and_counters_end_in_total():
    names = [metric.name for metric in METRICS]
    assert len(names) == len(set(names))
    for metric in METRICS:
        assert re.fullmatch(r"wardian_[a-z_]+", metric.name)
        assert metric.name.endswith("_total") == (metric.type == "counter")
        assert metric.meaning.endswith(".")


def test_each_number_of_a_member_is_a_metric():
    told = " ".join(metric.name for metric in METRICS)
    numbers = {field.name for field in dataclasses.fields(Counts)} - {"calls", "latency", "last_error", "last_error_at"}
    assert {name for name in numbers if name.split("_")[0] not in told} == set()


@pytest.mark.parametrize("metric", [metric for metric, _ in VALUES], ids=lambda metric: metric.name)
def test_each_sample_has_a_value_for_each_label_and_no_labels_are_there_twice(metric):
    given = [labels for labels, _ in next(values for each, values in VALUES if each is metric)(status())]
    assert given
    assert len(given) == len(set(given))
    assert {len(labels) for labels in given} == {len(metric.labels)}


def test_a_member_has_its_pipeline_its_name_its_role_and_its_plugin():
    failed = samples("wardian_records_failed_total")
    assert failed["words", "count", "step", "counter"] == 3
    assert samples("wardian_running_info")["words", "count", "step", "counter", "1.2.0", "ab" * 32] == 1


def test_a_pipeline_is_in_one_state():
    states = samples("wardian_pipeline_state")
    assert len(states) == 2 * len(STATES)
    assert {key for key, value in states.items() if value} == {("words", "running"), ("broken", "failed")}


def test_a_schedule_is_told_only_where_there_is_one():
    assert samples("wardian_next_run_timestamp_seconds") == {("broken",): 1_800_000_000.0}


def test_an_engine_without_pipelines_tells_of_itself_alone():
    bare = EngineStatus(started_at=5.0, reload_error="line 3")
    assert samples("wardian_start_timestamp_seconds", bare) == {(): 5.0}
    assert samples("wardian_reload_failed", bare) == {(): 1.0}
    assert samples("wardian_queue_records", bare) == {}
