"""The examples as a program uses them: each by its kind, on the real runtime, with the state and limits of one."""

from __future__ import annotations

import threading

import pytest

import wardian
from support.examples import SECOND, START
from support.hand_clock import HandClock
from wardian import Grants, GuestError, Limits, Record


@pytest.fixture
def loaded(runtime, c_guest):
    """Loads an example by its name."""

    def load(name, **more):
        return runtime.load(c_guest(name), **more)

    return load


def until(source, clock, seconds):
    """The records of a source until so many seconds have gone by."""
    end, found = clock.now + seconds * SECOND, []
    for record in source:
        if clock.now > end:
            break
        found.append(record)
    return found


class TestSources:
    def test_two_tickers_tick_by_themselves_each_with_its_own_interval(self, loaded):
        plugin, found = loaded("ticker"), {}
        for team, interval in (("a", "1s"), ("b", "2m")):
            clock = HandClock()
            with plugin.source({"interval": interval}, instance=f"team-{team}", clock=clock) as source:
                found[team] = until(source, clock, 125)
        assert (len(found["a"]), len(found["b"])) == (125, 1)
        assert {(each.message, each.type, each.meta["type"]) for each in found["a"]} == {
            ("Ticker Event", "event", "baseBodyWithFilter")
        }

    def test_the_ticker_has_a_minute_by_default_and_the_last_layer_counts(self, loaded):
        plugin = loaded("ticker")
        for config, seconds in (
            (None, 60), ([{"interval": "1s"}, {"interval": "5s"}], 5), ([{"interval": "5s"}, {"interval": ""}], 5),
        ):  # fmt: skip
            with plugin.source(config) as source:
                source.poll()  # only then its instance is open
                assert source.interval == seconds

    def test_one_wrong_ticker_fails_as_it_is_opened_while_the_other_runs(self, loaded):
        plugin, clock = loaded("ticker"), HandClock()
        with plugin.source({"interval": "1s"}, instance="good", clock=clock) as good:
            with pytest.raises(wardian.ConfigError, match="while unmarshalling YAML config"):
                plugin.source({"interval": "abc"}, instance="wrong")
            assert len(until(good, clock, 3)) == 3

    def test_nobody_can_push_to_the_ticker(self, loaded):
        with loaded("ticker").source() as source, pytest.raises(GuestError) as refused:
            source.request({"any": 1})
        assert refused.value.kind == "unimplemented"

    def test_it_stops_at_once_on_the_real_clock(self, loaded):
        found = []
        with loaded("ticker").source({"interval": "20ms"}) as source:
            reader = threading.Thread(target=lambda: found.extend(source))
            reader.start()
            while len(found) < 3:
                pass
            source.stop()
            count = len(found)
            reader.join(10)
            assert not reader.is_alive()
        assert len(found) - count <= 1  # one that was on its way to the list

    def test_both_forms_of_the_service_example(self, loaded):
        plugin = loaded("service_example")
        for form, expected in (
            ("logs", {"host": "1.1.1.1"}),
            ("metrics", {"name": "test_metric", "type": "counter", "value": 1.0}),
        ):
            clock = HandClock()
            with plugin.source({"interval": "200ms", "form": form}, clock=clock) as source:
                records = until(source, clock, 1)
            assert [record.data for record in records] == [expected] * 5
            assert [record.time for record in records] == [START + n * SECOND // 5 for n in range(1, 6)]

    def test_sections_of_the_random_source_and_what_it_remembers_over_a_restart(self, loaded):
        plugin = loaded("random_source", grants=Grants(state=True))
        for section, count in ((None, 1), ("ext", 10)):
            clock = HandClock()
            with plugin.source(section=section, clock=clock) as source:
                assert [record.data for record in until(source, clock, 1)] == [{"count": 50}] * count
        given = []
        for _ in range(2):
            clock = HandClock()
            with plugin.source(section="dedup", clock=clock, instance="rule") as source:
                for _ in range(30):
                    polled = source.poll()
                    given += polled.records
                    clock.wait(polled.wait_ms / 1000, None)
        assert [record.data for record in given] == [{"count": 50}]

    @pytest.mark.parametrize(
        ("config", "said"), [({"seed": 0}, "`seed` must be"), ({"pattern": None}, "`pattern` is required")]
    )
    def test_the_random_source_is_refused_as_it_is_opened(self, loaded, config, said):
        with pytest.raises(wardian.ConfigError, match=said):
            loaded("random_source", grants=Grants(state=True)).source(config)

    def test_the_collector_has_to_be_told_of_raw_and_says_so_before_it_is_used(self, loaded):
        plugin = loaded("special")
        assert plugin.check({}) == [("error", "`raw` must be configured: true or false")]
        assert plugin.check({"raw": True}) == []
        with pytest.raises(wardian.ConfigError, match="`raw` must be configured"):
            plugin.source()
        clock = HandClock()
        with plugin.source({"raw": True, "name": "My feed"}, clock=clock) as source:
            reports = until(source, clock, 3)
        assert [report.data["raw"] for report in reports] == [b"example"] * 4
        assert {(report.data["feed.name"], report.data["feed.accuracy"]) for report in reports} == {("My feed", 100.0)}


class TestOthers:
    def test_two_uses_of_the_function_count_for_themselves_and_go_on(self, loaded):
        plugin = loaded("accumulate_word_count", grants=Grants(state=True))
        with plugin.function(instance="rule-1") as first, plugin.function(instance="rule-2") as second:
            first.validate([{"column": "slogan", "type": "text"}, {"literal": " "}])
            assert [first("Impossible is nothing", " "), second("Belong anywhere", " ")] == [3, 2]
            outcomes = first.rows([["Stronger than dirt", " "], [7, " "]])
            assert (outcomes[0], outcomes[1].kind) == (6, "invalid")
            with pytest.raises(GuestError, match="only supports 2 parameter but got 1"):
                first.validate([{"literal": " "}])
        with plugin.function(instance="rule-1") as first:
            assert first("Belong anywhere", " ") == 8

    def test_lines_are_parsed_and_sent_where_they_belong(self, loaded):
        with loaded("parse_lines").processor() as parse, loaded("classify").processor({"health": "/up"}) as classify:
            good, bad = parse([Record("status=404 url=/old", key="web"), Record("nothing")])
            assert (good, bad.kind, bad.guest_code) == (
                [Record({"status": "404", "url": "/old"}, key="web")],
                "invalid",
                "bad_line",
            )
            sent = classify([Record([{"status": 500, "url": "/"}, {"status": 200, "url": "/up"}]), Record("no map")])
        assert (sent[0], sent[1].kind) == ([Record({"status": 500, "url": "/"}, path="errors")], "invalid")

    def test_a_lookup_an_aggregator_and_a_sink(self, loaded):
        with loaded("country_codes").lookup() as countries:
            assert countries.rows(["name"], code="FR") == [{"name": "France"}]
        with loaded("average", grants=Grants(state=True)).aggregator() as average:
            average.add([Record(1, key="a"), Record(2, key="a")])
            with pytest.raises(GuestError, match="record 1"):
                average.add([Record(1000, key="a"), Record("wrong")])  # of which nothing counts
            assert [record.data for record in average.flush()] == [{"count": 2, "sum": 3.0, "average": 1.5}]
            assert average.flush() == []
        with loaded("collect_sink", grants=Grants(state=True)).sink({"most": 1}) as sink:
            outcomes = sink.write([Record(1), Record(None), Record(2)])
            assert [outcome and outcome.kind for outcome in outcomes] == [None, "invalid", "exhausted"]
            sink.flush(urgent=True)

    def test_a_slow_action_has_failed_and_is_told_once(self, cache, c_guest):
        lines = []
        with wardian.Runtime(cache=cache, on_log=lines.append) as runtime:
            plugin = runtime.load(c_guest("slow"), limits=Limits(deadline="200ms"))
            with plugin.action() as slow, pytest.raises(wardian.DeadlineExceeded):
                slow({"ms": 60_000})
        assert [line.message for line in lines] == ["Cancel callback call: deadline"]


class TestActionsAndExtensions:
    @pytest.fixture
    def hello(self, cache, c_guest):
        """The package of both actions, and the lines that they print."""
        lines = []
        with wardian.Runtime(cache=cache, on_log=lambda line: lines.append(line.message)) as runtime:
            grants = Grants(template=True)
            yield runtime.load(c_guest("hello_world"), grants=grants), lines

    def test_placeholders_are_filled_in_with_the_variables_of_the_job(self, hello):
        plugin, lines = hello
        with plugin.action(symbol="hello-world-literal") as literal, plugin.action(symbol="hello-world") as expanded:
            literal({"message": "Hello, {{ name }}"}, {"name": "World"})
            expanded({"Message": "Hello, {{ name }}"}, {"name": "World"})
            expanded({"message": "Hello, {{ name }}"}, {"name": "Eve"})
        assert lines == ["Hello, {{ name }}", "Hello, World", "Hello, Eve"]

    @pytest.mark.parametrize(("message", "kind"), [("{{ missing }}", "invalid"), ("{% id %}", "denied")])
    def test_an_unknown_variable_or_a_command_fails_the_action_and_prints_nothing(self, hello, message, kind):
        plugin, lines = hello
        with plugin.action(symbol="hello-world") as action, pytest.raises(GuestError) as refused:
            action({"message": message})
        assert (refused.value.kind, lines) == (kind, [])

    def test_one_of_the_two_actions_has_to_be_named(self, hello):
        plugin, _ = hello
        for symbol in (None, "goodbye"):
            with pytest.raises(wardian.PackageError, match="hello-world-literal"):
                plugin.action(symbol=symbol)

    def test_without_the_grant_for_templates_it_is_not_loaded(self, loaded):
        with pytest.raises(wardian.PermissionDenied) as refused:
            loaded("hello_world")
        assert refused.value.imports == ("wardian.template_expand",)

    def test_a_processor_asks_an_extension_by_the_name_that_the_operator_gave_it(self, loaded):
        with loaded("geo_extension").extension() as geo:
            plugin = loaded("locate_ip", grants=Grants(extensions=True), extensions={"my-geo": geo})
            records = [Record({"source.ip": "203.0.113.5"}, key="k"), Record({"source.ip": "5"}), Record({"a": 1})]
            with plugin.processor({"extension": "my-geo"}) as locate:
                outcomes = locate(records)
            assert outcomes[0] == [Record({"source.ip": "203.0.113.5"}, key="k", tags={"source.country": "KE"})]
            assert (outcomes[1].kind, outcomes[2]) == ("invalid", [records[2]])
            with plugin.processor() as locate, pytest.raises(GuestError) as refused:
                locate(records)  # the name by default is `geo`, and nobody has it
        assert refused.value.kind == "not_found"

    def test_an_extension_is_called_by_a_program_as_well(self, loaded):
        with loaded("geo_extension").extension() as geo:
            assert geo("locate", "192.0.2.1") == {"country": "IS", "city": "Reykjavik"}
            with pytest.raises(GuestError) as refused:
                geo("route", None)
        assert refused.value.kind == "unimplemented"
