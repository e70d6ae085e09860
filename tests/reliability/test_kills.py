"""A pipeline that is killed loses nothing: cases 1 and 12 of the catalogue of faults."""

from __future__ import annotations

import contextlib
import json
import random
import sqlite3
from collections import Counter

import pytest

from support.flow_children import POINTS
from support.flows import flow_wasm
from wardian.state.sqlite import SqliteStore

KEYS, BATCH = 5, 10
TEXT = """
version: 1
plugins: {{flow: {{source: ./flow.wasm, grants: {{state: true}}}}}}
sources: {{numbers: {{plugin: flow, config: {{count: {count}, keys: {keys}, per_poll: {batch}}}}}}}
steps: {{mark: {{plugin: flow, config: {{counts: 1}}}}}}
sinks: {{out: {{type: file, config: {{path: ./out.jsonl}}}}}}
pipelines:
  p: {{sources: [numbers], steps: [mark], sinks: [out], batch: {{count: {batch}, linger: 0}}, state: {state}, interval: {interval}}}
"""  # noqa: E501


@pytest.fixture
def folder(tmp_path):
    def made(count, *, batch=BATCH, state="write_through", interval="10s"):
        folder = tmp_path / "run"
        folder.mkdir()
        (folder / "flow.wasm").write_bytes(flow_wasm())
        (folder / "wardian.yaml").write_text(
            TEXT.format(count=count, keys=KEYS, batch=batch, state=state, interval=interval)
        )
        return folder

    return made


def outcome(folder, count, *, most):
    """Lost, duplicated and all outputs; each output of one input says the same, and the state is as of one run."""
    outputs, keys = Counter(), {}
    for line in (folder / "out.jsonl").read_text().splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue  # torn by a kill; what it was comes again
        number, total = record["data"]
        assert total == number // KEYS + 1  # as many of its key as came before it, whatever was killed
        outputs[number] += 1
        assert keys.setdefault(record["meta"]["idempotency_key"], number) == number
    lost = [number for number in range(count) if number not in outputs]
    duplicated = sum(times - 1 for times in outputs.values())
    assert lost == []
    assert set(outputs) == set(range(count))
    assert duplicated <= most
    assert len(keys) == count  # by its key a sink tells what it has already
    with SqliteStore(folder / "p.db") as store:
        (usage,) = [usage for usage in store.scopes() if usage.scope.instance == "p/mark"]
    assert usage.keys == KEYS
    return len(lost), duplicated, sum(outputs.values())


@pytest.mark.parametrize("point", POINTS)
def test_case_1_nothing_is_lost_at_any_point_and_state_is_as_of_one_run(children, folder, point, shared_folder):
    count, kills = 120, 20
    at = folder(count)
    chance = random.Random(point)
    killed = 0
    for seed in range(kills):
        killed += children(folder=str(at), point=point, nth=1 + (chance.randrange(4) if seed % 2 else 0))["killed"]
    end = children(folder=str(at))
    assert (end["killed"], end["state"]) == (False, "done")
    assert killed >= 2
    lost, duplicated, total = outcome(at, count, most=killed * BATCH)
    print(f"{point}: {killed} kills, lost {lost}, duplicated {duplicated}, total {total}")


@pytest.mark.parametrize("state", ["write_through", "checkpoint"])
def test_case_1_killed_at_random_moments_of_20_000_records(children, folder, state):
    count, batch, kills = 20_000, 20, 100
    at = folder(count, batch=batch, state=state, interval="20ms")
    chance = random.Random(state)
    for _ in range(kills):
        # So short that a hundred lives do not come to the end, on whatever machine: a batch takes 3 ms.
        assert children(folder=str(at), after=chance.uniform(0, 0.02))["killed"]
    assert acknowledged(at) < count
    end = children(folder=str(at))
    assert end["state"] == "done"
    most = kills * (batch if state == "write_through" else count)
    lost, duplicated, total = outcome(at, count, most=most)
    print(f"{state}: {kills} kills, lost {lost}, duplicated {duplicated}, total {total}")


def acknowledged(folder):
    """How many records are."""
    if not (folder / "p.db").exists():
        return 0
    with contextlib.closing(sqlite3.connect(folder / "p.db")) as database:
        rows = database.execute("SELECT cursor FROM pipeline").fetchall()
    return rows[0][0] if rows else 0
