"""`wardian.engine.status`: what an engine does, as plain data."""

from __future__ import annotations

import json

from support.statuses import counters, status
from wardian.engine.status import MemberStatus, PipelineStatus


def test_a_status_is_plain_data_that_json_holds():
    plain = status().as_dict()
    assert json.loads(json.dumps(plain, allow_nan=False))["pid"] == 42
    assert [each["name"] for each in plain["pipelines"]] == ["words", "broken"]


def test_a_member_says_which_version_really_runs_and_all_that_it_did():
    count = status().as_dict()["pipelines"][0]["members"][1]
    assert count["running"] == {"version": "1.2.0", "digest": "ab" * 32}
    assert {name: count["counts"][name] for name in ("failed", "dropped", "retried", "dead", "restarts", "memory")} == {
        "failed": 3, "dropped": 1, "retried": 2, "dead": 1, "restarts": 2, "memory": 131_072,
    }  # fmt: skip


def test_a_latency_has_quantiles_and_the_buckets_that_are_not_empty():
    latency = status().as_dict()["pipelines"][0]["members"][0]["counts"]["latency"]
    assert latency["count"] == 40
    assert (latency["p50"], latency["p99"]) == (0.001, 0.001)
    assert latency["buckets"] == {"0.001": 40}


def test_a_latency_beyond_all_bounds_is_told_without_infinity():
    slow = counters()
    slow.latency.observe(1_000.0)
    pipeline = PipelineStatus(name="p", state="running", members=(
        MemberStatus(name="m", role="sink", counts=slow.snapshot()), MemberStatus(name="idle", role="sink"),
    ))  # fmt: skip
    first, idle = status(pipelines=(pipeline,)).as_dict()["pipelines"][0]["members"]
    assert (first["counts"]["latency"]["p50"], first["counts"]["latency"]["buckets"]) == ("more", {"more": 1})
    assert idle["counts"]["latency"]["p50"] is None
