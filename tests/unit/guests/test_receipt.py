import dataclasses
import json

import pytest

import wardian
from wardian.guests.outcome import Outcome
from wardian.guests.receipt import Receipt


def test_a_receipt_is_a_frozen_value_and_plain_data():
    receipt = Receipt(wall_ns=1, cpu_ns=2, fuel=None, memory=3, request_bytes=4, reply_bytes=5, host_calls={"a.b": 6})
    with pytest.raises(dataclasses.FrozenInstanceError):
        receipt.fuel = 7
    shown = receipt.as_dict()
    assert json.loads(json.dumps(shown)) == shown
    assert list(shown) == [field.name for field in dataclasses.fields(Receipt)]
    assert shown["host_calls"] == {"a.b": 6}
    assert Outcome(1, receipt) == Outcome(1, receipt) != Outcome(2, receipt)


def test_an_outcome_is_a_value_whose_receipt_is_made_once(load):
    outcome = load("echoes").invoke("echo", [1])
    assert outcome.receipt is outcome.receipt
    assert outcome == Outcome([1], outcome.receipt)
    assert repr(outcome) == f"Outcome(value=[1], receipt={outcome.receipt!r})"
    for name in ("value", "receipt"):
        with pytest.raises(AttributeError):
            setattr(outcome, name, None)


def test_a_receipt_counts_one_call_alone(load):
    plugin = load("logs", limits=wardian.Limits(log_lines=4, fuel=10**9))
    first, second = (plugin.invoke("go_on").receipt for _ in range(2))
    for receipt in (first, second):
        assert (receipt.log_lines, receipt.log_dropped, receipt.log_bytes) == (4, 6, 20)
        assert receipt.host_calls == {"wardian.log": 10}
        assert receipt.memory == 65_536
        assert receipt.wall_ns > 0
        assert (receipt.request_bytes, receipt.reply_bytes) == (1, 0)
    assert first.fuel > 0
    # The first call asks for a buffer too.
    assert second.fuel <= first.fuel


def test_what_a_failed_call_used_is_not_the_next_ones(load):
    plugin = load("remembers", grants=wardian.Grants(state=True))
    with pytest.raises(wardian.GuestError):
        plugin.call("add_and_fail")
    receipt = plugin.invoke("add").receipt
    assert receipt.host_calls == {"wardian.state_add": 1}
    assert 0 < receipt.state_bytes < 10
    assert receipt.fuel is None


def test_no_receipt_is_made_for_a_call_that_failed(load):
    with pytest.raises(wardian.DeadlineExceeded):
        load("spins", limits=wardian.Limits(deadline="10ms")).invoke("spin")
