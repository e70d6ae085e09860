"""The face for a Python program: what each method promises, from any thread, in any order."""

import dataclasses
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import wardian
from support.programs import run
from wardian import (
    AbiViolation,
    Cancelled,
    CapabilityError,
    ConfigError,
    DeadlineExceeded,
    Grants,
    GuestError,
    HostFunctionError,
    Limits,
    PackageError,
    Trap,
    WardianError,
)

APP = {'"wardian" "log"': '"app" "f"'}
MOST = 2**31 - 1


@pytest.fixture
def calling(load):
    """Loads a guest that calls this function of the application with its own request, and answers with its reply."""
    return lambda function, **arguments: load("asks", APP, functions={"f": function}, **arguments)


def test_call_gives_plain_data_and_call_bytes_what_the_guest_wrote(load):
    plugin = load("echoes")
    value = {"name": "Ada", "list": [1, -2, 2.5, None, True, b"\0"], "": {}}
    assert plugin.call("echo", value) == value
    assert plugin.call("echo") is None
    assert plugin.call_bytes("echo", b"\x18\x01") == b"\x18\x01"
    assert plugin.call_bytes("echo", b"not CBOR \xff") == b"not CBOR \xff"


def test_a_receipt_says_what_a_call_cost(load):
    outcome = load("echoes").invoke("echo", "abc")
    receipt = outcome.receipt
    assert outcome.value == "abc"
    assert (receipt.request_bytes, receipt.reply_bytes) == (4, 4)
    assert receipt.memory == 2 * 65_536
    assert 0 < receipt.wall_ns < 10**9
    assert receipt.cpu_ns is None
    assert 0 <= load("echoes", name="timed").invoke("echo", "abc", cpu=True).receipt.cpu_ns < 10**9
    assert receipt.fuel is None
    assert (receipt.host_calls, receipt.log_bytes, receipt.log_lines, receipt.log_dropped) == ({}, 0, 0, 0)
    assert receipt.state_bytes == 0
    assert receipt.as_dict().keys() == {field.name for field in dataclasses.fields(receipt)}


def test_a_receipt_counts_fuel_host_calls_log_and_state(load):
    metered = load("echoes", limits=Limits(fuel=10_000))
    spent = [metered.invoke("echo", "abc").receipt.fuel for _ in range(3)]
    assert 0 < spent[1] == spent[2] <= spent[0] < 100
    logged = load("logs").invoke("go_on").receipt
    assert logged.host_calls == {"wardian.log": 10}
    assert (logged.log_lines, logged.log_bytes) == (10, 50)
    put = load("asks", {'"wardian" "log"': '"wardian" "state_put"'}, grants=Grants(state=True))
    receipt = put.invoke("ask", ["key", "value"]).receipt
    assert receipt.host_calls == {"wardian.state_put": 1}
    assert receipt.state_bytes == len("key") + len(b"\x65value")


def test_a_capability_error_of_a_function_is_the_guests_to_handle(calling):
    def refuse(value):
        raise CapabilityError("not_found", f"no {value}", guest_code="E7")

    with pytest.raises(GuestError) as caught:
        calling(refuse).call("ask", "Ada")
    assert (caught.value.kind, caught.value.message, caught.value.guest_code) == ("not_found", "no Ada", "E7")


@pytest.mark.parametrize(
    "raised", [ValueError("bad"), RecursionError("deep"), MemoryError(), KeyError("k"), WardianError("w")]
)
def test_any_other_error_of_a_function_ends_the_call_and_is_its_cause(calling, raised):
    def fail(_):
        raise raised

    plugin = calling(fail)
    with pytest.raises(HostFunctionError) as caught:
        plugin.call("ask")
    assert caught.value.__cause__ is raised
    assert caught.value.__cause__.__traceback__.tb_next is not None or raised.__traceback__ is not None
    assert "`f` raised" in caught.value.message
    assert caught.value.where == "asks: ask"


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit])
def test_what_belongs_to_the_program_passes_around_the_guest(calling, kind):
    raised = kind(3)

    def leave(_):
        raise raised

    with pytest.raises(kind) as caught:
        calling(leave).call("ask")
    assert caught.value is raised


