"""`wardian up` while its files change."""

import signal

import pytest

from support.flows import flow_wasm
from support.ups import HEAD, eventually, flow, replace, whole


@pytest.fixture
def folder(up_folder):
    return up_folder


class TestChanging:
    def test_case_17_on_sighup_what_has_changed_is_swapped_and_nothing_is_lost(self, folder):
        up = folder.start("--no-watch")
        folder.until(20)
        folder.write(flow(mark="twice: 1"))
        up.send(signal.SIGHUP)
        up.said("p: swap: `mark` changed")
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
        up.said("p: swap: `mark` changed")
        folder.until(len(folder.records()) + 40)
        after = folder.status()["p"]["members"][1]["running"]["digest"]
        assert up.stop() == 0
        assert before != after
        whole(folder.records())

    def test_case_17_a_plugin_that_is_broken_leaves_what_runs_in_its_place(self, folder):
        up = folder.start()
        folder.until(20)
        replace(folder.path / "flow.wasm", b"\0asm broken")
        up.said("p: cannot restart, and goes on as before: ")
        folder.until(len(folder.records()) + 20)
        replace(folder.path / "flow.wasm", flow_wasm() + b"\x00\x02\x01x")
        eventually(lambda: "p: restart: `numbers`, `mark` changed" in up.text(), "the next version")
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
        up.said("p: cannot swap, and goes on as before: ")
        folder.until(len(folder.records()) + 20)
        assert up.stop() == 0
        whole(folder.records())

    def test_case_18_a_pipeline_with_other_rules_that_cannot_start_is_started_as_it_was(self, folder):
        up = folder.start()
        folder.until(20)
        folder.write(flow(mark="refused: 1", rules="batch: {count: 7}"))
        up.said("p: cannot restart, and goes on as before: ")
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
        up.said("q: stop: it is there no more")
        assert list(folder.status()) == ["p"]
        assert up.stop() == 0
        whole(folder.records())
        whole(folder.records("b.jsonl"))
