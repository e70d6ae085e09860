"""What a pipeline promises of the records that go through it, over guests that number, mark, sum and refuse them."""

from __future__ import annotations

import threading
import time

import pytest

from support.flow_text import PLAIN, TEXT
from support.flows import Capture, Flow
from wardian import GuestError
from wardian.transport.journal import Journal

DEAD = [(3, "unreachable", 3), (5, "deadline_exceeded", 3), (11, "bad_cbor", 3)]


def test_records_go_from_the_source_through_the_steps_into_the_sink_in_order(flow):
    made = flow().all()
    assert made.run.state == "done"
    assert made.captures["out"].data() == list(range(20))
    assert made.captures["out"].flushed[-1] is True
    assert made.captures["out"].closed


def test_a_record_has_a_key_of_its_own_that_does_not_depend_on_when_it_is_delivered(flow):
    made = flow(values=["a", "twice", "busy", "b"], mark="busy: 1").all()
    keys = dict(zip(made.captures["out"].keys(), made.captures["out"].data(), strict=True))
    assert keys == {
        "p/numbers/1/0": "a", "p/numbers/2/0": "twice", "p/numbers/2/1": "twice", "p/numbers/3/0": "busy",
        "p/numbers/4/0": "b",
    }  # fmt: skip


class Writes(Capture):
    """A sink that knows which records came together."""

    def __init__(self):
        super().__init__()
        self.batches = []

    def write_values(self, values):
        self.batches.append([each["data"] for each in values])
        return super().write_values(values)


class TestBatches:
    @pytest.mark.parametrize("linger", ["0", "50ms"])
    @pytest.mark.parametrize(("batch", "most"), [("count: 7", 7), ("count: 100, bytes: 4100", 4), ("bytes: 10", 1)])
    def test_a_batch_has_so_many_records_and_bytes_at_most(self, flow, batch, most, linger):
        made = flow(values=["x" * 1000] * 20, captures={"out": Writes()}, batch=f"{batch}, linger: {linger}").all()
        assert max(map(len, made.captures["out"].batches)) == most
        assert len(made.captures["out"].data()) == 20

    def test_one_that_is_not_full_waits_for_more_as_long_as_it_may(self, flow):
        made = flow(count=0, captures={"out": Writes()}, batch="count: 5, linger: 60s")
        made.log.append("numbers", [{"data": 0}])
        more, source = threading.Event(), made.run._uses["numbers"]
        poll = source.poll_values
        source.poll_values = lambda demand: more.wait() and poll(demand)  # it has not said that it is done
        made.run.start()
        for at in range(1, 5):
            made.log.append("numbers", [{"data": at}])
        while not made.captures["out"].batches:
            time.sleep(0.01)
        assert made.captures["out"].batches == [[0, 1, 2, 3, 4]]
        more.set()
        assert made.run.wait(30)


def test_bad_records_alone_are_given_up_and_the_others_go_on(flow):
    made = flow(mark="trap_on: 3, loop_on: 5, broken_on: 11").all()
    assert sorted(made.captures["out"].data()) == [at for at in range(20) if at not in (3, 5, 11)]
    assert [(each.value["data"], each.code, each.attempts) for each in made.log.dead] == DEAD
    (trap, *_) = made.log.dead
    assert (trap.pipeline, trap.member, trap.source, trap.cursor) == ("p", "mark", "numbers", 4)
    assert (trap.key, trap.plugin, len(trap.digest)) == ("p/numbers/4/0", "flow", 64)
    assert "process" in trap.trace


def test_what_a_plugin_says_is_for_good_is_not_tried_again_and_what_passes_is(flow):
    made = flow(values=["a", "invalid", "busy", "b"], mark="busy: 2").all()
    assert sorted(made.captures["out"].data()) == ["a", "b", "busy"]
    assert [(each.value["data"], each.kind, each.attempts) for each in made.log.dead] == [("invalid", "invalid", 1)]
    counts = made.run.counters["mark"].snapshot()
    assert (counts.records_in, counts.records_out, counts.failed, counts.retried, counts.dead) == (6, 3, 3, 2, 1)


def test_good_records_do_not_wait_for_one_that_is_tried_again(flow):
    made = flow(values=["busy", "a", "b"], mark="busy: 1", on_error="delay: 300ms")
    made.run.start()
    began = time.monotonic()
    while made.captures["out"].data() != ["a", "b"]:
        assert time.monotonic() - began < 5
        time.sleep(0.005)
    assert made.run.wait(10)
    assert made.captures["out"].data() == ["a", "b", "busy"]


