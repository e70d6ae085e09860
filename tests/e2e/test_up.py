"""`wardian up`, as it is typed, and as it is stopped, changed and started again."""

import hashlib
import json
import re
import signal
import time
import urllib.request

import pytest

from support.commands import refuses, wardian
from support.flows import flow_wasm
from support.ups import HEAD, Folder, eventually

FLOW = """
sources: {{numbers: {{plugin: flow, config: {{count: {count}, per_poll: 5, interval: 5ms}}}}}}
steps: {{mark: {{plugin: flow, config: {{{mark}}}}}}}
sinks: {{out: {{type: file, config: {{path: ./out.jsonl}}}}}}
pipelines: {{p: {{sources: [numbers], steps: [mark], sinks: [out]{rules}}}}}
"""


def flow(count=-1, mark="", rules=""):
    return FLOW.format(count=count, mark=mark, rules=f", {rules}" if rules else "")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = Folder(tmp_path)
    made.write(flow())
    yield made
    for each in made.started:
        each.kill()


def whole(records):
    """That nothing is missing, nothing is there twice, and all is in order."""
    assert [each["data"] for each in records] == list(range(len(records)))
    return len(records)


def replace(path, content):
    """Put another file in the place of one, as a build does."""
    path.with_suffix(".new").write_bytes(content)
    path.with_suffix(".new").replace(path)


class TestEnding:
    def test_it_ends_by_itself_with_a_summary(self, folder):
        folder.write(flow(count=20))
        done = folder.run()
        assert (done.returncode, done.stdout) == (0, b"")
        assert done.stderr.decode() == "p: done: 20 records in, 20 out\n"
        assert whole(folder.records()) == 20

    def test_what_was_acknowledged_does_not_come_again(self, folder):
        folder.write(flow(count=20))
        assert [folder.run().returncode for _ in range(2)] == [0, 0]
        assert whole(folder.records()) == 20

    def test_a_poison_record_is_dead_and_the_rest_goes_through(self, folder):
        folder.write(flow(count=20, mark="trap_on: 7", rules="on_error: {delay: 10ms}"))
        done = folder.run()
        assert (done.returncode, done.stderr.decode()) == (0, "p: done: 20 records in, 19 out, 1 dead\n")

    def test_quiet_is_quiet(self, folder):
        folder.write(flow(count=5))
        done = folder.run("-q")
        assert (done.returncode, done.stderr) == (0, b"")

    def test_once_runs_what_is_scheduled_for_another_day(self, folder):
        folder.write(flow(count=5, rules="schedule: {cron: '0 0 29 2 *'}"))
        assert folder.run("--once").returncode == 0
        assert whole(folder.records()) == 5

    def test_a_pipeline_runs_each_time_that_its_schedule_says_and_goes_on_where_it_was(self, folder):
        folder.write(flow(rules="schedule: {every: 300ms, timeout: 100ms}"))
        up = folder.start()
        eventually(lambda: folder.out.exists() and folder.status()["p"]["state"] == "scheduled", "the end of a run")
        folder.until(len(folder.records()) + 20)
        eventually(lambda: folder.status()["p"]["state"] == "scheduled", "the end of another")
        assert up.stop() == 0
        whole(folder.records())

    def test_log_lines_may_be_json(self, folder):
        folder.write(flow(count=5))
        (folder.path / ".wardian" / "pipelines").mkdir(parents=True)
        (folder.path / ".wardian" / "pipelines" / "gone.db").write_text("")
        line = folder.run("--log-format", "json").stderr.splitlines()[0]
        assert line.startswith(b'{"time":')
        assert b'"pipeline":"gone"' in line.replace(b" ", b"")


