import logging

import pytest

from wardian.guests.context import Context


class Capability:
    settles = 0

    def __init__(self, fails=False):
        self.fails, self.settled = fails, []

    def settle(self, *, succeeded):
        self.settled.append(succeeded)
        if self.fails:
            raise OSError("full")


def context(*touched):
    made = object.__new__(Context)  # of which the end of a call needs no more than this
    made.plugin, made.touched = "p", list(touched)
    return made


def test_every_capability_that_was_used_is_settled_once():
    used = [Capability(), Capability()]
    made = context(*used)
    made.settle(succeeded=True)
    made.settle(succeeded=True)
    assert [each.settled for each in used] == [[True], [True]]


def test_records_are_settled_first_and_state_last_and_others_as_they_came():
    order = []

    class Noting(Capability):
        def __init__(self, settles):
            super().__init__()
            self.settles = settles

        def settle(self, *, succeeded):
            order.append(self)

    state, log, emit, variables = (Noting(turn) for turn in (1, 0, -1, 0))
    context(state, log, emit, variables).settle(succeeded=True)
    assert order == [emit, log, variables, state]


def test_records_go_before_all_else_and_state_after_all_else():
    from wardian.capabilities.emit import Emit
    from wardian.capabilities.log import Log
    from wardian.capabilities.state import State
    from wardian.capabilities.vars import Vars

    assert Emit.settles < min(Log.settles, Vars.settles) <= max(Log.settles, Vars.settles) < State.settles


def test_after_one_failed_the_others_are_undone_and_its_failure_is_raised():
    used = [Capability(), Capability(fails=True), Capability()]
    with pytest.raises(OSError, match="full"):
        context(*used).settle(succeeded=True)
    assert [each.settled for each in used] == [[True], [True], [False]]


def test_undoing_raises_nothing_and_logs_what_could_not_be_undone(caplog):
    used = [Capability(fails=True), Capability()]
    context(*used).undo(logging.getLogger("test"))
    assert [each.settled for each in used] == [[False], [False]]
    assert "could not be undone" in caplog.text


def test_an_interruption_of_one_ends_the_others_too():
    class Interrupted(Capability):
        def settle(self, *, succeeded):
            super().settle(succeeded=succeeded)
            raise KeyboardInterrupt

    used = [Interrupted(), Capability()]
    with pytest.raises(KeyboardInterrupt):
        context(*used).settle(succeeded=True)
    assert [each.settled for each in used] == [[True], [False]]
