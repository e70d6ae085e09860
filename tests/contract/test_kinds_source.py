"""A source: polled, waited for, stopped, asked and resumed; time is moved by hand."""

import asyncio
import threading
import time

import pytest

from support.canned import SPINS, TRAPS, Does, Each, Fails, canned
from wardian import Cancelled, Grants, GuestError, Limits, Polled, Record, Trap
from wardian.abi.contract import ENTRY_POINTS
from wardian.timing import IDLE

NOTHING = {"records": []}


class HandClock:
    """Time that passes by waiting alone; it notes how long it was waited for."""

    def __init__(self, most=1000):
        self.now, self.waits, self.most = 10**18, [], most

    def now_ns(self):
        return self.now

    def wait(self, seconds, stopped):
        self.waits.append(round(seconds, 6))
        self.now += int(seconds * 1e9)
        if len(self.waits) > self.most:
            raise AssertionError("it waits for ever")


def records(*data, **more):
    return {"records": [{"data": each} for each in data], **more}


@pytest.fixture
def source(runtime):
    """Opens a source that answers so; `clock` is the one that it goes by."""
    opened = []

    def made(replies, config=None, *, clock=None, resume=None, tells=(), **more):
        told = []
        whole = isinstance(replies, dict) and not replies.keys().isdisjoint(ENTRY_POINTS["source"])
        wasm = canned(replies if whole else {"source_poll": replies}, "source one", tells=tells)
        functions = {f"told_{name}": told.append for name in tells}
        opened.append(runtime.load(wasm, functions=functions, **more).source(config, resume=resume, clock=clock))
        opened[-1].told = told
        return opened[-1]

    yield made
    for each in opened:
        each.close()


def waits(source, replies, config=None, opened=None, **more):
    clock = HandClock()
    entries = {"source_poll": Each((*replies, records(done=True)))}
    if opened is not None or config is not None:
        entries["plugin_open"] = opened
    list(source(entries, config, clock=clock, **more))
    return clock.waits


class TestPolling:
    def test_a_poll_gives_records_and_what_the_source_says_of_the_next_one(self, source):
        polled = source(records(1, 2, wait_ms=5, offset={"line": 2}, done=True)).poll()
        assert polled == Polled([Record(1), Record(2)], 5, {"line": 2}, done=True)
        assert source(NOTHING).poll() == Polled([], None, None, done=False)

    @pytest.mark.parametrize("demand", [0, -1])
    def test_at_least_one_record_is_wanted(self, source, demand):
        with pytest.raises(ValueError, match="at least one record"):
            source(NOTHING).poll(demand)

    def test_an_iteration_gives_all_records_until_the_source_is_done(self, source):
        replies = Each((records(1, 2), NOTHING, records(3, done=True), records(4)))
        assert [each.data for each in source(replies, clock=HandClock())] == [1, 2, 3]

    def test_an_error_of_the_source_ends_the_iteration_and_another_one_goes_on(self, source):
        one = source(Each((records(1), Fails("transient"), records(2, done=True))), clock=HandClock())
        seen = []
        with pytest.raises(GuestError):
            seen.extend(each.data for each in one)
        seen.extend(each.data for each in one)
        assert seen[-1] == 2


class TestWaiting:
    def test_it_waits_for_as_long_as_the_reply_asks(self, source):
        asked = [records(1, wait_ms=250), records(wait_ms=3000), records(2, wait_ms=0)]
        assert waits(source, asked, opened={"interval_ms": 7}) == [0.25, 3, 0]

    def test_it_polls_as_often_as_the_plugin_asked_when_it_was_opened(self, source):
        assert waits(source, [NOTHING, records(1)], {"interval": "5s"}, {"interval_ms": 20}) == [0.02, 0.02]

    @pytest.mark.parametrize("config", [{"interval": "1m30s"}, {"interval_ms": 90_000}])
    def test_otherwise_as_often_as_its_configuration_says(self, source, config):
        assert waits(source, [NOTHING, records(1)], config) == [90, 90]

    @pytest.mark.parametrize("config", [None, {"interval": 1000}, {"interval": "soon"}, {"interval_ms": 0}])
    def test_otherwise_it_waits_only_after_a_poll_that_gave_nothing(self, source, config):
        assert waits(source, [NOTHING, records(1), NOTHING], config) == [IDLE, 0, IDLE]

    def test_a_source_that_wants_to_be_polled_at_once_does_not_spin(self, source):
        assert waits(source, [records(wait_ms=0)] * 3) == [0.01] * 3

    def test_the_time_that_a_poll_took_is_part_of_the_interval(self, source):
        clock = HandClock()
        entries = {"plugin_open": {"interval_ms": 1000}, "source_poll": Each((NOTHING, records(done=True)))}
        one = source(entries, clock=clock)
        asked = one.poll

        def slow(demand=100):
            clock.now += 300_000_000
            return asked(demand)

        one.poll = slow
        assert list(one) == []
        assert clock.waits == [0.7]


