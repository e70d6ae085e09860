"""Uses of one plugin: configuration in layers, state, instances and cancellation of their own."""

import gc
import threading
import warnings

import pytest

from support.canned import ECHOES, SPINS, Does, Each, Fails, canned
from support.packages import described
from support.wat import wasm_of
from wardian import (
    Cancelled,
    ConfigError,
    Grants,
    Limits,
    PackageError,
    Record,
    RequestTooLarge,
    Runtime,
)

WORDS = {
    "kind": "extension",
    "name": "words",
    "config": {
        "defaults": {"least": 1, "of": {"a": 1, "b": 2}},
        "sections": {"strict": {"least": 3, "of": {"b": 3}}, "loose": {}},
    },
}
OPENED = {"plugin_open": None, "extension_call": Does(ECHOES)}


@pytest.fixture
def told(runtime):
    """Loads a guest that tells what `plugin_open` was asked; gives the plugin, and what it told."""

    def loaded(*symbols, **more):
        told = []
        wasm = canned(OPENED, *symbols, tells=("plugin_open",))
        return runtime.load(wasm, functions={"told_plugin_open": told.append}, **more), told

    return loaded


@pytest.fixture
def counter(runtime, guest):
    """Loads the guest that counts in its state, with a function `add` under a name that a kind has."""

    def loaded(*symbols, **more):
        text = guest("remembers").read_text().replace('"add")', '"extension_call")')
        return runtime.load(described(wasm_of(text), *symbols), grants=Grants(state=True), name="counter", **more)

    return loaded


class TestConfiguration:
    def test_defaults_come_first_then_the_section_then_load_then_the_layers(self, told):
        plugin, opened = told(WORDS, config={"least": 5, "loaded": True})
        with plugin.extension([{"least": 7, "of": {"c": 4}}, {"least": 9}], section="strict") as use:
            merged = {"least": 9, "of": {"a": 1, "b": 3, "c": 4}, "loaded": True}
            assert use.config == opened[0]["config"] == merged
        assert opened[0]["layers"] == [
            WORDS["config"]["defaults"], WORDS["config"]["sections"]["strict"], {"least": 5, "loaded": True},
            {"least": 7, "of": {"c": 4}}, {"least": 9},
        ]  # fmt: skip

    def test_without_any_the_defaults_are_used_also_by_a_call(self, told):
        plugin, opened = told(WORDS)
        with plugin.extension():
            plugin.call("extension_call")
        assert [each["config"] for each in opened] == [WORDS["config"]["defaults"]] * 2
        assert [each["layers"] for each in opened] == [[WORDS["config"]["defaults"]]] * 2

    def test_a_section_that_is_not_there_is_refused_with_those_that_are(self, told):
        plugin, opened = told(WORDS)
        with pytest.raises(ConfigError, match="there is no section `strickt`") as raised:
            plugin.extension(section="strickt")
        assert raised.value.hint == "there are: strict, loose"
        assert opened == []

    @pytest.mark.parametrize("wrong", ["text", 5, [1], [{}, None], {1: 2}, [{"a": 1}, {None: 1}]])
    def test_a_configuration_is_a_map_or_maps(self, told, wrong):
        plugin, opened = told(WORDS)
        with pytest.raises(ConfigError):
            plugin.extension(wrong)
        assert opened == []

    def test_a_plugin_that_cannot_be_told_is_given_no_configuration(self, runtime):
        plugin = runtime.load(canned({"extension_call": None}, WORDS))
        with plugin.extension():  # its own defaults are no reason to refuse it
            pass
        with pytest.raises(ConfigError, match="this plugin takes no configuration"):
            plugin.extension({"a": 1})

    def test_a_wrong_configuration_fails_the_use_and_no_other(self, runtime):
        replies = {"plugin_open": Fails("config", "`interval` is abc"), "extension_call": None}
        plugin = runtime.load(canned(replies, "extension one"))
        for _ in range(2):
            with pytest.raises(ConfigError, match="`interval` is abc"):
                plugin.extension({"interval": "abc"})
        assert plugin.manifest.symbols[0].name == "one"

    def test_check_asks_an_instance_that_is_not_opened_and_tells_it_its_symbol(self, runtime):
        told = []
        replies = {
            "plugin_open": Fails("config"),
            "plugin_check": [[3, "`a` is old"], [4, "b"]],
            "extension_call": None,
        }
        wasm = canned(replies, WORDS, "extension two", tells=("plugin_check",))
        plugin = runtime.load(wasm, functions={"told_plugin_check": told.append})
        assert plugin.check({"a": 1}, symbol="words") == [("warn", "`a` is old"), ("error", "b")]
        assert told[0]["config"] == {"least": 1, "of": {"a": 1, "b": 2}, "a": 1}
        assert (told[0]["context"]["symbol"], told[0]["layers"][1]) == ("words", {"a": 1})

    @pytest.mark.parametrize("remarks", [None, [1], [[9, "x"]], [[1]], [["warn", "x"]], {"a": 1}])
    def test_a_check_of_another_shape_breaks_the_rules(self, runtime, remarks):
        plugin = runtime.load(canned({"plugin_check": remarks, "extension_call": None}))
        with plugin.extension() as use, pytest.raises(Exception, match="the reply is wrong at") as raised:
            use.check()
        assert raised.value.code == "bad_reply"

    @pytest.mark.parametrize("answer", [5, {"interval_ms": 0}, {"interval_ms": "1s"}, {"other": 1}])
    def test_an_answer_to_being_opened_of_another_shape_fails_a_source(self, runtime, answer):
        plugin = runtime.load(canned({"plugin_open": answer, "source_poll": None}, "source one"))
        with pytest.raises(Exception, match="the reply is wrong at") as raised:
            plugin.source()
        assert (raised.value.code, raised.value.where[-11:]) == ("bad_reply", "plugin_open")


