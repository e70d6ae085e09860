"""`wardian.engine.keeper`: one pipeline, as its schedule says."""

import dataclasses
import threading

import pytest

from support.pretend_runs import Run
from wardian.engine.keeper import Keeper, Means
from wardian.errors import GuestError, PackageError, StateError, Trap
from wardian.pipeline.counters import Counters

SECONDS = 60


@pytest.fixture
def keep(pipelines):
    """Starts a keeper with these rules; `.runs` has the runs that it made, `.made` counts them for who waits."""
    keepers = []

    def started(rules="", *, make=None, start=True, **more):
        text = f"pipelines: {{a: {{sources: [timer], sinks: [lines]{', ' if rules else ''}{rules}}}}}"
        runs, made = [], threading.Semaphore(0)

        def one():
            run = make() if make else Run("a", makeup.plan.members)
            runs.append(run)
            made.release()
            return run

        makeup = pipelines.read(text)["a"]
        keeper = Keeper(Means(makeup, one, lambda names: dict.fromkeys(names, "use"), lambda: None), **more)
        keeper.runs, keeper.made = runs, made
        keepers.append(keeper)
        if start:
            keeper.start()
        return keeper

    yield started
    for each in keepers:
        each.end()
        each.stop(0.0)


def fails(error):
    def make(*_):
        raise error

    return make


class TestWithoutASchedule:
    def test_it_runs_until_its_run_is_done(self, keep):
        keeper = keep()
        assert keeper.settle() is None
        assert (keeper.state, keeper.over, keeper.backlog()) == ("running", False, (3, 30))
        assert set(keeper.counters) == {"timer", "lines"}
        keeper.runs[0].finish()
        assert keeper.wait(SECONDS)
        assert (keeper.state, keeper.error, len(keeper.runs)) == ("done", None, 1)

    def test_what_cannot_be_opened_is_failed_with_its_error(self, keep):
        error = StateError("broken", code="state_corrupt")
        keeper = keep(make=fails(error))
        assert keeper.settle() is error
        assert keeper.wait(SECONDS)
        assert (keeper.state, keeper.error, keeper.counters, keeper.backlog()) == ("failed", error, {}, (0, 0))

    def test_a_fault_of_our_own_is_one_pipelines_failure(self, keep):
        keeper = keep(make=fails(ZeroDivisionError("x")))
        assert "internal error: ZeroDivisionError: x" in str(keeper.settle())

    def test_while_it_is_opened_it_is_in_the_gate_and_who_is_stopped_before_is_not_opened(self, keep):
        gate = threading.BoundedSemaphore(1)
        gate.acquire()
        keeper = keep(gate=gate)
        assert not keeper._settled.wait(0.05)
        stopping = threading.Thread(target=keeper.stop)
        stopping.start()
        keeper._told.wait(SECONDS)
        gate.release()
        stopping.join(SECONDS)
        assert (keeper.over, keeper.state, keeper.runs) == (True, "stopped", [])

    def test_a_run_that_fails_later_has_its_error(self, keep):
        keeper, error = keep(), Trap("x")
        keeper.settle()
        keeper.runs[0].finish("failed", error)
        assert keeper.wait(SECONDS)
        assert (keeper.state, keeper.error, keeper.settle()) == ("failed", error, None)

    def test_it_is_told_once_that_it_is_over(self, keep):
        told = []
        keeper = keep(over=told.append)
        assert keeper.stop()
        keeper._thread.join(SECONDS)
        assert told == [keeper]


class TestStopping:
    def test_a_run_is_drained(self, keep):
        keeper = keep()
        keeper.settle()
        assert keeper.backlog() == (3, 30)
        assert keeper.stop()
        assert (keeper.over, keeper.state, keeper.failure, keeper.backlog()) == (True, "stopped", None, (3, 30))

    def test_one_that_had_to_be_ended_was_not(self, keep):
        keeper = keep()
        keeper.settle()
        keeper.runs[0].drains = False
        assert not keeper.stop()

    def test_one_that_was_never_started_is_over(self, keep):
        keeper = keep(start=False)
        assert keeper.stop()
        assert keeper.over

    def test_one_that_is_being_opened_is_stopped_once_it_is(self, keep):
        opening, go = threading.Event(), threading.Event()

        def make():
            opening.set()
            go.wait(SECONDS)
            return Run("a")

        keeper = keep(make=make)
        assert opening.wait(SECONDS)
        threading.Timer(0.05, go.set).start()
        assert keeper.stop()
        assert keeper.state == "stopped"

    def test_ending_ends_at_once(self, keep):
        keeper = keep()
        keeper.settle()
        keeper.end()
        assert keeper.wait(SECONDS)
        assert keeper.state == "stopped"