class TestStopping:
    def test_no_record_comes_after_it_was_stopped(self, source):
        one = source(records(1, 2, 3))
        seen = []
        for record in one:
            seen.append(record.data)
            if len(seen) == 2:
                one.stop()
        assert (seen, one.stopped) == ([1, 2], True)
        assert one.poll() == Polled(done=True)
        assert list(one) == []

    def test_a_guest_that_never_returns_is_ended(self, source):
        one = source({"source_poll": Does(SPINS)}, limits=Limits(deadline="60s"))
        seen, entered = [], threading.Event()

        def iterate():
            entered.set()
            seen.extend(one)

        thread = threading.Thread(target=iterate)
        thread.start()
        entered.wait()
        time.sleep(0.05)
        began = time.monotonic()
        one.stop()
        assert time.monotonic() - began < 10
        thread.join(10)
        assert (thread.is_alive(), seen) == (False, [])

    def test_a_source_that_waits_is_woken(self, source):
        one = source(records(wait_ms=3_600_000))
        thread = threading.Thread(target=list, args=(one,))
        thread.start()
        time.sleep(0.05)
        one.stop()
        thread.join(10)
        assert not thread.is_alive()

    def test_closing_stops(self, source):
        one = source(records(1))
        one.close()
        assert (list(one), one.stopped, one.closed) == ([], True, True)

    def test_stopping_from_many_threads_lets_no_record_through_afterwards(self, source):
        for _ in range(20):
            one = source(records(*range(50)), clock=HandClock(most=10**9))  # it polls until it is stopped
            stopped, late = threading.Event(), []

            def iterate(one=one, stopped=stopped, late=late):
                for record in one:
                    if stopped.is_set():
                        late.append(record)

            thread = threading.Thread(target=iterate)
            thread.start()
            stoppers = [threading.Thread(target=one.stop) for _ in range(3)]
            for each in stoppers:
                each.start()
            for each in stoppers:
                each.join()
            stopped.set()
            thread.join(10)
            assert not thread.is_alive()
            assert len(late) <= 1  # one that was on its way to its reader already

    def test_to_be_cancelled_is_not_to_be_stopped(self, source):
        one = source({"source_poll": Does(SPINS)}, limits=Limits(deadline="60s"))
        failed = []

        def poll():
            try:
                one.poll()
            except Cancelled as error:
                failed.append(error)

        thread = threading.Thread(target=poll)
        thread.start()
        while thread.is_alive():
            one.cancel()
            thread.join(0.01)
        assert (len(failed), one.stopped) == (1, False)


class TestResuming:
    def test_it_is_opened_where_it_is_to_go_on(self, source):
        one = source({"plugin_open": None, "source_poll": NOTHING}, resume={"line": 7}, tells=("plugin_open",))
        assert (one.told[0]["resume"], one.offset) == ({"line": 7}, {"line": 7})
        assert "resume" not in source({"plugin_open": None, "source_poll": NOTHING}, tells=("plugin_open",)).told[0]

    def test_an_offset_is_acknowledged_once_the_record_after_it_is_asked_for(self, source):
        one = source(Each((records(1, 2, offset=2), records(3, offset=3, done=True))), clock=HandClock())
        assert [(each.data, one.offset) for each in one] == [(1, None), (2, None), (3, 2)]
        assert one.offset == 3

    def test_one_that_polls_by_itself_acknowledges_by_itself(self, source):
        one = source(records(1, offset=2))
        one.poll()
        assert one.offset is None
        one.acknowledge(2)
        assert one.offset == 2

    def test_an_instance_that_is_opened_anew_goes_on_from_what_is_safe(self, source):
        replies = {"plugin_open": None, "source_poll": Each((records(1, offset=5), Does(TRAPS)))}
        one = source(replies, clock=HandClock(), tells=("plugin_open",))
        with pytest.raises(Trap):
            list(one)
        one.poll()
        assert [each.get("resume") for each in one.told] == [None, 5]