class TestRefusing:
    def test_a_wrong_configuration_is_told_with_its_lines(self, folder):
        folder.write("pipelines: {p: {sources: [nobody], sinks: [out]}}")
        refuses(folder.run(), 5, "wardian.yaml:3: pipelines.p.sources")

    def test_case_26_a_second_process_on_the_same_state_is_refused(self, folder):
        up = folder.start()
        folder.until(1)
        refuses(folder.run(), 8, f"the process {up.process.pid} runs pipelines with this state", "--state")
        assert folder.run("--state", str(folder.path / "other"), "--once", "--set", "sinks.out.config.path=x.jsonl",
            "--set", "sources.numbers.config.count=5").returncode == 0  # fmt: skip
        assert up.stop() == 0

    def test_case_26_one_that_was_killed_is_followed_at_once(self, folder):
        up = folder.start()
        folder.until(10)
        up.kill()
        again = folder.start()
        folder.until(100)
        assert again.stop() == 0
        assert sorted({each["data"] for each in folder.records()}) == list(range(max_of(folder) + 1))

    def test_case_6_a_corrupt_file_stops_one_pipeline_and_is_left_as_it_is(self, folder):
        text = flow(count=20).replace(
            "}}\npipelines: {p:", "}, b: {type: file, config: {path: ./b.jsonl}}}\npipelines: {p:"
        )
        folder.write(text.rstrip().removesuffix("}") + ", q: {sources: [numbers], sinks: [b]}}\n")
        broken = folder.path / ".wardian" / "pipelines" / "p.db"
        broken.parent.mkdir(parents=True)
        broken.write_bytes(b"garbage" * 1000)
        done = folder.run()
        assert done.returncode == 8
        assert b"q: done: 20 records in, 20 out" in done.stderr
        assert b"p: failed" in done.stderr
        assert broken.read_bytes() == b"garbage" * 1000
        assert len(folder.records("b.jsonl")) == 20


def max_of(folder):
    return max(each["data"] for each in folder.records())


def stuck(folder):
    """Wait until the step of a pipeline takes no more records."""
    eventually(lambda: folder.out.exists() and folder.status()["p"]["queue_records"] > 200, "a queue")


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


class TestChanging:
    def test_case_17_on_sighup_what_has_changed_is_swapped_and_nothing_is_lost(self, folder):
        up = folder.start("--no-watch")
        folder.until(20)
        folder.write(flow(mark="twice: 1"))
        up.send(signal.SIGHUP)
        up.said("swap p: `mark` changed")
        folder.until(len(folder.records()) + 40)
        assert up.stop() == 0
        data = [each["data"] for each in folder.records()]
        assert sorted(set(data)) == list(range(max(data) + 1))
        assert data[:10] == list(range(10))
        assert data[-2] == data[-1]

    def test_case_17_a_plugin_that_was_built_anew_is_swapped_when_its_file_changes(self, folder):
        other = folder.path / "other.wasm"
        other.write_bytes(flow_wasm())
        head = HEAD.replace("plugins: {", "plugins: {other: {source: ./other.wasm, grants: {state: true}}, ")
        folder.write(flow().replace("mark: {plugin: flow", "mark: {plugin: other"), head=head)
        up = folder.start()
        folder.until(20)
        before = folder.status()["p"]["members"][1]["running"]["digest"]
        replace(other, flow_wasm() + b"\x00\x02\x01x")  # a custom section more
        up.said("swap p: `mark` changed")
        folder.until(len(folder.records()) + 40)
        after = folder.status()["p"]["members"][1]["running"]["digest"]
        assert up.stop() == 0
        assert before != after
        whole(folder.records())

    def test_case_17_a_plugin_that_is_broken_leaves_what_runs_in_its_place(self, folder):
        up = folder.start()
        folder.until(20)
        replace(folder.path / "flow.wasm", b"\0asm broken")
        up.said("restart p: `numbers`, `mark` changed: ")
        folder.until(len(folder.records()) + 20)
        replace(folder.path / "flow.wasm", flow_wasm() + b"\x00\x02\x01x")
        eventually(lambda: "restart p: `numbers`, `mark` changed logger" in up.text(), "the next version")
        folder.until(len(folder.records()) + 20)
        assert up.stop() == 0
        whole(folder.records())

    @pytest.mark.parametrize(
        "text", ["version: 1\npipelines: [", "version: 1\npipelines: {p: {sources: [x], sinks: [y]}}"]
    )
    def test_case_18_a_configuration_that_is_broken_changes_nothing(self, folder, text):
        up = folder.start()
        folder.until(20)
        good = folder.file.read_text()
        folder.file.write_text(text)
        up.said("nothing is changed")
        folder.until(len(folder.records()) + 20)
        folder.file.write_text(good)
        assert up.stop() == 0
        whole(folder.records())

    def test_case_18_what_fails_to_start_is_rolled_back_to_what_ran(self, folder):
        up = folder.start()
        folder.until(20)
        folder.write(flow(mark="refused: 1"))
        up.said("swap p: `mark` changed: ")
        folder.until(len(folder.records()) + 20)
        assert up.stop() == 0
        whole(folder.records())

    def test_case_18_a_pipeline_with_other_rules_that_cannot_start_is_started_as_it_was(self, folder):
        up = folder.start()
        folder.until(20)
        folder.write(flow(mark="refused: 1", rules="batch: {count: 7}"))
        up.said("restart p: `batch` changed: ")
        folder.until(len(folder.records()) + 20)
        assert folder.status()["p"]["state"] == "running"
        assert up.stop() == 0
        whole(folder.records())

    def test_pipelines_come_and_go_while_others_run(self, folder):
        up = folder.start()
        folder.until(20)
        two = flow().replace(
            "}}\npipelines: {",
            "}, b: {type: file, config: {path: ./b.jsonl}}}\npipelines: {q: {sources: [numbers], sinks: [b]}, ",
        )
        folder.write(two)
        folder.until(20, "b.jsonl")
        folder.write(flow())
        up.said("stop q: it is there no more")
        assert list(folder.status()) == ["p"]
        assert up.stop() == 0
        whole(folder.records())
        whole(folder.records("b.jsonl"))