@pytest.mark.parametrize("reply", [..., {1: 2}, 2**64, "\ud800", {1, 2}, print], ids=repr)
def test_a_reply_that_cannot_be_encoded_ends_the_call(calling, reply):
    with pytest.raises(HostFunctionError) as caught:
        calling(lambda _: reply).call("ask")
    assert isinstance(caught.value.__cause__, TypeError)


def test_a_guest_that_asks_ends_by_itself_within_its_grace(load):
    plugin = load("ends_when_asked", limits=Limits(deadline="20s", host_calls=MOST))
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(plugin.call, "run")
        while not plugin.cancel(grace=10):
            time.sleep(0.001)
        assert call.result(5) is None


def test_a_guest_that_does_not_ask_is_ended_when_its_grace_is_over(load):
    plugin = load("spins", limits=Limits(deadline="20s"))
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(plugin.call, "spin")
        while not plugin.cancel(grace=0.1):
            time.sleep(0.001)
        began = time.monotonic()
        assert type(call.exception(5)) is Cancelled
        assert 0.05 < time.monotonic() - began < 0.3


def test_a_pool_of_four_serves_eight_threads_with_at_most_four_instances(calling):
    running, most, lock = 0, 0, threading.Lock()

    def enter(value):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.002)
        with lock:
            running -= 1
        return value

    plugin = calling(enter, instances=4)
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda number: plugin.call("ask", number), range(400))) == list(range(400))
    assert most == 4
    assert "4 of 4 instances, 0 in use" in repr(plugin)


def test_a_fresh_instance_for_each_call_keeps_nothing_but_state(load):
    plugin = load("counts", fresh=True)
    assert [plugin.call("next") for _ in range(3)] == [1, 1, 1]
    keeping = load("remembers", fresh=True, grants=Grants(state=True))
    assert [keeping.call("add") for _ in range(3)] == [1, 2, 3]


def test_a_plugin_is_opened_with_its_configuration_and_closed_once(load):
    closed = []
    with load("opens", config={"greeting": "Hi"}, functions={"closed": closed.append}, instance="one") as plugin:
        opened = plugin.call("opened")
        assert opened["config"] == {"greeting": "Hi"}
        assert (opened["context"]["plugin"], opened["context"]["instance"]) == ("opens", "one")
        assert plugin.entries == ("opened",)
    plugin.close()
    assert closed == [None]


def test_a_refused_configuration_is_the_operators_error(load):
    with pytest.raises(ConfigError, match="refuses its configuration: no") as caught:
        load("opens", config={"a": 1, "b": 2, "c": 3}, functions={"closed": print})
    assert isinstance(caught.value.__cause__, GuestError)


def test_runtime_and_plugin_are_context_managers(cache, guest):
    with wardian.Runtime(cache=cache) as runtime:
        with runtime.load(guest("echoes")) as plugin:
            assert plugin.name == "echoes"
            assert plugin.call("echo", 1) == 1
        other = runtime.load(guest("echoes"))
    for closed in (plugin, other):
        with pytest.raises(Cancelled, match="closed"):
            closed.call("echo", 1)
    with pytest.raises(WardianError, match="closed") as caught:
        runtime.load(guest("echoes"))
    assert caught.value.code == "closed"
    runtime.close()
    other.close()


def test_repr_says_what_it_is_and_in_which_state(load, runtime):
    plugin = load("counts", instance="one", instances=3)
    assert repr(plugin) == "<Plugin counts/one: next, fail, trap, lie, spin; 1 of 3 instances, 0 in use>"
    plugin.close()
    assert repr(plugin) == "<Plugin counts/one: next, fail, trap, lie, spin; closed>"
    assert repr(load("counts", fresh=True)).endswith("; a fresh instance for each call, 0 in use>")
    assert repr(runtime).startswith("<Runtime: ")


def test_closing_while_a_call_runs_ends_the_call(load):
    plugin = load("spins", limits=Limits(deadline="20s"))
    with ThreadPoolExecutor(1) as threads:
        call = threads.submit(plugin.call, "spin")
        while "1 in use" not in repr(plugin):
            time.sleep(0.001)
        began = time.monotonic()
        plugin.close()
        assert time.monotonic() - began < 1
        assert type(call.exception()) is Cancelled