class TestAsking:
    def test_what_is_pushed_from_outside_gives_a_record_or_none(self, source):
        one = source({"source_request": Each(({"data": 1, "key": "a"}, None))})
        assert one.request(b"{}", {"content-type": "application/json"}) == Record(1, key="a")
        assert one.request(b"{}") is None

    def test_a_source_that_cannot_be_asked_says_so_without_running(self, source):
        one = source({"source_poll": Does(TRAPS)})
        with pytest.raises(GuestError) as raised:
            one.request({})
        assert raised.value.kind == "unimplemented"

    def test_a_stopped_source_answers_nothing(self, source):
        one = source({"source_request": {"data": 1}})
        one.stop()
        with pytest.raises(Cancelled, match="the source is stopped"):
            one.request({})


class TestAsynchronously:
    def test_records_come_without_blocking_the_event_loop(self, source):
        async def main():
            turns = 0

            async def turn():
                nonlocal turns
                while True:
                    turns += 1
                    await asyncio.sleep(0.001)

            task = asyncio.create_task(turn())
            seen = [record.data async for record in one]
            task.cancel()
            return seen, turns

        one = source(Each((records(1, wait_ms=30), records(wait_ms=30), records(2, done=True))))
        seen, turns = asyncio.run(main())
        assert seen == [1, 2]
        assert turns > 2

    def test_stopping_ends_a_guest_and_the_iteration(self, source):
        one = source({"source_poll": Does(SPINS)}, limits=Limits(deadline="60s"))

        async def main():
            threading.Timer(0.05, one.stop).start()
            return [record async for record in one]

        assert asyncio.run(asyncio.wait_for(main(), 10)) == []

    def test_stopping_ends_a_wait(self, source):
        one = source(records(wait_ms=3_600_000))

        async def main():
            threading.Timer(0.05, one.stop).start()
            return [record async for record in one]

        assert asyncio.run(asyncio.wait_for(main(), 10)) == []

    def test_cancelling_the_task_ends_the_guest(self, source):
        one = source({"source_poll": Does(SPINS)}, limits=Limits(deadline="60s"))

        async def main():
            async with asyncio.timeout(0.1):
                await one.apoll()

        with pytest.raises(TimeoutError):
            asyncio.run(main())

    def test_an_asynchronous_poll_gives_what_a_poll_gives(self, source):
        one = source(records(1, offset=1))
        assert asyncio.run(one.apoll(5)) == Polled([Record(1)], None, 1)
        with pytest.raises(GuestError):
            asyncio.run(source({"source_request": None}).apoll())


class TestEmitting:
    @pytest.fixture
    def emitting(self, runtime):
        """Opens a source that emits two records in each poll, and then answers so."""
        opened = []

        def made(reply, **more):
            wasm = canned({"source_poll": reply}, "source one", emits={"source_poll": [{"data": "a"}, {"data": "b"}]})
            opened.append(runtime.load(wasm, grants=Grants(emit=True), **more).source(clock=HandClock()))
            return opened[-1]

        yield made
        for each in opened:
            each.close()

    def test_what_it_emits_comes_before_what_it_answers(self, emitting):
        source = emitting(records("c", done=True))
        assert [each.data for each in source.poll().records] == ["a", "b", "c"]
        assert [each.data for each in source] == ["a", "b", "c"]
        assert [each.data for each in asyncio.run(source.apoll()).records] == ["a", "b", "c"]

    def test_of_what_it_emits_no_more_is_taken_than_is_wanted(self, emitting):
        assert [each.data for each in emitting(records("c")).poll(1).records] == ["a", "c"]

    def test_a_poll_that_fails_gives_nothing_of_it(self, emitting):
        source = emitting(Each((Fails("transient"), records("c"))))
        with pytest.raises(GuestError):
            source.poll()
        assert [each.data for each in source.poll().records] == ["a", "b", "c"]

    def test_a_poll_takes_it_and_not_who_takes_it_for_the_plugin(self, emitting):
        taken = []
        emitting(NOTHING, on_emit=taken.append).poll()
        assert taken == []