def test_many_pipelines_start_together_though_all_of_their_modules_are_new(folder):
    """More of them at a time than a compiler lets wait."""
    parts = {"plugins": [], "sources": [], "steps": [], "sinks": [], "pipelines": []}
    for at in range(40):
        (folder.path / f"{at}.wasm").write_bytes(flow_wasm() + bytes([0, 3, 1, 120, at]))  # a custom section
        parts["plugins"].append(f"f{at}: {{source: ./{at}.wasm, grants: {{state: true}}}}")
        parts["sources"].append(f"in{at}: {{plugin: f{at}, config: {{count: 3}}}}")
        parts["steps"].append(f"step{at}: {{plugin: f{at}}}")
        parts["sinks"].append(f"out{at}: {{plugin: f{at}}}")
        parts["pipelines"].append(f"p{at}: {{sources: [in{at}], steps: [step{at}], sinks: [out{at}]}}")
    text = "\n".join(f"{name}: {{{', '.join(each)}}}" for name, each in parts.items())
    folder.write(text, head="version: 1\n")
    done = folder.run()
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr.decode().splitlines() == [f"p{at}: done: 3 records in, 3 out" for at in range(40)]


def test_metrics_are_served_where_they_are_asked_for(folder):
    from urllib.request import urlopen

    up = folder.start("--metrics", "0")
    up.said("/metrics")
    folder.until(10)
    place = up.text().partition("metrics are at ")[2].split()[0]
    with urlopen(place) as answer:
        text = answer.read().decode()
    assert 'wardian_records_out_total{member="numbers",pipeline="p"' in text
    assert up.stop() == 0


class TestSeeing:
    def test_traces_go_where_the_environment_says_and_each_goes_from_source_to_sink(self, folder):
        folder.write(flow(count=5))
        done = wardian("up", str(folder.file), OTEL_TRACES_EXPORTER="console")
        assert done.returncode == 0, done.stderr.decode()
        decoder, text, spans = json.JSONDecoder(), done.stdout.decode().strip(), []
        while text:
            span, end = decoder.raw_decode(text)
            spans.append(span)
            text = text[end:].strip()
        (poll,) = [each for each in spans if each["name"] == "poll numbers"]
        trace = {each["name"] for each in spans if each["context"]["trace_id"] == poll["context"]["trace_id"]}
        assert {"poll numbers", "batch p", "step mark", "sink out"} <= trace
        assert whole(folder.records()) == 5

    def test_metrics_status_and_the_log_tell_of_one_run(self, folder):
        up = folder.start("--metrics", "0", "--log-format", "json")
        up.said("metrics are at")
        address = re.search(r"http://[0-9.:]+/metrics", up.text())[0]
        folder.until(20)
        with urllib.request.urlopen(address, timeout=30) as answer:
            scraped = answer.read().decode()
        labels = 'member="mark",pipeline="p",plugin="flow",role="step"'
        count = re.search(rf"^wardian_records_out_total{{{labels}}} (\S+)$", scraped, re.MULTILINE)
        assert float(count[1]) >= 20
        digest = hashlib.sha256(flow_wasm()).hexdigest()
        assert f'digest="{digest}",{labels}' in scraped
        member = next(each for each in folder.status()["p"]["members"] if each["name"] == "mark")
        assert (member["running"]["digest"], member["counts"]["records_out"] >= float(count[1])) == (digest, True)
        assert {"time", "level", "message"} <= json.loads(up.text().splitlines()[0]).keys()
