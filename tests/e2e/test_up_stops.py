"""`wardian up`, told to stop, and when a plugin breaks again and again."""

import signal
import time

import pytest

from support.ups import HEAD, eventually, flow, max_of, stuck, whole


@pytest.fixture
def folder(up_folder):
    return up_folder


class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_case_24_a_signal_lets_arrive_what_is_on_its_way_and_nothing_is_lost_or_repeated(self, folder, number):
        count = 0
        for _ in range(2):
            up = folder.start()
            folder.until(count + 50)
            up.send(number)
            assert up.ended() == 0, up.text()
            assert "p: stopped" in up.text()
            count = whole(folder.records())

    def test_case_24_a_second_signal_ends_at_once_and_what_was_not_acknowledged_comes_again(self, folder):
        folder.write(flow(mark="loop_on: 30"), head=HEAD.replace("deadline: 20s", "deadline: 10m"))
        up = folder.start()
        stuck(folder)
        up.send(signal.SIGTERM)
        up.said("once more, and it ends at once")
        time.sleep(0.3)  # one that comes at once is the same wish
        began = time.monotonic()
        up.send(signal.SIGTERM)
        assert up.ended() == 130
        assert time.monotonic() - began < 20
        folder.write(flow(count=300))
        assert folder.run().returncode == 0
        assert sorted({each["data"] for each in folder.records()}) == list(range(max_of(folder) + 1))
        assert max_of(folder) >= 200

    def test_case_24_what_does_not_drain_in_its_grace_is_ended(self, folder):
        text = flow(mark="loop_on: 30", rules="grace: 200ms")
        folder.write(text, head=HEAD.replace("deadline: 20s", "deadline: 10m"))
        up = folder.start()
        stuck(folder)
        assert up.stop() == 130
        folder.write(flow(count=300))
        assert folder.run().returncode == 0
        assert sorted({each["data"] for each in folder.records()}) == list(range(max_of(folder) + 1))
        assert max_of(folder) >= 200

    def test_case_24_a_signal_while_plugins_are_compiled_ends_it_too(self, folder):
        up = folder.start(XDG_CACHE_HOME=str(folder.path / "cache"))
        (folder.path / "cache").mkdir(mode=0o700)
        time.sleep(0.3)
        up.send(signal.SIGTERM)
        assert up.ended() in (0, -signal.SIGTERM), up.text()  # the latter: while Python itself began
        assert "internal" not in up.text()

    def test_case_15_a_broken_plugin_stops_everything_where_its_policy_says_so(self, folder):
        rules = "restart: {policy: stop, threshold: 3}, on_error: {attempts: 1000, delay: 1ms, factor: 1}"
        folder.write(flow(mark="trap_on: 7", rules=rules))
        up = folder.start()
        assert up.ended() == 7
        assert "stops everything" in up.text()

    def test_case_15_a_broken_plugin_deactivates_its_pipeline_alone(self, folder):
        rules = "restart: {policy: deactivate, threshold: 3}, on_error: {attempts: 1000, delay: 1ms, factor: 1}"
        text = flow(mark="trap_on: 7", rules=rules).replace(
            "}}\npipelines: {",
            "}, b: {type: file, config: {path: ./b.jsonl}}}\npipelines: {q: {sources: [numbers], sinks: [b]}, ",
        )
        folder.write(text)
        up = folder.start()
        folder.until(20, "b.jsonl")
        eventually(lambda: folder.status()["p"]["state"] == "deactivated", "the end of the other")
        count = len(folder.records("b.jsonl"))
        folder.until(count + 20, "b.jsonl")
        assert up.stop() == 7

    def test_case_15_a_plugin_that_breaks_again_and_again_costs_less_than_a_twentieth_of_a_core(self, folder):
        folder.write(flow(mark="dies: 1", rules="queue: {count: 50}, on_error: {attempts: 1000, delay: 0s}"))
        up = folder.start()
        eventually(lambda: folder.out.exists() and folder.status()["p"]["state"] == "waiting", "the breaker")
        before = up.cpu()
        time.sleep(5)
        assert up.cpu() - before < 5 / 20
        assert up.stop() in (0, 130)
