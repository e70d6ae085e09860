"""An action that takes longer than it may: it is ended by its deadline, and told of it."""

import pytest

import wardian


@pytest.fixture
def slow(cache, c_guest):
    """The action, with a deadline of 200 ms, and the lines that it logs."""
    lines = []
    with wardian.Runtime(cache=cache, on_log=lines.append) as runtime:
        yield runtime.load(c_guest("slow"), limits=wardian.Limits(deadline="200ms")), lines


@pytest.mark.parametrize("params", [{"ms": 60_000}, {"spin": True}])
def test_it_is_ended_whether_it_waits_or_computes(slow, params):
    plugin, _ = slow
    with pytest.raises(wardian.DeadlineExceeded):
        plugin.call("action_call", {"params": params, "vars": {}})
    assert plugin.call("action_call", {"params": {"ms": 1}, "vars": {}}) == 1


def test_it_says_that_it_was_called_off(slow):
    plugin, lines = slow
    assert plugin.call("action_cancel", {"reason": "deadline", "params": {}}) is None
    assert [line.message for line in lines] == ["Cancel callback call: deadline"]