def test_closing_ends_also_the_call_that_is_about_to_begin(load):
    with ThreadPoolExecutor(3) as threads:
        for attempt in range(60):
            plugin = load("spins", limits=Limits(deadline="20s"), instances=2)
            calls = [threads.submit(plugin.call, "spin") for _ in range(3)]
            time.sleep(attempt * 1e-5)  # so that the calls are each time a little further
            began = time.monotonic()
            plugin.close()
            assert time.monotonic() - began < 1
            assert [type(call.exception(5)) for call in calls] == [Cancelled] * 3


STATE = {"grants": Grants(state=True)}


def test_plugins_and_instances_of_other_names_do_not_share_state(load):
    for named in ({"name": "one"}, {"name": "two"}, {"name": "one", "instance": "other"}):
        assert load("remembers", **named, **STATE).call("add") == 1
    assert load("remembers", name="one", **STATE).call("add") == 2


@pytest.mark.parametrize(
    "end", [("fail", GuestError), ("trap", Trap), ("lie", AbiViolation), ("spin", DeadlineExceeded)]
)
def test_state_of_a_failed_call_is_as_it_was(load, end):
    plugin = load("remembers", limits=Limits(deadline="50ms"), **STATE)
    assert plugin.call("add") == 1
    with pytest.raises(end[1]):
        plugin.call(f"add_and_{end[0]}")
    assert plugin.call("add") == 2


WRONG = {
    "a number as the source": ((1,), {}, TypeError),
    "no such file": (("missing.wasm",), {}, PackageError),
    "text as bytes": ((b"(module)",), {}, PackageError),
    "no bytes": ((b"",), {}, PackageError),
    "no instances": ((), {"instances": 0}, ConfigError),
    "too many instances": ((), {"instances": 65}, ConfigError),
    "an empty name": ((), {"name": ""}, ConfigError),
    "an unprintable name": ((), {"name": "a\nb"}, ConfigError),
    "a long instance": ((), {"instance": "x" * 201}, ConfigError),
    "config that it does not take": ((), {"config": {"a": 1}}, ConfigError),
    "a function that is none": ((), {"functions": {"f": 1}}, ConfigError),
    "files without their grant": ((), {"files": {"a": b""}}, ConfigError),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_arguments_are_refused_with_a_typed_error(runtime, guest, name):
    source, arguments, kind = WRONG[name]
    with pytest.raises(kind) as caught:
        runtime.load(*(source or (guest("echoes"),)), **arguments)
    assert str(caught.value)


def test_a_call_that_cannot_be_made_is_refused_before_the_guest_is_entered(load):
    plugin = load("counts")
    for entry in ("missing", "memory", "wardian_alloc", "plugin_open", "", "__class__"):
        with pytest.raises(PackageError) as caught:
            plugin.call(entry)
        assert caught.value.code == "no_such_entry"
        assert "`next`" in caught.value.hint
    for value in (object(), {1: 2}, 2**64, {1}, "\ud800"):
        with pytest.raises(TypeError):
            plugin.call("next", value)
    assert plugin.call("next") == 1


FORK = """
import os, sys, warnings
import wardian
from support.wat import wasm_of

warnings.simplefilter("ignore", DeprecationWarning)  # later Pythons warn of a fork beside threads
wasm = wasm_of(open(sys.argv[2]).read())
runtime = wardian.Runtime(cache=sys.argv[1])
plugin = runtime.load(wasm)
assert plugin.call("echo", 1) == 1
if (child := os.fork()) == 0:
    for attempt in (lambda: plugin.call("echo", 1), lambda: runtime.load(wasm)):
        try:
            attempt()
        except wardian.WardianError as error:
            assert "fork" in str(error), error
        else:
            os._exit(1)
    plugin.close()
    runtime.close()
    with wardian.Runtime(cache=sys.argv[1]) as own:
        assert own.load(wasm).call("echo", 2) == 2
    os._exit(0)
_, status = os.waitpid(child, 0)
assert status == 0, status
assert plugin.call("echo", 3) == 3
runtime.close()
print("refused")
"""


def test_after_a_fork_the_child_is_refused_and_the_parent_goes_on(cache, guest):
    assert run(FORK, cache, guest("echoes")) == "refused\n"
