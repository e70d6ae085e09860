"""`wardian.cli.receipts`: what calls cost, summed."""

from wardian.capabilities.metric import Reading, Series
from wardian.cli.receipts import rows, summary
from wardian.guests.receipt import Receipt


def receipt(wall, **more):
    return Receipt(wall_ns=wall, cpu_ns=wall // 2, fuel=None, memory=2**17, request_bytes=10, reply_bytes=2**10, **more)


def test_one_call_is_shown_as_it_is():
    shown = dict(rows(summary([receipt(1_500_000, host_calls={"wardian.log": 2}, log_lines=2, log_bytes=9)], {})))
    assert shown == {
        "wall-clock time": "1.5ms", "CPU time": "750us", "memory": "128KiB", "request": "10B", "reply": "1KiB",
        "log lines": "2", "log text": "9B", "host calls of wardian.log": "2",
    }  # fmt: skip


def test_many_calls_are_summed_with_medians_and_the_largest_memory():
    total = summary([receipt(1), receipt(100, host_calls={"app.f": 1}), receipt(4, host_calls={"app.f": 2})], {})
    assert (total["calls"], total["wall_ns"], total["wall_ns_median"], total["memory"]) == (3, 105, 4, 2**17)
    assert total["host_calls"] == {"app.f": 3}
    assert ("calls", "3") in rows(total)


def test_fuel_is_shown_only_where_it_is_metered():
    metered = Receipt(wall_ns=1, cpu_ns=1, fuel=5_000, memory=0, request_bytes=0, reply_bytes=0)
    assert ("fuel", "5,000") in rows(summary([metered], {}))
    assert "fuel" not in dict(rows(summary([receipt(1)], {})))


def test_metrics_are_shown_with_their_labels():
    metrics = {Series("words", "counter", (("lang", "c"),)): Reading(3.0, 2, 1.0, 2.0)}
    total = summary([receipt(1)], metrics)
    assert total["metrics"] == [
        {
            "name": "words",
            "kind": "counter",
            "labels": {"lang": "c"},
            "value": 3.0,
            "count": 2,
            "least": 1.0,
            "most": 2.0,
        }
    ]
    assert ("counter words {lang=c}", "3") in rows(total)


def test_no_call_at_all_has_a_receipt_too():
    assert summary([], {})["calls"] == 0
    assert rows(summary([], {}))


def test_large_sizes_are_rounded():
    total = summary([receipt(1)], {}) | {"request_bytes": 261_786, "reply_bytes": 12_345_678, "memory": 10_000}
    shown = dict(rows(total))
    assert (shown["request"], shown["reply"], shown["memory"]) == ("255.7KiB", "11.8MiB", "10000B")