def test_records_of_one_key_stay_in_order_though_one_is_tried_again(flow):
    values = [{"data": data, "key": key} for data, key in (("busy", "x"), ("a", "x"), ("b", "y"), ("c", "x"))]
    made = flow(values=values, mark="busy: 1").all()
    assert made.captures["out"].data() == ["b", "busy", "a", "c"]


def test_a_step_takes_the_records_of_its_output_and_others_go_past_it(flow):
    made = flow(
        values=["to:bad", "a", "to:nobody"], steps="mark, {name: other, path: bad}", other="twice: 1",
        sinks="out, {name: bad, path: bad}", captures={"out": Capture(), "bad": Capture()},
    ).all()  # fmt: skip
    assert made.captures["out"].data() == ["a"]
    assert [each["path"] for each in made.captures["bad"].values] == ["bad", "bad"]
    (dead,) = made.log.dead
    assert (dead.code, dead.member, dead.message) == (
        "no_such_output", "", "no sink takes a record of the output `nobody`",
    )  # fmt: skip


def test_each_sink_gets_all_records_or_they_take_turns(flow):
    two = {"out": Capture(), "more": Capture()}
    made = flow(sinks="out, more", captures=two).all()
    assert two["out"].data() == two["more"].data() == list(range(20))
    two = {"out": Capture(), "more": Capture()}
    made = flow(sinks="out, more", captures=two, rules="delivery: at_most_once, distribute: round_robin").all()
    assert two["out"].data() == list(range(0, 20, 2))
    assert two["more"].data() == list(range(1, 20, 2))
    assert made.run.state == "done"


def test_a_sink_that_fails_keeps_no_other_from_its_records_and_gets_its_own_later(flow):
    left = [2]

    def refuses(value):
        if value["data"] == 4 and left[0]:
            left[0] -= 1
            return GuestError("transient", "not now")
        return GuestError("invalid", "never") if value["data"] == 9 else None

    two = {"out": Capture(), "more": Capture(refuses)}
    made = flow(sinks="out, more", captures=two).all()
    assert two["out"].data() == list(range(20))
    assert sorted(two["more"].data()) == [at for at in range(20) if at != 9]
    assert [(each.member, each.value["data"], each.kind) for each in made.log.dead] == [("more", 9, "invalid")]


def test_a_guest_is_a_sink_as_well(flow):
    made = flow(mark="").all()
    assert made.run.state == "done"
    made = flow(sinks="out, more", captures={"out": Capture()}).all()
    assert made.run.counters["more"].snapshot().records_out == 20


@pytest.mark.parametrize(("then", "state"), [("drop", "done"), ("stop", "stopped")])
def test_what_is_given_up_is_dropped_or_stops_the_pipeline_as_it_is_told(flow, then, state):
    made = flow(values=["a", "invalid", "b"], on_error=f"then: {then}").all()
    assert made.run.state == state
    assert made.log.dead == []
    if then == "drop":
        assert made.captures["out"].data() == ["a", "b"]
        assert made.run.counters["mark"].snapshot().dropped == 1
    else:
        assert made.run.error.kind == "invalid"
        assert made.log.cursor == 0


