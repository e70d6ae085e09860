"""Records on which a plugin breaks: they alone are given up, whole, and can be sent again; cases 13 and 14."""

from __future__ import annotations

import math
import time

import pytest

from reliability.conftest import eventually, filled
from support.commands import wardian
from support.flow_text import TEXT
from support.flows import ANOTHER
from wardian.transport.dead_letters import DeadLetters

TRAPS, LOOPS, BREAKS = 1_234, 5_678, 8_901
SOME = 1_000_000  # the numbers of the load begin here
WITH_LOAD = TEXT.replace(
    "sources: {{", "sources: {{load: {{plugin: flow, config: {{first: 1000000, per_poll: 20, interval: 2ms}}}}, "
).replace("[numbers]", "[numbers, load]")


def letters(flow):
    """The dead letters of a pipeline that runs, as another process sees them."""
    return DeadLetters(flow.log._keeper.file)


def test_of_10_000_records_three_are_poison_and_are_replayed_after_a_repair_under_load(life, tmp_path, cache):
    bad = f"trap_on: {TRAPS}, loop_on: {LOOPS}, broken_on: {BREAKS}"
    flow = life(
        text=WITH_LOAD, count=10_000, per_poll=100, mark=bad,
        on_error="delay: 10ms", batch="linger: 0", journal={"sources": ["numbers", "load"]},
    )  # fmt: skip
    flow.run.start()
    out, seen = flow.captures["out"], set()

    def delivered(least):
        seen.update(each for each in out.data() if each < SOME)
        return len(seen) >= least

    eventually(lambda: delivered(9_997) and flow.log.backlog()[0] < 5_000, "9,997 records")
    eventually(lambda: letters(flow).count()[0] == 3, "three dead letters")
    assert set(range(10_000)) - seen == {TRAPS, LOOPS, BREAKS}
    dead = letters(flow).some()
    assert {(each.value["data"], each.code, each.attempts) for each in dead} == {
        (TRAPS, "unreachable", 3), (LOOPS, "deadline_exceeded", 3), (BREAKS, "bad_cbor", 3),
    }  # fmt: skip
    assert {each.source for each in dead} == {"numbers"}
    assert len({each.digest for each in dead}) == 1

    repaired = flow.changed("mark", filled(WITH_LOAD), more=ANOTHER)
    before = len(out.values)
    flow.run.swap("mark", repaired)
    assert repaired.digest not in {each.digest for each in dead}
    done = wardian("dead", "replay", "--all", "--state", str(tmp_path / ".wardian"))
    assert done.returncode == 0, done.stderr.decode()
    eventually(lambda: delivered(10_000), "the replayed records")
    eventually(lambda: len(out.values) >= before + 1_000, "the load")
    assert flow.run.stop(20)
    data = out.data()
    load = [each for each in data if each >= SOME]
    assert load == list(range(SOME, SOME + len(load)))
    assert sorted(each for each in data if each < SOME) == list(range(10_000))
    print(f"10,000 records: 9,997 delivered, 3 dead, 3 replayed, 0 lost, beside {len(load)} others")


POISON = {"trap": "unreachable", "loop": "deadline_exceeded", "grow": "memory_exceeded", "broken": "bad_cbor"}


@pytest.mark.parametrize("poison", POISON)
def test_case_13_a_poison_record_is_tried_as_often_as_told_and_then_kept_whole_while_others_go_on(life, poison):
    record = {"data": poison, "key": "k", "meta": {"seen": b"\x00\xff"}, "tags": {"from": "a test"}}
    flow = life(values=[*range(30), record, *range(31, 60)], on_error="attempts: 4, delay: 1ms").all()
    assert flow.run.state == "done"
    assert sorted(flow.captures["out"].data()) == [number for number in range(60) if number != 30]
    (dead,) = reopened(life, letters)
    assert dead.value == record
    assert (dead.code, dead.attempts, dead.key, dead.member) == (POISON[poison], 4, "p/numbers/31/0", "mark")
    assert (dead.plugin, len(dead.digest), dead.message != "") == ("flow", 64, True)


def reopened(life, look):
    """What can be seen of the dead letters once a pipeline is over."""
    flow = life(values=[])
    return look(flow).some()


def test_case_13_a_poison_record_that_is_alone_in_its_batch_waits_longer_each_time(life):
    flow = life(values=["trap"], on_error="attempts: 4, delay: 100ms, factor: 2, jitter: 0")
    flow.run.start()
    began = time.monotonic()
    assert flow.run.wait(30)
    assert time.monotonic() - began >= 0.1 + 0.2 + 0.4


def test_case_13_what_is_replayed_goes_on_where_it_failed_and_what_was_mended_by_hand_as_well(life, tmp_path):
    rules = {"steps": "other, mark", "mark": "trap_on: 1, broken_on: 2", "on_error": "delay: 1ms"}
    life(values=range(4), **rules).all()
    letter, other = reopened(life, letters)
    assert [letter.value["data"], other.value["data"], letter.member] == [1, 2, "mark"]
    state = "--state", str(tmp_path / ".wardian")
    edited = wardian("dead", "edit", f"p/{letter.id}", "--set", "data=7", *state)
    assert edited.returncode == 0, edited.stderr.decode()
    assert wardian("dead", "replay", "--all", *state).returncode == 0
    again = life(values=[], **rules).all()
    assert again.captures["out"].data() == [7]
    assert again.run.counters["other"].records_in == 0  # they had been through it
    assert [each.value["data"] for each in reopened(life, letters)] == [2]


def test_case_13_without_room_for_dead_letters_it_stops_and_drops_nothing(life):
    values, full = ["invalid", "a", "invalid", "b", "invalid", "c"], {"dead_most": 2}
    flow = life(values=values, batch="count: 1, linger: 0", journal=full).all()
    assert (flow.run.state, flow.run.error.code) == ("stopped", "dead_letters_full")
    assert flow.captures["out"].data() == ["a", "b"]
    flow = life(values=[], journal=full)
    assert letters(flow).delete([1]) == 1
    flow.all()
    assert (flow.run.state, flow.captures["out"].data()) == ("done", ["c"])
    assert [each.id for each in reopened(life, letters)] == [2, 3]


@pytest.mark.parametrize("poison", ["trap", "broken"])
@pytest.mark.parametrize("place", [0, 1, 499, 998, 999])
def test_case_14_a_batch_is_halved_until_the_poison_record_is_alone_and_each_other_counts_once(life, poison, place):
    values = [{"data": at, "key": "all"} for at in range(1_000)]
    values[place] = {"data": poison, "key": "all"}
    rules = {"on_error": "attempts: 1", "batch": "count: 1000, linger: 0"}
    flow = life(values=values, mark="counts: 1", **rules).all()
    data = flow.captures["out"].data()
    assert [number for number, _ in data] == [at for at in range(1_000) if at != place]
    assert [total for _, total in data] == list(range(1, 1_000))  # state of the halves that broke is undone
    assert flow.run.counters["mark"].calls <= 2 * math.ceil(math.log2(1_000)) + 1
    assert [each.value["data"] for each in reopened(life, letters)] == [poison]


def test_case_14_several_poison_records_of_one_batch_are_found_together(life):
    values = [("trap" if at % 250 == 3 else "invalid" if at % 250 == 7 else at) for at in range(1_000)]
    flow = life(values=values, on_error="attempts: 1", batch="count: 1000, linger: 0").all()
    assert len(flow.captures["out"].values) == 992
    assert flow.run.counters["mark"].dead == 8
