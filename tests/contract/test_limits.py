"""Every limit, hit by a real guest: it has its typed error, which names it, and nothing else is touched."""

import resource
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import pytest

from support.bombs import many_values
from support.lies import told
from wardian import (
    DeadlineExceeded,
    FuelExhausted,
    Grants,
    GuestError,
    HostCallsExceeded,
    LimitExceeded,
    Limits,
    MemoryExceeded,
    ReplyTooLarge,
    RequestTooLarge,
    StackExhausted,
)

STATE = {'"wardian" "log"': '"wardian" "state_put"'}
KEEP = Grants(state=True)

# The limit, what it is set to, the error, what was asked for, the guest, and its entry point with its requests.
HITS = [
    ("memory", 2**20, MemoryExceeded, 17 * 65_536, "grows", "insist", [None]),
    ("memory", 2**20, MemoryExceeded, 1001 * 65_536, "grows", "leap", [None]),
    ("memory", 2**20, MemoryExceeded, 2 * 2**20, "needs_memory", None, []),
    ("memory", 2**20, MemoryExceeded, 256, "has_no_room", "run", [None]),
    ("table_elements", 1_000, LimitExceeded, 1_200, "needs_table", None, []),
    ("stack", 64 * 2**10, StackExhausted, None, "recurses", "run", [None]),
    ("stack", 2 * 2**20, StackExhausted, None, "recurses", "run", [None]),
    ("fuel", 10_000, FuelExhausted, None, "spins", "spin", [None]),
    ("deadline", 0.02, DeadlineExceeded, None, "spins", "spin", [None]),
    ("deadline", 0.02, DeadlineExceeded, None, "spins_in_alloc", "run", [None]),
    ("start_deadline", 0.02, DeadlineExceeded, None, "spins_in_start", None, []),
    ("start_deadline", 0.02, DeadlineExceeded, None, "spins_in_initialize", None, []),
    ("start_deadline", 0.02, DeadlineExceeded, None, "spins_in_open", None, []),
    ("module", 100, LimitExceeded, 163, "echoes", None, []),
    ("request", 100, RequestTooLarge, 102, "echoes", "echo", ["x" * 100]),
    ("reply", 100, ReplyTooLarge, 102, "echoes", "echo", ["x" * 100]),
    ("items", 50, RequestTooLarge, None, "echoes", "echo", [[0] * 50]),
    ("depth", 4, RequestTooLarge, None, "echoes", "echo", [[[[[[]]]]]]),
    ("host_calls", 100, HostCallsExceeded, 101, "asks_forever", "run", [None]),
    ("log_bytes", 12, LimitExceeded, 15, "logs", "give_up", [None]),
    ("log_lines", 2, LimitExceeded, 3, "logs", "give_up", [None]),
    ("state_keys", 1, LimitExceeded, 2, "asks", "ask", [["a", 1], ["b", 1]]),
    ("state_bytes", 40, LimitExceeded, 44, "asks", "ask", [["a", "x" * 20], ["b", "x" * 20]]),
    ("state_value", 10, LimitExceeded, 12, "asks", "ask", [["a", "x" * 11]]),
    ("emitted", 4, LimitExceeded, 7, "emits", "insist", [[{"data": 1}] * 3]),
]
ELSEWHERE = {"compile_time", "compile_memory", "instances"}  # each with a test of its own below
SERVED = {"http_requests", "http_time", "http_response"}  # likewise, in `test_http.py`, which has a server


@pytest.fixture(autouse=True)
def _others_are_well(load):
    """Whatever a test did to its own plugins, others of the same process answer."""
    healthy = load("echoes", name="healthy")
    yield
    assert healthy.call("echo", {"still": ["here", 1]}) == {"still": ["here", 1]}


def arguments(name):
    if name == "emits":
        return {"grants": Grants(emit=True), "on_emit": lambda records: None}
    return {"replace": STATE, "grants": KEEP} if name == "asks" else {}


@pytest.mark.parametrize(
    ("limit", "value", "kind", "asked", "name", "entry", "requests"), HITS, ids=[f"{hit[0]}-{hit[4]}" for hit in HITS]
)
def test_a_limit_that_is_hit_names_itself_its_value_and_what_was_asked_for(
    load, limit, value, kind, asked, name, entry, requests
):
    with pytest.raises(LimitExceeded) as caught:  # noqa: PT012 - it is hit by loading, or by the last request
        plugin = load(name, limits=Limits(**{limit: value}), **arguments(name))
        for request in requests:
            plugin.call(entry, request)
    error = caught.value
    assert type(error) is kind
    assert (error.limit, error.value, error.asked) == (limit, value, asked)
    assert error.hint
    assert error.where
    assert str(error).count("\n") == 1


@pytest.mark.parametrize("entry", ["ask", "give_up"])
def test_the_same_guest_answers_when_the_limit_is_raised(load, entry):
    if entry == "ask":
        plugin = load("asks", replace=STATE, grants=KEEP, limits=Limits(state_keys=2))
        assert [plugin.call("ask", request) for request in (["a", 1], ["b", 1])] == [None, None]
    else:
        assert load("logs", limits=Limits(log_lines=10, log_bytes=50)).call("give_up") is None


def test_every_limit_is_tested():
    names = {field.name for field in fields(Limits)}
    assert names == {hit[0] for hit in HITS} | ELSEWHERE | SERVED
    assert len(names) == len({hit[0] for hit in HITS}) + len(ELSEWHERE) + len(SERVED)