class TestState:
    def test_two_uses_count_for_themselves(self, counter):
        plugin = counter("extension one", "extension two")
        with plugin.extension(symbol="one") as one, plugin.extension(symbol="one", instance="b") as other:
            assert [one("m"), one("m"), other("m"), one("m")] == [1, 2, 1, 3]
            with plugin.extension(symbol="two") as two:
                assert two("m") == 1

    def test_a_second_open_use_of_the_same_state_is_refused(self, counter):
        plugin = counter("extension one")
        with plugin.extension() as first:
            with pytest.raises(ConfigError, match="another use of `one` keeps its state as the instance `default`"):
                plugin.extension()
            with pytest.raises(ConfigError):
                counter("extension one").extension()
            assert first("m") == 1
        with plugin.extension() as again:
            assert again("m") == 2

    def test_a_use_that_did_not_open_keeps_nobody_from_its_state(self, counter):
        plugin = counter("extension one")
        for _ in range(2):
            with pytest.raises(ConfigError, match="takes no configuration"):
                plugin.extension({"a": 1})
        with plugin.extension() as use:
            assert use("m") == 1

    def test_without_state_any_number_of_uses_may_be_alike(self, told):
        plugin, opened = told("extension one")
        with plugin.extension(), plugin.extension():
            assert len(opened) == 2

    def test_what_broke_the_rules_leaves_state_as_it_was(self, runtime, guest):
        text = guest("remembers").read_text().replace('"add")', '"sink_write")')
        plugin = runtime.load(described(wasm_of(text), "sink one"), grants=Grants(state=True), name="keeps")
        with plugin.sink() as sink:
            for _ in range(3):
                with pytest.raises(Exception, match="expected a list of 1 outcomes, got 1"):
                    sink.write([Record(1)])


