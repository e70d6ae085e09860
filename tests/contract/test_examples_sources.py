"""The example sources do what the tutorials do that they are after; the host owns time."""

import pytest

from support.examples import SECOND, START
from support.raw_guest import GuestFailed, Refused


def refused(guest, config, **more):
    with pytest.raises(GuestFailed) as failed:
        guest.open(config, **more)
    assert failed.value.error["kind"] == "config"
    return failed.value.error["message"]


def count_of(records):
    return [record["data"]["count"] for record in records]


class TestTicker:
    def test_it_ticks_five_times_in_five_and_a_half_seconds(self, example):
        guest = example("ticker")
        assert guest.open({"interval": "1s"}) == {"interval_ms": 1000}
        events = guest.run(5.5)
        assert events == [
            {
                "message": "Ticker Event",
                "type": "event",
                "time": START + number * SECOND,
                "data": {"tick": number},
                "meta": {"type": "baseBodyWithFilter"},
            }
            for number in range(1, 6)
        ]

    def test_two_streams_have_their_own_intervals(self, example):
        first, second = example("ticker"), example("ticker")
        first.open({"interval": "1s"})
        second.open({"interval": "2m"})
        assert (len(first.run(5.5)), len(second.run(5.5)), len(second.run(125, START + 6 * SECOND))) == (5, 0, 1)

    @pytest.mark.parametrize(
        ("config", "layers", "milliseconds"),
        [
            ({}, [], 60_000),
            ({"interval": None}, [], 60_000),
            ({"interval": ""}, [], 60_000),
            ({"interval": "5s"}, [{"interval": "1s"}, {"interval": "5s"}], 5000),
            ({"interval": ""}, [{"interval": "5s"}, {"interval": ""}], 5000),
            ({"interval": None}, [{"interval": "5s"}, {"interval": None}, {}], 5000),
            ({"interval": ""}, [{"interval": ""}], 60_000),
        ],
    )
    def test_the_last_layer_that_sets_the_interval_counts(self, example, config, layers, milliseconds):
        assert example("ticker").open(config, layers=layers) == {"interval_ms": milliseconds}

    @pytest.mark.parametrize(
        ("interval", "milliseconds"),
        [
            ("1s", 1000), ("2m", 120_000), ("1m30s", 90_000), ("1.5s", 1500), ("1h0m0.25s", 3_600_250),
            ("100us", 1), ("1ns", 1), ("0.123456789h", 444_445), ("876000h", 3_153_600_000_000),
        ],
    )  # fmt: skip
    def test_durations_are_those_of_go(self, example, interval, milliseconds):
        assert example("ticker").open({"interval": interval}) == {"interval_ms": milliseconds}

    @pytest.mark.parametrize(
        "interval",
        [
            "abc", "1", "s", "1x", "-1s", "1.s", ".5s", "1 s", " 1s", "1S", "0s", "0.0000000001s", "1e3s", "1s2",
            "876001h", "99999999999999999999h", "9" * 400 + "s", "1m\0", 60, 1.5, True, [], {"s": 1}, b"1s",
        ],
    )  # fmt: skip
    def test_what_is_no_duration_fails_at_open_and_says_what_is_right(self, example, interval):
        message = refused(example("ticker"), {"interval": interval})
        assert "while unmarshalling YAML config" in message
        assert "`30s` or `1m30s`" in message

    def test_nothing_is_pushed_to_it(self, example):
        assert "source_request" not in {export.name for export in example("ticker").module.exports}

    def test_a_tick_that_nobody_wants_waits(self, example):
        guest = example("ticker")
        guest.open({"interval": "1s"})
        guest.call("source_poll", {"now": START, "demand": 1})
        assert guest.call("source_poll", {"now": START + SECOND, "demand": 0}) == {"records": []}
        reply = guest.call("source_poll", {"now": START + SECOND + 5, "demand": 1})
        assert (len(reply["records"]), reply["wait_ms"]) == (1, 1000)

    def test_ticks_that_were_missed_are_left_out_and_the_beat_is_kept(self, example):
        guest = example("ticker")
        guest.open({"interval": "1s"})
        guest.call("source_poll", {"now": START, "demand": 1})
        reply = guest.call("source_poll", {"now": START + 10 * SECOND + SECOND // 4, "demand": 9})
        assert (len(reply["records"]), reply["wait_ms"]) == (1, 750)

    def test_a_clock_that_is_set_back_costs_one_interval_at_most(self, example):
        guest = example("ticker")
        guest.open({"interval": "1s"})
        guest.call("source_poll", {"now": START, "demand": 1})
        past = START - 3600 * SECOND
        assert guest.call("source_poll", {"now": past, "demand": 1}) == {"records": [], "wait_ms": 1000}
        assert len(guest.call("source_poll", {"now": past + SECOND, "demand": 1})["records"]) == 1


class TestServiceExample:
    def test_it_writes_five_log_entries_in_little_more_than_a_second(self, example):
        guest = example("service_example")
        assert guest.open({"interval": "200ms"}) == {"interval_ms": 200}
        assert guest.run(1.1) == [
            {"type": "log", "time": START + number * SECOND // 5, "data": {"host": "1.1.1.1"}} for number in range(1, 6)
        ]

    def test_its_other_form_is_samples_of_a_counter_with_floats_and_nanoseconds(self, example):
        guest = example("service_example")
        guest.open({"interval": 200_000_000, "form": "metrics"})
        samples = guest.run(1.1)
        assert len(samples) == 5
        assert samples[0] == {
            "type": "metric",
            "time": START + SECOND // 5,
            "tags": {"hello": "world"},
            "data": {"name": "test_metric", "type": "counter", "value": 1.0},
        }
        assert type(samples[0]["data"]["value"]) is float

    def test_the_interval_is_nanoseconds_or_a_duration_and_five_seconds_without_one(self, example):
        for interval, milliseconds in ((None, 5000), (200_000_000, 200), ("200ms", 200), (1, 1)):
            assert example("service_example").open({"interval": interval}) == {"interval_ms": milliseconds}

    @pytest.mark.parametrize(
        "config", [{"interval": "x"}, {"interval": 0}, {"interval": -5}, {"interval": 1.5}, {"form": "v3"}, {"form": 2}]
    )
    def test_a_wrong_configuration_is_refused_by_the_name_of_what_is_wrong(self, example, config):
        assert f"`{next(iter(config))}`" in refused(example("service_example"), config)


SURE = {"interval": 100, "seed": 1, "pattern": {"count": 50}}  # what `random_source` is sure to do something with


class TestRandomSource:
    def test_below_a_seed_of_one_there_is_only_the_pattern(self, example):
        guest = example("random_source")
        assert guest.open(SURE) == {"interval_ms": 100}
        assert count_of(guest.run(1)) == [50] * 10

    def test_a_seed_gives_the_same_numbers_each_time(self, example):
        runs = []
        for seed in (7, 7, 8):
            guest = example("random_source")
            guest.open({**SURE, "seed": seed, "pattern": {"count": 50, "other": -3}})
            runs.append([tuple(record["data"].items()) for record in guest.run(20)])
        assert runs[0] == runs[1] != runs[2]
        assert {count for (_, count), _ in runs[0]} == set(range(50, 57))
        assert {other for _, (_, other) in runs[0]} == set(range(-3, 4))

    def test_what_was_given_before_is_not_given_again_even_after_a_restart(self, example):
        guest = example("random_source")
        config = {**SURE, "deduplicate": 50}
        guest.open(config)
        assert count_of(guest.run(3)) == [50]
        assert list(guest.state) == ["input"]
        again = example("random_source", state=guest.state)
        again.open(config)
        assert again.run(3, START + 10 * SECOND) == []

    def test_it_forgets_what_is_older_than_it_has_to_remember(self, example):
        guest = example("random_source")
        guest.open({**SURE, "seed": 5, "deduplicate": 2})
        counts = count_of(guest.run(60))
        assert len(counts) > 50
        assert all(counts[at] not in counts[max(0, at - 2) : at] for at in range(len(counts)))
        assert len(guest.state["input"]) == 2

    @pytest.mark.parametrize(
        ("config", "said"),
        [
            ({"seed": 0}, "`seed` must be a positive integer"),
            ({"seed": None}, "`seed` must be a positive integer"),
            ({"seed": 1.5}, "`seed` must be a positive integer"),
            ({"pattern": None}, "`pattern` is required"),
            ({"pattern": {}}, "`pattern` is required"),
            ({"pattern": [50]}, "`pattern` is required"),
            ({"pattern": {"count": "50"}}, "`pattern` must be an integer"),
            ({"pattern": {"count": 2**31}}, "`pattern` must be an integer"),
            ({"interval": 0}, "`interval` must be"),
            ({"interval": "1s"}, "`interval` must be"),
            ({"deduplicate": -1}, "`deduplicate` must be"),
            ({"deduplicate": 501}, "`deduplicate` must be"),
        ],
    )
    def test_a_wrong_configuration_is_refused_at_open(self, example, config, said):
        assert said in refused(example("random_source"), {**SURE, **config})

    def test_a_state_that_is_not_there_fails_the_poll_with_the_hosts_error(self, example):
        def no_state(_):
            raise Refused("transient", "the store is busy")

        guest = example("random_source", host={"state_get": no_state})
        guest.open({**SURE, "deduplicate": 1})
        with pytest.raises(GuestFailed, match="the store is busy"):
            guest.run(1)


class TestSpecial:
    def test_it_collects_a_report_at_once_and_then_at_its_rate(self, example):
        guest = example("special")
        assert guest.open({"raw": True, "rate_limit": 1, "name": "My feed"}) == {"interval_ms": 1000}
        reports = guest.run(3.5)
        assert reports == [
            {
                "type": "event",
                "time": START + number * SECOND,
                "data": {
                    "feed.name": "My feed",
                    "feed.accuracy": 100.0,
                    "time.observation": START + number * SECOND,
                    "raw": b"example",
                },
            }
            for number in range(4)
        ]

    def test_without_raw_a_report_has_nothing_to_parse(self, example):
        guest = example("special")
        guest.open({"raw": False})
        (report,) = guest.run(0.5)
        assert (report["data"]["feed.name"], "raw" in report["data"]) == ("Special feed", False)

    @pytest.mark.parametrize("raw", [None, "", "true", 1])
    def test_raw_has_to_be_configured(self, example, raw):
        assert "`raw` must be configured" in refused(example("special"), {} if raw is None else {"raw": raw})

    @pytest.mark.parametrize(
        "config", [{"rate_limit": 0}, {"rate_limit": float("nan")}, {"rate_limit": "1s"}, {"name": 1}]
    )
    def test_a_wrong_configuration_is_refused(self, example, config):
        assert f"`{next(iter(config))}`" in refused(example("special"), {"raw": True, **config})

    def test_a_check_says_what_is_wrong_without_opening_anything(self, example):
        guest = example("special")
        said = [guest.call("plugin_check", {"config": config}) for config in ({}, {"raw": False}, {"raw": True})]
        assert said == [
            [[4, "`raw` must be configured: true or false"]],
            [[3, "with `raw: false` reports have nothing to parse"]],
            [],
        ]
