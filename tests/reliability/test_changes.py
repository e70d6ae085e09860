"""Steps and sinks that are put in the place of others while records go through, and sinks that break; case 17."""

from __future__ import annotations

import threading
import time

import pytest

from reliability.conftest import eventually, filled
from support.flow_text import TEXT
from support.flows import ANOTHER, Capture
from unit.state.stores import look
from wardian.errors import GuestError, Trap, WardianError
from wardian.state.contract import Scope
from wardian.state.sqlite import SqliteStore
from wardian.transport.packing import from_bytes

HOLDS = TEXT.replace("out: {{plugin: flow}}", "out: {{plugin: flow, config: {{holds: 1, {holds}}}}}")


def sent(folder):
    """How many records the sink that holds them has sent."""
    with SqliteStore(folder / ".wardian" / "pipelines" / "p.db") as store:
        return from_bytes(look(store, b"sent", Scope("flow", "p/out")), "")


def test_case_17_a_new_version_goes_on_with_the_state_of_the_old_one_and_one_of_them_runs_at_a_time(life):
    flow = life(count=-1, per_poll=20, keys=3, mark="counts: 1")
    flow.run.start()
    values = flow.captures["out"].values
    for version in range(1, 6):
        eventually(lambda: len(values) >= version * 200, "records")  # noqa: B023 - used at once
        flow.run.swap("mark", flow.changed("mark", filled(mark="counts: 1"), more=ANOTHER * version))
    assert flow.run.stop(20)
    totals = {}
    for number, total in flow.captures["out"].data():
        key = number % 3
        assert total == totals.get(key, 0) + 1  # none is lost, none counts twice, and none comes before another
        totals[key] = total
    assert sum(totals.values()) == len(values)


def test_case_17_calls_that_run_end_on_the_old_version_and_the_next_ones_are_on_the_new_one(life):
    capture = Capture()
    flow = life(count=-1, per_poll=20, captures={"out": capture}, batch="count: 20, linger: 0")
    flow.run.start()
    eventually(lambda: len(capture.values) >= 100, "records")
    capture.hold.clear()
    new = flow.changed("mark", filled(mark="twice: 1"), more=ANOTHER)
    swap = threading.Thread(target=flow.run.swap, args=("mark", new))
    swap.start()
    time.sleep(0.1)
    assert swap.is_alive()  # a batch is under way
    capture.hold.set()
    swap.join(20)
    seen = len(capture.values)
    eventually(lambda: len(capture.values) >= seen + 100, "records of the new one")
    assert flow.run.stop(20)
    data = capture.data()
    first = next(at for at in range(len(data)) if data[at] == data[at + 1])
    assert data[:first] == list(range(first))
    assert data[first:] == [number for number in range(first, data[-1] + 1) for _ in range(2)]


def test_case_17_a_version_that_cannot_be_opened_leaves_the_old_one_at_work(life):
    flow = life(count=-1, per_poll=20)
    flow.run.start()
    for wrong in ({"text": filled(mark="refused: 1")}, {"text": filled(), "more": b"broken"}):
        with pytest.raises(WardianError):
            flow.changed("mark", **wrong)
        seen = len(flow.captures["out"].values)
        eventually(lambda: len(flow.captures["out"].values) >= seen + 100, "records")  # noqa: B023 - used at once
    assert flow.run.stop(20)
    assert flow.captures["out"].data() == list(range(len(flow.captures["out"].values)))


def test_case_17_a_repaired_plugin_takes_the_place_of_a_broken_one_at_once_though_that_waits_to_be_tried_again(life):
    patient = {"rules": "restart: {threshold: 2, delay: 1h, most: 1h}", "on_error": "attempts: 1000"}
    flow = life(count=50, mark="dies: 1", **patient)
    flow.run.start()
    eventually(lambda: flow.run.state == "waiting", "the breaker")
    began = time.monotonic()
    flow.run.swap("mark", flow.changed("mark", filled(), more=ANOTHER))
    assert flow.run.wait(30)
    assert time.monotonic() - began < 30
    assert (flow.run.state, sorted(flow.captures["out"].data())) == ("done", list(range(50)))


def test_case_17_a_repaired_plugin_takes_what_a_broken_one_is_to_try_again_later(life):
    flow = life(values=["a", "invalid", "busy", "b"], mark="busy: 100", on_error="attempts: 9, delay: 1h, most: 1h")
    flow.run.start()
    eventually(lambda: flow.captures["out"].data() == ["a", "b"], "what does not fail")
    flow.run.swap("mark", flow.changed("mark", filled(), more=ANOTHER))
    assert flow.run.wait(30)
    assert flow.captures["out"].data() == ["a", "b", "busy"]


@pytest.mark.parametrize("fault", ["trap_on: 7", "loop_on: 33", "trap_in: 5"])
def test_what_a_sink_holds_that_breaks_is_given_to_the_next_one(life, tmp_path, fault):
    flow = life(text=HOLDS, count=60, holds=fault, captures={"none": Capture()}, batch="count: 30, linger: 0",
                on_error="attempts: 1", rules="restart: {threshold: 1000}")  # fmt: skip
    flow.all()
    assert flow.run.state == "done"
    dead = flow.run.counters["out"].dead
    assert dead >= 1
    assert sent(tmp_path) == 60 - dead


def test_case_17_a_sink_that_holds_records_is_swapped_and_loses_none(life, tmp_path):
    flow = life(text=HOLDS, count=-1, per_poll=20, holds="", captures={"none": Capture()})
    flow.run.start()
    for version in range(1, 6):
        taken = flow.run.counters["out"].records_out
        eventually(lambda: flow.run.counters["out"].records_out >= taken + 100, "records")  # noqa: B023 - used at once
        flow.run.swap("out", flow.changed("out", filled(HOLDS, holds=""), more=ANOTHER * version))
    assert flow.run.stop(20)
    assert sent(tmp_path) == flow.log.cursor


class Fragile(Capture):
    """Holds what it takes until it is flushed, and loses it in these of its calls; busy with 4 in its first one."""

    holds = True

    def __init__(self, breaks):
        super().__init__()
        self.breaks, self.calls, self.held = breaks, 0, []

    def write_values(self, values):
        self.calls += 1
        if self.calls in self.breaks:
            self.held = []
            raise Trap("it broke", code="unreachable")
        busy = [self.calls == 1 and each["data"] == 4 for each in values]
        self.held += [each for each, refused in zip(values, busy, strict=True) if not refused]
        return [GuestError("transient", "not now") if refused else None for refused in busy]

    def flush(self, *, urgent=False):
        super().flush(urgent=urgent)
        self.values += self.held
        self.held = []


@pytest.mark.parametrize("breaks", [(), (2,), (2, 3), (2, 3, 4, 5)])
def test_what_a_sink_holds_that_breaks_when_it_is_given_it_again_is_blamed_on_no_record(life, breaks):
    sink = Fragile(breaks)
    flow = life(values=range(10), captures={"out": sink}, on_error="attempts: 3, delay: 1ms")
    flow.all()
    assert (flow.run.state, flow.run.counters["out"].dead) == ("done", 0)
    assert sorted(sink.data()) == list(range(10))