class TestLives:
    def test_closing_a_plugin_closes_its_uses_and_closing_a_use_no_other(self, told):
        plugin, _ = told("extension one")
        one, two = plugin.extension(), plugin.extension()
        one.close()
        one.close()
        assert (one.closed, two("m")["method"]) == (True, "m")
        with pytest.raises(Cancelled):
            one("m")
        plugin.close()
        assert two.closed
        with pytest.raises(Cancelled, match="is closed"):
            plugin.extension()

    def test_closing_a_runtime_closes_uses(self, cache):
        with Runtime(cache=cache) as runtime:
            use = runtime.load(canned(OPENED)).extension()
        assert use.closed
        assert repr(use).endswith(": closed>")

    def test_a_use_that_is_forgotten_warns(self, told):
        plugin, _ = told("extension one")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            use = plugin.extension()
            text = repr(use)
            del use
            gc.collect()
        (warning,) = [each for each in caught if each.category is ResourceWarning]
        assert str(warning.message) == f"{text} was not closed"

    def test_what_a_use_is_can_be_seen(self, told):
        plugin, _ = told("extension one", name="words")
        with plugin.extension(instance="mine") as use:
            assert repr(use) == "<Extension words:one/mine: 1 of 1 instances, 0 in use>"
            assert (use.kind, use.symbol, use.instance, use.metrics()) == ("extension", "one", "mine", {})

    @pytest.mark.parametrize("instance", ["", "a\nb", "x" * 201, 5])
    def test_the_name_of_a_use_is_a_name(self, told, instance):
        plugin, opened = told("extension one")
        with pytest.raises(ConfigError):
            plugin.extension(instance=instance)
        assert opened == []

    def test_cancel_ends_the_calls_of_one_use_and_of_a_plugin_those_of_all(self, runtime):
        wasm = canned({"extension_call": Does(SPINS)}, "extension one")
        plugin = runtime.load(wasm, limits=Limits(deadline="60s"))
        ended = []

        def call(name, use):
            with pytest.raises(Cancelled):
                use("m")
            ended.append(name)

        with plugin.extension(instance="one") as one, plugin.extension(instance="two") as two:
            threads = {
                name: threading.Thread(target=call, args=(name, use)) for name, use in (("one", one), ("two", two))
            }
            for thread in threads.values():
                thread.start()
            while not one.cancel():
                threads["one"].join(0.01)
            threads["one"].join()
            assert ended == ["one"]
            assert threads["two"].is_alive()
            while threads["two"].is_alive():
                plugin.cancel()
                threads["two"].join(0.01)
        assert ended == ["one", "two"]

    def test_threads_share_a_use_up_to_its_instances(self, runtime):
        plugin = runtime.load(canned({"extension_call": Does(ECHOES)}, "extension one"), instances=3)
        wrong = []

        def work(number):
            wrong.extend(turn for turn in range(100) if use("m", [number, turn])["argument"] != [number, turn])

        with plugin.extension() as use:
            threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert "of 3 instances" in repr(use)
        assert wrong == []

    def test_what_the_next_call_needs_is_on_one_instance(self, runtime):
        plugin = runtime.load(canned({"aggregator_add": None, "sink_write": None, "source_poll": None}), instances=3)
        with plugin.aggregator() as aggregator, plugin.sink() as sink, plugin.source() as source:
            for use in (aggregator, sink, source):
                assert "1 of 1 instances" in repr(use)

    def test_each_call_has_a_fresh_instance_where_that_was_asked_for(self, runtime):
        plugin = runtime.load(canned({"extension_call": Each((1, 2))}), fresh=True)
        with plugin.extension() as use:
            assert [use("m"), use("m")] == [1, 1]


class TestBatches:
    @pytest.mark.parametrize("limits", [Limits(request=200), Limits(items=40)])
    def test_more_than_a_request_may_hold_is_given_in_several(self, runtime, limits):
        told = []
        wasm = canned({"aggregator_add": None}, tells=("aggregator_add",))
        plugin = runtime.load(wasm, limits=limits, functions={"told_aggregator_add": told.append})
        with plugin.aggregator() as aggregator:
            aggregator.add(Record(number) for number in range(100))
        assert [each["data"] for request in told for each in request["records"]] == list(range(100))
        assert len(told) > 3

    def test_one_record_that_is_too_large_is_refused_before_anything_is_done(self, runtime):
        told = []
        wasm = canned({"sink_write": None}, tells=("sink_write",))
        limits = Limits(request=200)
        plugin = runtime.load(wasm, limits=limits, functions={"told_sink_write": told.append})
        with plugin.sink() as sink, pytest.raises(RequestTooLarge):
            sink.write([*(Record(number) for number in range(50)), Record("x" * 200)])
        assert told == []

    def test_what_is_no_record_is_refused(self, runtime):
        sink = runtime.load(canned({"sink_write": None})).sink()
        with sink, pytest.raises(TypeError, match="expected records, got dict"):
            sink.write([{"data": 1}])


def test_a_program_that_reads_standard_input_is_used_by_its_description(runtime):
    text = """(module (memory (export "memory") 1)
      (func (export "_start")))"""
    plugin = runtime.load(described(wasm_of(text), "extension one", transport="command"))
    with plugin.extension() as extension:
        assert extension("m", 1) is None
        assert "a fresh instance for each call" in repr(extension)
    with pytest.raises(PackageError, match="it is no Wardian plugin"):
        runtime.load(described(wasm_of(text), "extension one"))
