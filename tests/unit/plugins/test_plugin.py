import threading
import time
from types import SimpleNamespace

import pytest

import wardian
from wardian.capabilities.metric import Metrics
from wardian.plugins.plugin import Plugin
from wardian.policy import Limits
from wardian.sandbox.pool import Pool


class FakeGuest:
    """Answers with its request; does to itself and raises what its entry point says."""

    made = 0

    def __init__(self):
        FakeGuest.made += 1
        self.broken = self.closed = False
        self.busy = threading.Lock()

    def call(self, entry, request, order=None):
        assert self.busy.acquire(blocking=False), "two threads in one guest"
        try:
            if entry == "break":
                self.broken = True
                raise wardian.Trap("broken")
            if entry == "refuse":
                raise wardian.GuestError("invalid", "no")
            if entry == "wait":
                time.sleep(0.002)
            return request if order is None or order.check is None else order.check(request)
        finally:
            self.busy.release()

    def close(self):
        assert not self.closed, "closed twice"
        self.closed = True


@pytest.fixture
def plugin(monkeypatch):
    """Makes a plugin of fake guests; `entries` as a module would have them."""
    monkeypatch.setattr(FakeGuest, "made", 0)

    def plugin(*, size=1, fresh=False, entries=("echo", "break", "refuse", "wait"), wait=0.5, **limits):
        ticker = SimpleNamespace(calls_of=lambda _: [], end=None, running={})
        prepared = SimpleNamespace(module=SimpleNamespace(digest="d"), ticker=ticker)
        pool = Pool(FakeGuest, size, wait, fresh=fresh)
        return Plugin("mine", "one", Limits(**limits), entries, prepared, pool, None, Metrics())

    return plugin


def test_a_value_goes_and_comes_as_plain_data(plugin):
    value = {"a": [1, -1, 2.5, True, None, "ä", b"\0"]}
    assert plugin().call("echo", value) == value
    assert plugin().call("echo") is None


def test_bytes_are_not_looked_at(plugin):
    for content in (b"", b"\xff\xff", b"\x01"):
        assert plugin().call_bytes("echo", content) == content


def test_bytes_over_the_limit_reach_no_guest(plugin):
    made = plugin(request=4)
    assert made.call_bytes("echo", b"1234") == b"1234"
    with pytest.raises(wardian.RequestTooLarge) as raised:
        made.call_bytes("echo", b"12345")
    assert (raised.value.where, raised.value.asked) == ("mine: echo", 5)
    with pytest.raises(wardian.RequestTooLarge) as raised:
        made.call("echo", "12345")
    assert raised.value.where == "mine: echo"
    assert FakeGuest.made == 1


@pytest.mark.parametrize("value", [object(), {1: 2}, [2**64], {"a": {"b": [1, set()]}}, 1j])
def test_a_value_that_cannot_be_encoded_is_the_callers_mistake(plugin, value):
    with pytest.raises(TypeError, match="cannot be encoded"):
        plugin().call("echo", value)
    assert FakeGuest.made == 0


@pytest.mark.parametrize("entry", ["", "Echo", "echo ", "plugin_open", "__class__", "a\0b"])
def test_an_entry_point_that_is_not_there_is_refused_with_those_that_are(plugin, entry):
    with pytest.raises(wardian.PackageError) as raised:
        plugin().call(entry)
    assert raised.value.code == "no_such_entry"
    assert "`echo`, `break`" in raised.value.hint
    assert FakeGuest.made == 0


def test_a_command_decides_itself_what_it_can_be_asked(plugin):
    assert plugin(entries=None).call("anything", 1) == 1


def test_a_whole_guest_is_used_again_also_after_its_own_errors_and_a_broken_one_replaced(plugin):
    made = plugin()
    for _ in range(3):
        made.call("echo", 1)
        with pytest.raises(wardian.GuestError):
            made.call("refuse")
    assert FakeGuest.made == 1
    with pytest.raises(wardian.Trap):
        made.call("break")
    assert made.call("echo", 1) == 1
    assert FakeGuest.made == 2


def test_a_reply_that_is_no_item_fails_its_call(plugin):
    with pytest.raises(wardian.AbiViolation):
        plugin(entries=None)._perform("echo", b"\xff", SimpleNamespace(check=plugin()._decode, within=None))


def test_many_threads_share_the_guests_and_each_is_in_one_at_a_time(plugin):
    made, wrong = plugin(size=3, wait=30.0), []

    def work(number):
        for turn in range(50):
            entry = ("echo", "wait", "break", "refuse")[(number + turn) % 4]
            try:
                if made.call(entry, [number, turn]) != [number, turn]:
                    wrong.append((number, turn))
            except (wardian.Trap, wardian.GuestError):
                pass
            except BaseException as error:  # noqa: BLE001 - the test looks at it
                wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert "in use" in repr(made)


def test_a_closed_plugin_says_that_it_is_closed_and_closing_again_does_nothing(plugin):
    made = plugin()
    made.call("echo")
    with made:
        made.call("echo")
    made.close()
    with pytest.raises(wardian.Cancelled, match="the plugin `mine` is closed"):
        made.call("echo")
    assert repr(made) == "<Plugin mine/one: echo, break, refuse, wait; closed>"


def test_closing_waits_for_a_call_that_runs_and_frees_its_guest(plugin):
    made, closed = plugin(), threading.Event()
    guest = made._pool.another()

    def close():
        made.close()
        closed.set()

    thread = threading.Thread(target=close)
    thread.start()
    assert not closed.wait(0.05)
    made._pool.idle.append(guest)  # as a call that ends gives it back
    assert made._pool.attended
    made._pool.attend()
    assert closed.wait(1.0)
    thread.join()
    assert guest.closed


def test_a_plugin_that_is_abandoned_frees_nothing(plugin):
    made = plugin()
    made.call("echo")
    guest = made._pool.idle[0]
    made.abandon("forked")
    with pytest.raises(wardian.Cancelled, match="forked"):
        made.call("echo")
    made.close()
    assert not guest.closed
