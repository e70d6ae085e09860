"""What a pipeline promises of the records that go through it."""

from __future__ import annotations

import pytest

from support.flows import Capture, Flow

TEXT = """
version: 1
plugins: {{flow: {{source: ./flow.wasm, grants: {{state: true}}}}}}
sources: {{numbers: {{plugin: flow, config: {{count: {count}, keys: {keys}, per_poll: 7}}}}}}
steps:
  mark: {{plugin: flow, config: {{{mark}}}}}
sinks: {{out: {{plugin: flow}}}}
pipelines:
  p: {{sources: [numbers], steps: [mark], sinks: [out], on_error: {{delay: 10ms}}, delivery: at_most_once, {rules}}}
"""


@pytest.fixture
def flow(runtime, tmp_path):
    def made(count=20, keys=0, mark="", rules="batch: {linger: 0}", **captures):
        captures = captures or {"out": Capture()}
        return Flow(runtime, TEXT.format(count=count, keys=keys, mark=mark, rules=rules), tmp_path, **captures)

    return made


def test_records_go_from_the_source_through_the_steps_into_the_sink_in_order(flow):
    made = flow().all()
    assert made.run.state == "done"
    assert made.captures["out"].data() == list(range(20))
    assert made.captures["out"].keys() == [f"p/numbers/{at}/0" for at in range(1, 21)]


def test_bad_records_alone_are_dead_and_the_good_ones_go_on(flow):
    made = flow(mark="trap_on: 3, loop_on: 5, broken_on: 11").all()
    assert sorted(made.captures["out"].data()) == [at for at in range(20) if at not in (3, 5, 11)]
    assert [(each.value["data"], each.code, each.attempts) for each in made.log.dead] == [
        (3, "unreachable", 3), (5, "deadline_exceeded", 3), (11, "bad_cbor", 3),
    ]  # fmt: skip
