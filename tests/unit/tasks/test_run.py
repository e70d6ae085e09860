"""Jobs one after another and beside each other."""

from __future__ import annotations

import threading
import time

import pytest

from support.jobs import job
from support.runs import run
from wardian.errors import Cancelled, GuestError, TaskFailed
from wardian.tasks.cancellation import Cancellation
from wardian.tasks.events import JobDone, JobStarted, TaskDone, TaskStarted
from wardian.tasks.run import BESIDE


def fails(params, running):
    raise GuestError("invalid", "no such luck")


def waits(params, running):
    if running.level.cancellation.wait(30):
        raise Cancelled("the call was cancelled")


def statuses(result):
    return [(each.job, each.status) for each in result.jobs]


def test_jobs_are_done_in_order_and_their_replies_are_in_the_result():
    seen = []
    actions = {"a": lambda params, running: seen.append(params["n"]) or params["n"]}
    result, error, _ = run({"t": [job(action="a", params={"n": at}) for at in range(3)]}, actions)
    assert (error, result.status, seen) == (None, "succeeded", [0, 1, 2])
    assert [(each.step, each.reply) for each in result.jobs] == [(1, 0), (2, 1), (3, 2)]


def test_everything_is_told_in_its_order():
    tasks = {"t": [job(action="a", description="first"), job(task="u")], "u": [job(action="a")]}
    result, _, told = run(tasks, {"a": lambda *_: None})
    assert [type(event).__name__ for event in told] == [
        "TaskStarted", "JobStarted", "JobDone", "JobStarted", "TaskStarted", "JobStarted", "JobDone", "TaskDone",
        "JobDone", "TaskDone",
    ]  # fmt: skip
    assert told[0] == TaskStarted("t")
    assert told[1] == JobStarted("a", 1, description="first")
    assert told[3:6] == [JobStarted("task u", 2), TaskStarted("u", 1), JobStarted("a", 1, 1)]
    assert told[-1] == TaskDone(result)


def test_the_first_failure_ends_the_task_and_names_its_step():
    tasks = {"t": [job(action="ok"), job(action="bad"), job(action="ok")]}
    result, error, _ = run(tasks, {"ok": lambda *_: None, "bad": fails})
    assert str(error) == "task `t` returned an error on step 2: [invalid] no such luck"
    assert isinstance(error, TaskFailed)
    assert (error.task, error.step, error.result) == ("t", 2, result)
    assert isinstance(error.__cause__, GuestError)
    assert statuses(result) == [("ok", "succeeded"), ("bad", "failed")]
    assert result.status == "failed"


def test_a_failure_within_a_task_and_a_mixin_names_each_step_on_the_way():
    tasks = {"t": [job(action="ok"), job(task="u")], "u": [job(mixin="m")]}
    result, error, _ = run(
        tasks, {"ok": lambda *_: None, "bad": fails}, mixins={"m": [job(action="ok"), job(action="bad")]}
    )
    assert str(error) == (
        "task `t` returned an error on step 2: task `u` returned an error on step 1: mixin `m`, step 2: "
        "[invalid] no such luck"
    )
    (within,) = result.jobs[1].jobs
    assert statuses(within) == [("ok", "succeeded"), ("bad", "failed")]


def test_an_asynchronous_job_runs_beside_the_next_one():
    met = threading.Barrier(2)
    tasks = {"t": [job(action="meet", async_=True), job(action="meet")]}
    result, error, _ = run(tasks, {"meet": lambda *_: met.wait(30)})
    assert error is None
    assert statuses(result) == [("meet", "succeeded")] * 2


def test_a_task_waits_for_its_asynchronous_jobs():
    done = []
    tasks = {"t": [job(action="slow", async_=True), job(action="fast")]}
    actions = {"slow": lambda *_: (time.sleep(0.1), done.append("slow")), "fast": lambda *_: done.append("fast")}
    result, _, told = run(tasks, actions)
    assert done == ["fast", "slow"]
    assert [each.step for each in result.jobs] == [1, 2]
    assert isinstance(told[-1], TaskDone)


def test_the_failure_of_an_asynchronous_job_is_the_tasks_own():
    begun = threading.Event()

    def bad(params, running):
        begun.wait(30)
        fails(params, running)

    def begins(params, running):
        begun.set()
        waits(params, running)

    tasks = {"t": [job(action="bad", async_=True), job(action="waits")]}
    result, error, _ = run(tasks, {"bad": bad, "waits": begins})
    assert str(error) == "task `t` returned an error on step 1: [invalid] no such luck"
    assert statuses(result) == [("bad", "failed"), ("waits", "cancelled")]