def test_a_refused_growth_is_the_guests_to_handle(load):
    plugin = load("grows", limits=Limits(memory="1MiB"))
    assert plugin.invoke("cope").receipt.memory == 2**20
    assert load("grows_table", limits=Limits(table_elements=1_000)).call("cope") is None


def test_a_growth_within_the_limit_is_granted(load):
    assert load("grows", limits=Limits(memory="64MiB")).call("leap") is None
    assert load("grows_table", limits=Limits(table_elements=100_001)).call("insist") is None


@pytest.mark.parametrize("limit", ["items", "depth", "reply"])
def test_a_reply_is_bounded_as_a_request_is(load, limit):
    replies = {"items": b"\x98\x64" + b"\0" * 100, "depth": b"\x81" * 10 + b"\0", "reply": b"\x58\x64" + b"\0" * 100}
    plugin = load("obeys", limits=Limits(**{limit: 8}))
    with pytest.raises(ReplyTooLarge) as caught:
        plugin.call("answer", told(replies[limit]))
    assert (caught.value.limit, caught.value.value) == (limit, 8)


@pytest.mark.parametrize(
    ("limits", "request_", "limit"),
    [
        (Limits(request=9), "x" * 9, "request"),
        (Limits(items=3), [0, 0, 0], "items"),
        (Limits(depth=2), [[[]]], "depth"),
    ],
    ids=["request", "items", "depth"],
)
def test_a_request_to_the_host_is_bounded_too(load, limits, request_, limit):
    import cbor2

    plugin = load("asks", limits=limits)
    encoded = cbor2.dumps(request_)
    if limit == "request":
        # The caller's own request is bounded as well, so the guest makes the larger one up.
        plugin = load("lies_to_host", limits=limits)
        encoded = (0).to_bytes(4, "little") + (10).to_bytes(4, "little")
    with pytest.raises(RequestTooLarge) as caught:
        plugin.call_bytes("ask", encoded)
    assert caught.value.limit == limit


def test_a_reply_of_the_host_is_bounded_too(load):
    replace = {'"wardian" "log"': '"app" "answer"'}
    plugin = load("asks", replace, limits=Limits(reply=100), functions={"answer": lambda _: "x" * 100})
    with pytest.raises(ReplyTooLarge) as caught:
        plugin.call("ask")
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("reply", 100, 102)


@pytest.mark.parametrize("limits", [{"log_lines": 2}, {"log_bytes": 12}], ids=["log_lines", "log_bytes"])
def test_a_guest_may_go_on_without_its_log_lines_and_the_receipt_counts_them(load, limits):
    receipt = load("logs", limits=Limits(**limits)).invoke("go_on").receipt
    assert (receipt.log_lines, receipt.log_bytes, receipt.log_dropped) == (2, 10, 8)


def test_a_log_quota_is_whole_again_in_the_next_call(load):
    plugin = load("logs", limits=Limits(log_lines=4))
    assert [plugin.invoke("go_on").receipt.log_lines for _ in range(3)] == [4, 4, 4]


def test_a_guest_that_gives_up_on_a_quota_is_whole_and_its_own_error_is_the_cause(load):
    plugin = load("asks", replace=STATE, grants=KEEP, limits=Limits(state_keys=1))
    plugin.call("ask", ["a", 1])
    with pytest.raises(LimitExceeded) as caught:
        plugin.call("ask", ["b", 1])
    cause = caught.value.__cause__
    assert isinstance(cause, GuestError)
    assert (cause.kind, cause.guest_code) == ("exhausted", "state_keys")
    assert cause.details == {"limit": "state_keys", "value": 1, "asked": 2}
    plugin.call("ask", ["a", 2])


def test_instances_are_as_many_as_allowed_and_the_next_caller_waits_and_is_told(load):
    plugin = load("spins", limits=Limits(deadline="400ms", start_deadline="50ms"))
    with ThreadPoolExecutor(1) as threads:
        spinning = threads.submit(plugin.call, "spin")
        while "1 in use" not in repr(plugin):
            time.sleep(0.001)
        with pytest.raises(LimitExceeded) as caught:
            plugin.call("answer")
        assert isinstance(spinning.exception(), DeadlineExceeded)
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("instances", 1, 2)
    assert caught.value.hint
    assert plugin.call("answer") is None


def test_a_module_of_any_size_is_refused_by_its_size_alone(runtime, guest, tmp_path):
    path = tmp_path / "large.wasm"
    with path.open("wb") as file:
        file.truncate(2**34)
    with pytest.raises(LimitExceeded) as caught:
        runtime.load(path)
    assert (caught.value.limit, caught.value.asked) == ("module", 2**34)
    with pytest.raises(LimitExceeded) as caught:
        runtime.load(guest("echoes"), limits=Limits(module=8))
    assert caught.value.limit == "module"


BOMBS = {
    "compile_time": (many_values(40_000), Limits(compile_time="1s", compile_memory="2GiB")),
    "compile_memory": (many_values(20_000), Limits(compile_time="20s", compile_memory="256MiB")),
}


@pytest.mark.parametrize("limit", BOMBS)
def test_a_module_that_makes_the_compiler_explode_takes_only_the_compiler_with_it(runtime, limit):
    wasm, limits = BOMBS[limit]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(LimitExceeded) as caught:
        runtime.load(wasm, limits=limits)
    error = caught.value
    assert (error.limit, error.value) == (limit, getattr(limits, limit))
    assert error.hint
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20 * 2**10  # KiB
    with pytest.raises(LimitExceeded) as again:
        runtime.load(wasm, limits=limits)
    assert again.value.limit == limit
