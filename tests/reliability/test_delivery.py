"""What is acknowledged, and how a repeat is told; cases 4 and 12."""

from __future__ import annotations

import random
import time
from functools import partial

import pytest

from reliability.conftest import eventually
from support.flows import Capture
from wardian import GuestError, Trap


def test_case_4_nothing_behind_a_record_that_is_still_tried_again_is_acknowledged(life):
    flow = life(values=["a", "busy", "b", "c"], mark="busy: 1000", on_error="attempts: 1000, delay: 5s, jitter: 0")
    flow.run.start()
    eventually(lambda: flow.captures["out"].data() == ["a", "b", "c"], "what does not fail")
    assert flow.log.cursor == 0
    flow.run.end()
    again = life(values=[]).all()
    assert again.captures["out"].data() == ["a", "busy", "b", "c"]
    assert set(flow.captures["out"].keys()) < set(again.captures["out"].keys())


def test_case_4_nothing_is_acknowledged_that_one_of_two_sinks_has_not_taken(life):
    two = {
        "out": Capture(),
        "more": Capture(lambda value: GuestError("transient", "no") if value["data"] == 3 else None),
    }
    flow = life(values=range(6), captures=two, sinks="out, more", on_error="attempts: 1000, delay: 5s, jitter: 0")
    flow.run.start()
    eventually(lambda: two["out"].data() == list(range(6)) and two["more"].data() == [0, 1, 2, 4, 5], "what is taken")
    assert flow.log.cursor == 0
    flow.run.end()
    healed = {"out": Capture(), "more": Capture()}
    life(values=[], captures=healed, sinks="out, more").all()
    assert healed["out"].data() == healed["more"].data() == list(range(6))


@pytest.mark.parametrize("seed", range(5))
def test_case_4_whatever_fails_in_whatever_order_the_cursor_moves_over_what_is_done_with_alone(life, seed):
    chance = random.Random(seed)

    def refuses(_):
        return GuestError("transient", "not now") if chance.random() < 0.3 else None

    capture = Capture(refuses)
    rules = {"on_error": "attempts: 1000, delay: 0", "batch": "count: 7, linger: 0"}
    flow = life(values=range(200), captures={"out": capture}, **rules)
    commit, early = flow.log.commit, []

    def checked(cursor, **more):
        done = set(capture.data())
        early.extend(number for number in range(cursor) if number not in done)  # a record's cursor is its number and 1
        commit(cursor, **more)

    flow.log.commit = checked
    flow.all()
    assert early == []
    assert sorted(capture.data()) == list(range(200))


@pytest.mark.parametrize("first", ["it waits", "it is stopped"])
def test_case_24_a_plugin_that_is_to_be_tried_again_after_the_grace_is_not_waited_for(life, first):
    rules = {"rules": "restart: {threshold: 2, delay: 1h, most: 1h}", "on_error": "attempts: 9", "count": 50}
    flow = life(mark="dies: 1" if first == "it waits" else "loop_on: 3", **rules)
    flow.run.start()
    if first == "it waits":
        eventually(lambda: flow.run.state == "waiting", "the breaker")
    else:
        eventually(lambda: flow.run.counters["numbers"].records_out, "a record")
    began = time.monotonic()
    assert flow.run.stop(60)
    assert time.monotonic() - began < 20
    assert flow.run.state == "stopped"
    again = life(count=50).all()
    assert sorted({*flow.captures["out"].data(), *again.captures["out"].data()}) == list(range(50))


def test_case_12_a_repeat_has_the_key_that_it_had_whatever_has_become_of_the_batches(life):
    values = [{"data": "twice" if at % 3 == 0 else at, "key": f"k{at % 2}"} for at in range(40)]
    told = []
    for batch in (1, 7, 40, 13):
        held = Capture()
        flow = life(values=values if not told else [], captures={"out": held}, steps="mark, other, sum",
                    window="count: 9", sums="", other="twice: 1", batch=f"count: {batch}, linger: 0")  # fmt: skip
        flow.log.commit = lambda *_, **__: None  # nothing is ever acknowledged: all of it comes again
        flow.all()
        told.append(dict(zip(held.keys(), held.data(), strict=True)))
        assert len(told[-1]) == len(held.values)
    assert all(each == told[0] for each in told)


def gone(commit, cursor, **more):
    """Commits the first batch, and is gone with the second."""
    if cursor == 20:
        raise GuestError("internal", "as if the process had been killed")
    commit(cursor, **more)


def test_case_12_what_comes_three_times_and_out_of_order_is_told_by_its_key(life):
    chance = random.Random(12)
    capture = Capture(lambda _: GuestError("transient", "not now") if chance.random() < 0.3 else None)
    rules = {"on_error": "attempts: 1000, delay: 0", "batch": "count: 10, linger: 0", "mark": "twice: 1"}
    flow = life(values=range(50), captures={"out": capture}, **rules)
    for _ in range(2):
        flow.log.commit = partial(gone, flow.log.commit)
        assert flow.all().run.state == "failed"
        flow = life(values=[], captures={"out": capture}, **rules)
    assert flow.all().run.state == "done"
    keys, data = capture.keys(), capture.data()
    assert sorted(keys) != keys
    assert len(keys) == 100 + 2 * 20
    first = dict(zip(keys, data, strict=True))
    assert len(first) == 100
    assert all(first[key] == each for key, each in zip(keys, data, strict=True))


def test_case_12_a_sink_that_breaks_after_it_has_taken_something_is_given_it_again_under_the_same_keys(life):
    class Forgets(Capture):
        """Takes everything, and loses it at its first flush, as an instance that traps does."""

        lost = False

        def flush(self, *, urgent=False):
            super().flush(urgent=urgent)
            if not self.lost and not urgent:
                self.lost = True
                raise Trap("it broke", code="unreachable")

    capture = Forgets()
    life(values=range(10), captures={"out": capture}, batch="count: 5, linger: 0").all()
    assert capture.data() == [*range(5), *range(10)]
    assert capture.keys()[:5] == capture.keys()[5:10]
    assert len(set(capture.keys())) == 10


def test_case_12_keys_are_not_given_twice_though_a_source_begins_again(life):
    """A source that has lost its place gives its records again: they are other records, with keys of their own."""
    first = life(values=range(5)).all()
    again = life(values=range(5)).all()
    assert not set(first.captures["out"].keys()) & set(again.captures["out"].keys())


def test_case_12_nothing_is_told_twice_where_nothing_fails(life):
    flow = life(count=3_000, batch="count: 50, linger: 0").all()
    assert flow.captures["out"].data() == list(range(3_000))