def test_a_failure_ends_the_asynchronous_jobs_beside_it():
    begun = threading.Event()

    def begins(params, running):
        begun.set()
        waits(params, running)

    def bad(params, running):
        begun.wait(30)
        fails(params, running)

    tasks = {"t": [job(action="begins", async_=True), job(action="bad"), job(action="never")]}
    result, error, _ = run(tasks, {"begins": begins, "bad": bad})
    assert error.step == 2
    assert statuses(result) == [("begins", "cancelled"), ("bad", "failed")]


def test_a_run_that_is_cancelled_ends_every_job_and_begins_none():
    cancellation = Cancellation()
    begun = threading.Barrier(3, action=cancellation.cancel)

    def begins(params, running):
        begun.wait(30)
        waits(params, running)

    tasks = {"t": [job(action="b", async_=True), job(task="u", async_=True), job(action="b"), job(action="never")]}
    tasks["u"] = [job(action="b"), job(action="never")]
    result, error, told = run(tasks, {"b": begins}, cancellation=cancellation)
    assert type(error) is Cancelled
    assert result.status == "cancelled"
    assert statuses(result) == [("b", "cancelled"), ("task u", "cancelled"), ("b", "cancelled")]
    assert statuses(result.jobs[1]) == [("b", "cancelled")]
    assert not [event for event in told.of(JobStarted) if event.job == "never"]


def test_a_run_that_was_cancelled_before_it_began_does_nothing():
    cancellation = Cancellation()
    cancellation.cancel()
    result, error, _ = run({"t": [job(action="never")]}, {}, cancellation=cancellation)
    assert isinstance(error, Cancelled)
    assert (result.status, result.jobs) == ("cancelled", ())


def test_ten_thousand_jobs_are_done():
    count = []
    tasks = {"t": [job(action="a", params={"n": at}) for at in range(10_000)]}
    result, error, _ = run(tasks, {"a": lambda params, _: count.append(params["n"])})
    assert error is None
    assert count == list(range(10_000))
    assert len(result.jobs) == 10_000


def test_a_thousand_asynchronous_jobs_run_on_few_threads():
    most, lock = [0], threading.Lock()

    def counts(params, running):
        with lock:
            most[0] = max(most[0], sum(thread.name.startswith("wardian-job") for thread in threading.enumerate()))
        time.sleep(0.001)

    tasks = {"t": [job(action="a", async_=True) for _ in range(1000)]}
    result, error, _ = run(tasks, {"a": counts})
    assert error is None
    assert {each.status for each in result.jobs} == {"succeeded"}
    assert 1 < most[0] <= BESIDE


def test_asynchronous_tasks_in_each_other_never_wait_for_a_thread_that_cannot_come():
    done, lock = [], threading.Lock()

    def count(*_):
        with lock:
            done.append(1)

    tasks = {f"t{at}": [job(task=f"t{at + 1}", async_=True) for _ in range(4)] for at in range(5)}
    tasks["t5"] = [job(action="a", async_=True)]
    _, error, _ = run(tasks, {"a": count})
    assert error is None
    assert len(done) == 4**5


def test_what_a_listener_raises_is_raised_once_nothing_runs_any_more():
    ended = threading.Event()

    def listener(event):
        if isinstance(event, JobDone) and event.result.job == "ok":
            raise BrokenPipeError("nobody listens")

    def until_the_end(params, running):
        running.level.cancellation.wait(30)
        ended.set()

    tasks = {"t": [job(action="long", async_=True), job(action="ok")]}
    with pytest.raises(BrokenPipeError):
        run(tasks, {"ok": lambda *_: None, "long": until_the_end}, tell=listener)
    assert ended.is_set()


def test_ctrl_c_ends_the_asynchronous_jobs_and_goes_on_up():
    ended = threading.Event()

    def until_the_end(params, running):
        running.level.cancellation.wait(30)
        ended.set()

    def interrupts(*_):
        raise KeyboardInterrupt

    tasks = {"t": [job(action="long", async_=True), job(action="stop")]}
    with pytest.raises(KeyboardInterrupt):
        run(tasks, {"long": until_the_end, "stop": interrupts})
    assert ended.is_set()
