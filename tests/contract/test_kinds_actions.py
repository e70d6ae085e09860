"""What an action promises beyond its reply: being cut, being undone, and the variables of its job."""

import contextlib
import threading

import pytest

from support.canned import SPINS, Does, Fails, canned
from wardian import (
    Cancelled,
    DeadlineExceeded,
    Grants,
    GuestError,
    Limits,
    Runtime,
    Trap,
)
from wardian.capabilities.variables import Variables


class TestActions:
    def acted(self, runtime, replies, **more):
        told = []
        wasm = canned(replies, "action one", tells=("action_cancel",) if "action_cancel" in replies else ())
        functions = {"told_action_cancel": told.append} if "action_cancel" in replies else {}
        return runtime.load(wasm, functions=functions, **more), told

    def test_past_its_deadline_it_has_failed_and_is_undone_once(self, runtime):
        replies = {"action_call": Does(SPINS), "action_cancel": None}
        plugin, told = self.acted(runtime, replies, limits=Limits(deadline="50ms"))
        with plugin.action() as action, pytest.raises(DeadlineExceeded):
            action({"message": "hello"})
        assert told == [{"reason": "deadline", "params": {"message": "hello"}}]

    def test_cancelled_it_is_undone_once(self, runtime):
        plugin, told = self.acted(
            runtime, {"action_call": Does(SPINS), "action_cancel": None}, limits=Limits(deadline="60s")
        )
        done = threading.Event()

        def act():
            with pytest.raises(Cancelled):
                action([1])
            done.set()

        with plugin.action() as action:
            thread = threading.Thread(target=act)
            thread.start()
            while not done.is_set():
                action.cancel()
                done.wait(0.01)
            thread.join()
        assert told == [{"reason": "cancelled", "params": [1]}]

    def test_undoing_that_fails_is_noted_and_the_first_error_is_raised(self, runtime, caplog):
        replies = {"action_call": Does(SPINS), "action_cancel": Fails("internal", "the lock is stuck")}
        plugin, told = self.acted(runtime, replies, limits=Limits(deadline="50ms"))
        with plugin.action() as action, pytest.raises(DeadlineExceeded) as raised:
            action()
        assert len(told) == 1
        assert "the lock is stuck" in raised.value.__notes__[0]
        assert "could not be undone" in caplog.text

    @pytest.mark.parametrize("reply", [Does(-2), Fails("transient"), {"fine": 1}])
    def test_what_was_not_cut_is_not_undone(self, runtime, reply):
        plugin, told = self.acted(runtime, {"action_call": reply, "action_cancel": None})
        with plugin.action() as action, contextlib.suppress(Trap, GuestError):
            assert action() == {"fine": 1}
        assert told == []

    def test_an_action_that_cannot_be_undone_is_cut_all_the_same(self, runtime):
        plugin, _ = self.acted(runtime, {"action_call": Does(SPINS)}, limits=Limits(deadline="50ms"))
        with plugin.action() as action, pytest.raises(DeadlineExceeded):
            action()


class TestVariables:
    """The example `hello_world` logs its message, expanded with the variables of the job or not."""

    @pytest.fixture
    def said(self, cache, c_guest):
        """What the action of this name logs, with these variables of the job and of `load`."""

        def said(symbol, job, **more):
            lines = []
            with Runtime(cache=cache, on_log=lambda line: lines.append(line.message)) as runtime:
                plugin = runtime.load(c_guest("hello_world"), grants=Grants(template=True, vars=True), **more)
                with plugin.action(symbol=symbol) as action:
                    action({"message": "Hello, {{ name }}"}, job)
            return lines

        return said

    def test_a_text_is_expanded_with_the_variables_of_the_job(self, said):
        assert said("hello-world", {"name": "Eve"}) == ["Hello, Eve"]
        assert said("hello-world", Variables({"name": "Bob"}), variables={"name": "World"}) == ["Hello, Bob"]
        assert said("hello-world-literal", {"name": "Eve"}) == ["Hello, {{ name }}"]

    def test_a_job_without_variables_of_its_own_begins_with_those_of_load(self, said):
        assert said("hello-world", None, variables={"name": "World"}) == ["Hello, World"]
        with pytest.raises(GuestError, match="name"):
            said("hello-world", {}, variables={"name": "World"})

    def test_a_variable_that_is_not_there_fails_the_job(self, said):
        with pytest.raises(GuestError, match="name"):
            said("hello-world", None)

    def test_a_variable_has_a_name(self, said):
        with pytest.raises(ValueError, match="expected a printable name"):
            said("hello-world", {"": 1})