class TestWindows:
    def test_a_window_is_closed_by_its_count_and_the_last_one_by_the_end(self, flow):
        made = flow(steps="mark, sum").all()
        assert made.captures["out"].data() == [[6, 15], [6, 51], [6, 87], [2, 37]]
        assert made.captures["out"].keys() == [f"p/sum/{at}/0" for at in (6, 12, 18, 20)]

    def test_what_comes_of_a_window_has_the_same_key_though_another_process_has_filled_it(self, cache, tmp_path):
        text = TEXT.format(**{
            **PLAIN, "count": -1, "per_poll": 0, "steps": "sum", "window": "count: 6, every: 1s",
            "rules": "delivery: at_least_once",
        })  # fmt: skip
        captures = []
        for life, window in enumerate(("count: 6", "every: 100ms")):
            captures.append(Capture())
            queue = {"pipeline": "p", "sources": ["numbers"], "queue_count": 100, "queue_bytes": 2**20}
            log = Journal(tmp_path / "p.db", **queue)
            made = Flow(
                cache, text.replace("count: 6, every: 1s", window),
                tmp_path / str(life), log=log, out=captures[-1],
            )  # fmt: skip
            if not life:
                log.append("numbers", [{"data": each} for each in (1, 2, 3)])
            made.run.start()
            while not (log.cursor == 3 if not life else captures[-1].values):
                time.sleep(0.005)
            assert made.run.stop(10)
            made.close()
        assert captures[0].values == []
        assert (captures[1].data(), captures[1].keys()) == ([[3, 6]], ["p/sum/3/0"])

    def test_a_window_is_closed_by_its_time(self, flow):
        made = flow(steps="sum", window="every: 100ms", count=-1, per_poll=1, keys=0)
        made.run.start()
        began = time.monotonic()
        while len(made.captures["out"].values) < 2:
            assert time.monotonic() - began < 10
            time.sleep(0.01)
        assert made.run.stop(10)
        assert made.run.state == "stopped"

    @pytest.mark.parametrize("in_state", [0, 1])
    def test_a_record_on_which_it_breaks_is_given_up_and_what_it_held_is_added_again(self, flow, in_state):
        values = [1, 2, 3, "trap", 4, "text", 5, 6, 7]
        made = flow(values=values, steps="sum", sums=f"in_state: {in_state}", on_error="attempts: 1").all()
        assert made.captures["out"].data() == [[6, 21], [1, 7]]
        assert sorted(each.value["data"] for each in made.log.dead) == ["text", "trap"]

    @pytest.mark.parametrize("in_state", [0, 1])
    def test_what_was_added_in_many_calls_is_not_added_again_in_one_that_breaks_a_limit(self, flow, in_state):
        values = [*range(500), "trap", *range(500, 600)]
        made = flow(
            values=values, steps="sum", sums=f"in_state: {in_state}", batch="count: 40, linger: 0",
            window="count: 1000}, limits: {host_calls: 50", on_error="attempts: 1",
        ).all()  # fmt: skip
        assert made.captures["out"].data() == [[600, sum(range(600))]]
        assert [each.value["data"] for each in made.log.dead] == ["trap"]


def test_a_member_is_swapped_between_two_batches_and_no_record_is_lost(flow):
    made = flow(count=-1, per_poll=5)
    made.run.start()
    seen = made.captures["out"].values
    for _ in range(3):
        wanted = len(seen) + 20
        made.run.swap("mark", made.open(made.plan.member("mark")))
        began = time.monotonic()
        while len(seen) < wanted:
            assert time.monotonic() - began < 10
            time.sleep(0.002)
    with pytest.raises(KeyError):
        made.run.swap("none", made.open(made.plan.member("mark")))
    assert made.run.stop(10)
    assert made.captures["out"].data() == list(range(len(seen)))


def test_something_pushed_from_outside_is_in_the_log_when_that_returns(flow):
    made = flow(count=-1, per_poll=0)
    made.run.start()
    assert made.run.push("numbers", {"a": 1}).data == {"a": 1}
    while not made.captures["out"].values:
        time.sleep(0.002)
    assert made.captures["out"].data() == [{"a": 1}]
    with pytest.raises(KeyError):
        made.run.push("none", 1)


def test_a_full_log_keeps_its_source_from_being_polled(flow):
    capture = Capture()
    capture.hold.clear()
    made = flow(count=-1, per_poll=100, captures={"out": capture}, rules="delivery: at_most_once, queue: {count: 500}")
    made.run.start()
    time.sleep(0.5)
    waiting, _ = made.run.backlog()
    assert 400 <= waiting <= 600
    polled = made.run.counters["numbers"].calls
    time.sleep(0.2)
    assert made.run.counters["numbers"].calls == polled
    capture.hold.set()
    assert made.run.stop(20)
    data = capture.data()
    assert data == list(range(len(data)))


def test_a_plugin_that_always_breaks_is_slowed_down_or_ends_the_pipeline(flow):
    rules = "delivery: at_most_once, restart: {threshold: 3, delay: 100ms, most: 1s%s}"
    made = flow(mark="dies: 1", rules=rules % "", count=-1)
    made.run.start()
    time.sleep(1)
    restarts = made.run.counters["mark"].snapshot().restarts
    assert restarts < 30
    assert made.run.state == "waiting"
    assert "mark" in made.run.why
    made.run.end()
    for policy, state in (("deactivate", "deactivated"), ("stop", "stopped")):
        made = flow(mark="dies: 1", rules=rules % f", policy: {policy}").all()
        assert (made.run.state, made.run.error.code) == (state, "unreachable")
        assert made.log.cursor == 0
