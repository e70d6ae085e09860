"""What a task comes to is known before any of it runs."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.jobs import job
from wardian.errors import ConfigError
from wardian.tasks.plan import DEPTH, JOBS, Plan, plan


def problems(name, tasks, mixins=None):
    with pytest.raises(ConfigError) as caught:
        plan(name, tasks, mixins or {})
    return caught.value.problems


def test_a_plan_has_the_actions_of_all_tasks_and_mixins_that_it_leads_to_each_once():
    tasks = {
        "all": (job(mixin="pair"), job(task="one"), job(action="c")),
        "one": (job(action="b"), job(action="d")),
        "other": (job(action="never"),),
    }
    assert plan("all", tasks, {"pair": (job(action="a"), job(action="b"))}) == Plan("all", ("a", "b", "d", "c"), 7)


def test_a_task_that_is_not_there_is_refused_with_what_there_is():
    with pytest.raises(ConfigError, match="there is no task `biuld`") as caught:
        plan("biuld", {"build": (job(action="a"),), "test": (job(action="a"),)}, {})
    assert caught.value.hint == "did you mean `build`? there are: build, test"


def chain(length):
    return {f"t{at}": (job(task=f"t{at + 1}"),) for at in range(length)} | {f"t{length}": (job(action="a"),)}


def test_nesting_is_bounded():
    assert plan("t0", chain(DEPTH - 1), {}).jobs == DEPTH
    assert problems("t0", chain(DEPTH)) == (f"tasks.t0: its tasks and mixins are nested deeper than {DEPTH}",)


def test_a_chain_of_ten_thousand_tasks_is_refused_and_overflows_nothing():
    assert re.search("nested deeper", problems("t0", chain(10_000))[0])


def test_mixins_that_multiply_are_counted_without_being_walked():
    mixins = {f"m{at}": (job(mixin=f"m{at + 1}"),) * 10 for at in range(20)} | {"m20": (job(action="a"),)}
    start = time.monotonic()
    (said,) = problems("bomb", {"bomb": (job(mixin="m0"),)}, mixins)
    assert re.fullmatch(rf"tasks\.bomb: it comes to \d{{21}} jobs, and at most {JOBS} are run", said)
    assert time.monotonic() - start < 5


def test_ten_thousand_jobs_are_a_plan():
    assert plan("many", {"many": tuple(job(action=f"a{at}") for at in range(10_000))}, {}).jobs == 10_000


@given(st.integers(1, 6), st.data())
def test_a_plan_counts_what_a_walk_would_do(size, data):
    below = {at: st.lists(st.sampled_from([-1, *range(at)]), min_size=1, max_size=3) for at in range(size)}
    graph = {at: data.draw(each) for at, each in below.items()}
    tasks = {
        f"t{at}": tuple(job(action=f"a{at}") if each < 0 else job(task=f"t{each}") for each in jobs)
        for at, jobs in graph.items()
    }

    def walk(at):
        return sum(1 if each < 0 else 1 + walk(each) for each in graph[at])

    for at in graph:
        assert plan(f"t{at}", tasks, {}).jobs == walk(at)
