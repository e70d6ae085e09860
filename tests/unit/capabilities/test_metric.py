from concurrent.futures import ThreadPoolExecutor

import pytest

from wardian.capabilities.capability import QuotaSpent
from wardian.capabilities.metric import MOST_SERIES, Metric, Metrics, Reading, Series


def test_a_counter_adds_a_gauge_replaces_and_a_histogram_keeps_both_ends():
    metrics = Metrics()
    for kind in ("counter", "gauge", "histogram"):
        for value in (3, 1, 2):
            Metric(metrics).record(None, [kind, kind, value, None])
    assert metrics.snapshot() == {
        Series("counter", "counter"): Reading(6, 3, 1, 3),
        Series("gauge", "gauge"): Reading(2, 3, 1, 3),
        Series("histogram", "histogram"): Reading(6, 3, 1, 3),
    }


def test_labels_name_a_series_whatever_their_order():
    metrics = Metrics()
    Metric(metrics).record(None, ["n", "gauge", 1, {"a": "1", "b": "2"}])
    Metric(metrics).record(None, ["n", "gauge", 2, {"b": "2", "a": "1"}])
    assert len(metrics.snapshot()) == 1


def test_the_series_of_a_plugin_are_bounded_and_those_there_go_on():
    metrics = Metrics()
    metric = Metric(metrics)
    for number in range(MOST_SERIES):
        metric.record(None, ["n", "counter", 1, {"n": str(number)}])
    with pytest.raises(QuotaSpent):
        metric.record(None, ["n", "counter", 1, {"n": "more"}])
    with pytest.raises(QuotaSpent):
        metric.record(None, ["another", "counter", 1, None])
    metric.record(None, ["n", "counter", 1, {"n": "0"}])
    assert len(metrics.snapshot()) == len(metrics._readings) == MOST_SERIES
    assert set(metrics._kinds) == {"n"}


def test_no_value_of_many_threads_is_lost():
    metrics = Metrics()

    def record(_):
        for _number in range(1_000):
            metrics.record(Series("n", "counter"), 1)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(record, range(8)))
    assert metrics.snapshot()[Series("n", "counter")].value == 8_000
