"""Pipelines that are killed while they recover, give up, or are changed; case 2."""

from __future__ import annotations

import json
import random
from collections import Counter
from contextlib import closing

import pytest

from support.flow_children import OTHERS
from support.flows import flow_wasm
from wardian.transport.dead_letters import DeadLetters
from wardian.transport.tables import open_file

COUNT, KILLS, WINDOW = 600, 25, 7
SWAPS = {"swaps": True}
TEXT = """
version: 1
plugins: {{flow: {{source: ./flow.wasm, grants: {{state: true}}}}}}
sources: {{numbers: {{plugin: flow, config: {{count: {count}, per_poll: 10}}}}}}
steps:
  mark: {{plugin: flow, config: {{trap_on: {trap_on}}}}}
  sum: {{plugin: flow, window: {{count: {window}}}, config: {{in_state: {in_state}}}}}
sinks: {{out: {{type: file, config: {{path: ./out.jsonl}}}}}}
pipelines:
  p:
    sources: [numbers]
    steps: [{steps}]
    sinks: [out]
    batch: {{count: 10, linger: 0}}
    on_error: {{attempts: 1}}
"""


@pytest.fixture
def folder(tmp_path):
    def made(steps="mark, sum", *, trap_on=-1, in_state=0):
        folder = tmp_path / "run"
        folder.mkdir()
        (folder / "flow.wasm").write_bytes(flow_wasm())
        (folder / "wardian.yaml").write_text(
            TEXT.format(steps=steps, count=COUNT, window=WINDOW, trap_on=trap_on, in_state=in_state)
        )
        return folder

    return made


def outputs(folder):
    """What the sink has, by its keys; what has one key is the same each time."""
    found = {}
    for line in (folder / "out.jsonl").read_text().splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue  # torn by a kill; what it was comes again
        assert found.setdefault(record["meta"]["idempotency_key"], record["data"]) == record["data"]
    return found


@pytest.mark.parametrize("in_state", [0, 1])
def test_case_2_killed_again_and_again_while_it_recovers_its_windows_are_whole(children, folder, in_state):
    at, chance = folder(in_state=in_state), random.Random(2)
    for _ in range(KILLS):
        children(folder=str(at), after=chance.uniform(0, 0.02))
        for _ in range(2):  # as it opens its log, its members and its windows, and a little later
            children(folder=str(at), within=chance.uniform(0, 0.04))
    assert children(folder=str(at))["state"] == "done"
    sums = outputs(at)
    assert sum(seen for seen, _ in sums.values()) == COUNT
    assert sum(total for _, total in sums.values()) == sum(range(COUNT))
    assert Counter(seen for seen, _ in sums.values())[WINDOW] == COUNT // WINDOW


def test_case_2_killed_while_it_gives_records_up_each_is_kept_once(children, folder):
    at = folder("mark", trap_on=5)
    for _ in range(3):
        assert children(folder=str(at), point="with dead letters", nth=1)["killed"]
    assert children(folder=str(at))["state"] == "done"
    with closing(open_file(at / "p.db", "p")) as file:
        numbers = [each.value["data"] for each in DeadLetters(file).some()]
    assert numbers == [5]
    assert set(outputs(at).values()) == set(range(COUNT)) - {5}


@pytest.mark.parametrize("point", OTHERS[:2])
def test_case_2_killed_while_a_step_is_swapped_nothing_is_lost(children, folder, point):
    at, chance = folder("mark"), random.Random(point)
    killed = sum(
        children(folder=str(at), point=point, nth=chance.randrange(1, 3), **SWAPS)["killed"] for _ in range(10)
    )
    assert killed >= 3
    assert children(folder=str(at), **SWAPS)["state"] == "done"
    assert set(outputs(at).values()) == set(range(COUNT))


def test_case_2_killed_at_random_moments_while_steps_are_swapped_windows_are_whole(children, folder):
    at, chance = folder(), random.Random(3)
    for _ in range(KILLS):
        children(folder=str(at), after=chance.uniform(0, 0.03), **SWAPS)
    assert children(folder=str(at), **SWAPS)["state"] == "done"
    assert sum(total for _, total in outputs(at).values()) == sum(range(COUNT))
