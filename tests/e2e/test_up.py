"""`wardian up`, as it is typed."""

import subprocess

import pytest

from support.commands import command, refuses
from support.flows import flow_wasm
from support.ups import SECONDS, eventually, flow, max_of, whole


@pytest.fixture
def folder(up_folder):
    return up_folder


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

    def test_where_nobody_reads_what_it_prints_it_ends_and_that_is_no_fault_of_its_own(self, folder):
        folder.write(flow().replace("{type: file, config: {path: ./out.jsonl}}", "{type: stdio}"))
        with subprocess.Popen(
            command("up", folder.file), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout.readline().startswith('{"data": 0')
            process.stdout.close()
            said = process.stderr.read()
            assert process.wait(SECONDS) == 141
        assert "nobody reads what is written any more" in said
        assert "fault" not in said

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