class TestSchedules:
    def test_each_run_follows_the_one_before(self, keep):
        keeper = keep("schedule: {every: 20ms}")
        for _ in range(3):
            assert keeper.made.acquire(timeout=SECONDS)
            keeper.runs[-1].begun.wait(SECONDS)
            keeper.runs[-1].finish()
        assert keeper.made.acquire(timeout=SECONDS)
        assert not keeper.over

    def test_members_go_on_counting_from_run_to_run(self, keep):
        before = Counters()
        before.records_in = 5
        keeper = keep("schedule: {every: 20ms}", counters={"lines": before})
        for _ in range(2):
            assert keeper.made.acquire(timeout=SECONDS)
            keeper.runs[-1].begun.wait(SECONDS)
            keeper.runs[-1].counters["lines"].records_in += 1
            keeper.runs[-1].finish()
        assert keeper.counters["lines"].records_in == 7
        assert set(keeper.counters) == {"timer", "lines"}

    def test_between_two_runs_it_says_when_the_next_is(self, keep):
        keeper = keep("schedule: {cron: '0 0 29 2 *'}")
        assert keeper.settle() is None
        assert (keeper.state, keeper.runs) == ("scheduled", [])
        assert keeper.next_run > 1_800_000_000
        assert keeper.stop()
        assert (keeper.state, keeper.next_run) == ("stopped", None)

    def test_once_is_at_once_whatever_the_schedule_says(self, keep):
        keeper = keep("schedule: {cron: '0 0 29 2 *'}", once=True)
        assert keeper.made.acquire(timeout=SECONDS)
        keeper.runs[0].begun.wait(SECONDS)
        keeper.runs[0].finish()
        assert keeper.wait(SECONDS)
        assert keeper.state == "done"

    def test_a_run_that_takes_too_long_is_drained(self, keep):
        keeper = keep("schedule: {once: true, timeout: 20ms}")
        assert keeper.wait(SECONDS)
        assert (keeper.state, keeper.failure, len(keeper.runs)) == ("stopped", None, 1)

    def test_a_run_that_took_too_long_is_followed_by_the_next(self, keep):
        keeper = keep("schedule: {every: 20ms, timeout: 10ms}")
        assert all(keeper.made.acquire(timeout=SECONDS) for _ in range(3))

    def test_after_one_that_failed_comes_the_next(self, keep):
        keeper = keep("schedule: {every: 20ms}")
        assert keeper.made.acquire(timeout=SECONDS)
        keeper.runs[0].begun.wait(SECONDS)
        keeper.runs[0].finish("failed", Trap("x"))
        assert keeper.made.acquire(timeout=SECONDS)

    def test_after_one_that_could_not_be_opened_comes_the_next(self, keep):
        tries = threading.Semaphore(0)

        def make():
            tries.release()
            raise StateError("x")

        keep("schedule: {every: 20ms}", make=make)
        assert all(tries.acquire(timeout=SECONDS) for _ in range(3))

    @pytest.mark.parametrize("state", ["deactivated", "stopped"])
    def test_after_one_that_was_given_up_comes_none(self, keep, state):
        keeper = keep("schedule: {every: 20ms}")
        assert keeper.made.acquire(timeout=SECONDS)
        keeper.runs[0].begun.wait(SECONDS)
        keeper.runs[0].finish(state, Trap("x"))
        assert keeper.wait(SECONDS)
        assert (keeper.state, len(keeper.runs)) == (state, 1)


class TestStoppingAll:
    @pytest.mark.parametrize(
        ("rules", "error", "ends"),
        [
            ("restart: {policy: stop}", Trap("x"), True),
            ("restart: {policy: stop}", GuestError("invalid", "x"), False),
            ("on_error: {then: stop}", Trap("x"), False),
        ],
    )
    def test_a_broken_plugin_ends_everything_where_its_policy_says_so(self, keep, rules, error, ends):
        keeper = keep(rules)
        keeper.settle()
        keeper.runs[0].finish("stopped", error)
        assert keeper.wait(SECONDS)
        assert keeper.ends_all == ends


class TestSwapping:
    def test_it_reaches_the_run_and_later_ones(self, keep):
        keeper = keep()
        keeper.settle()
        means = dataclasses.replace(keeper.means, uses=lambda _: {"lines": "new"})
        keeper.swap(means, ["lines"])
        assert (keeper.runs[0].swapped, keeper.means) == (["lines"], means)

    def test_what_cannot_be_opened_changes_nothing(self, keep):
        keeper = keep()
        keeper.settle()
        before = keeper.means
        with pytest.raises(PackageError):
            keeper.swap(dataclasses.replace(before, uses=fails(PackageError("x"))), ["lines"])
        assert (keeper.runs[0].swapped, keeper.means) == ([], before)

    def test_a_run_that_is_over_by_then_needs_none(self, keep):
        keeper = keep()
        keeper.settle()
        keeper.runs[0]._over.set()
        means = dataclasses.replace(keeper.means)
        keeper.swap(means, ["lines"])
        assert keeper.means is means

    def test_between_two_runs_nothing_is_opened(self, keep):
        keeper = keep("schedule: {cron: '0 0 29 2 *'}")
        keeper.settle()
        means = dataclasses.replace(keeper.means, uses=fails(AssertionError()))
        keeper.swap(means, ["lines"])
        assert keeper.means is means
