import threading
import time
from types import SimpleNamespace

import pytest

from wardian.capabilities.state import State
from wardian.errors import CapabilityError
from wardian.policy import Limits
from wardian.sandbox.deadline import Call
from wardian.state.contract import MAX_KEY, MAX_PAGE, MAX_TTL_MS, Scope
from wardian.state.memory import MemoryStore

INT_MAX, INT_MIN = 2**63 - 1, -(2**63)
SCOPE = Scope("plugin", "one")


@pytest.fixture
def store():
    with MemoryStore() as store:
        yield store


@pytest.fixture
def state(store):
    state = State(Limits(state_keys=20), store, SCOPE)
    yield state
    state.settle(succeeded=False)


@pytest.fixture
def call():
    return called()


def called(seconds=5.0):
    made = Call()
    made.deadline_at = time.monotonic_ns() + int(seconds * 1e9)
    return made


@pytest.mark.parametrize("value", [0, -1, 1.5, "text", b"bytes", True, [], {"a": [1, {b"b": "c"}]}, 2**64 - 1])
def test_any_item_is_kept_as_it_is(state, call, value):
    assert state.put(call, ["k", value]) is None
    assert state.get(call, "k") == value
    assert type(state.get(call, "k")) is type(value)


def test_a_text_names_the_same_key_as_its_bytes(state, call):
    state.put(call, ["ä", 1])
    assert state.get(call, "ä".encode()) == 1
    state.put(call, ["ä".encode(), 2])
    assert state.get(call, "ä") == 2
    assert state.delete(call, "ä".encode()) is True
    assert state.delete(call, "ä") is False
    assert state.get(call, "ä") is None


@pytest.mark.parametrize("key", ["", b"", None, 1, True, ["a"], "ä" * (MAX_KEY // 2 + 1), b"a" * (MAX_KEY + 1)])
def test_a_key_is_a_text_or_byte_string_of_1_to_512_bytes(state, call, key):
    for ask, request in (
        (state.get, key), (state.put, [key, 1]), (state.delete, key), (state.add, [key, 1]),
        (state.swap, [key, None, 1]),
    ):  # fmt: skip
        with pytest.raises(CapabilityError) as raised:
            ask(call, request)
        assert raised.value.kind == "invalid"
    state.put(call, [b"a" * MAX_KEY, 1])


@pytest.mark.parametrize("request_", [None, "k", [], ["k"], ["k", 1, 2, 3], {"key": "k"}, ("k", 1)])
def test_a_request_of_another_shape_is_invalid(state, call, request_):
    for ask in (state.put, state.add, state.swap, state.keys):
        with pytest.raises(CapabilityError, match="expected"):
            ask(call, request_)


@pytest.mark.parametrize("ttl", [0, -1, MAX_TTL_MS + 1, "1", 1.0, True])
def test_a_life_is_milliseconds_from_1_to_a_century(state, call, ttl):
    with pytest.raises(CapabilityError, match="ttl_ms"):
        state.put(call, ["k", 1, ttl])
    for right in (1, MAX_TTL_MS, None):
        state.put(call, ["k", 1, right])


def test_adding_begins_at_0_and_keeps_to_64_bits(state, call):
    assert state.add(call, ["n", INT_MAX]) == INT_MAX
    with pytest.raises(CapabilityError, match="64 bits"):
        state.add(call, ["n", 1])
    assert state.get(call, "n") == INT_MAX
    assert state.add(call, ["n", INT_MIN]) == -1
    assert state.add(call, ["n", INT_MIN + 1]) == INT_MIN
    with pytest.raises(CapabilityError, match="64 bits"):
        state.add(call, ["n", -1])
    assert state.get(call, "n") == INT_MIN


def test_a_counter_with_a_life_dies_when_it_would_have_without_being_added_to(store):
    state, other = (State(Limits(), store, SCOPE) for _ in range(2))
    state.put(called(), ["n", 1, 50])
    state.settle(succeeded=True)
    assert other.add(called(), ["n", 1]) == 2
    other.settle(succeeded=True)
    time.sleep(0.06)
    assert state.get(called(), "n") is None
    state.settle(succeeded=True)


@pytest.mark.parametrize("delta", [INT_MAX + 1, INT_MIN - 1, 1.0, "1", True, None])
def test_a_delta_is_a_whole_number_of_64_bits(state, call, delta):
    with pytest.raises(CapabilityError, match="delta"):
        state.add(call, ["n", delta])


@pytest.mark.parametrize("kept", [True, 1.0, "1", b"1", [1], {}])
def test_only_an_integer_can_be_added_to(state, call, kept):
    state.put(call, ["n", kept])
    with pytest.raises(CapabilityError, match="no integer"):
        state.add(call, ["n", 1])
    assert state.get(call, "n") == kept


def test_a_number_beyond_63_bits_can_be_added_to_when_the_sum_fits(state, call):
    state.put(call, ["n", 2**64 - 1])
    with pytest.raises(CapabilityError, match="64 bits"):
        state.add(call, ["n", 1])
    assert state.add(call, ["n", INT_MIN]) == INT_MAX


def test_a_swap_with_null_means_absent_on_both_sides(state, call):
    assert state.swap(call, ["k", 1, 2]) is False
    assert state.get(call, "k") is None
    assert state.swap(call, ["k", None, 1]) is True
    assert state.swap(call, ["k", None, 2]) is False
    assert state.swap(call, ["k", 1, None]) is True
    assert state.get(call, "k") is None
    assert state.swap(call, ["k", None, None]) is True


ALIKE = [1, 1.0, True]


@pytest.mark.parametrize("wrap", [lambda v: v, lambda v: [v], lambda v: {"a": v}, lambda v: [{"a": ["b", [v]]}]])
@pytest.mark.parametrize("kept", ALIKE)
@pytest.mark.parametrize("expected", ALIKE)
def test_a_swap_tells_1_and_1_0_and_true_apart_however_deep(state, call, wrap, kept, expected):
    state.put(call, ["k", wrap(kept)])
    assert state.swap(call, ["k", wrap(expected), "new"]) is (kept is expected)


def test_a_swap_tells_text_from_bytes_and_minds_no_order_of_keys(state, call):
    state.put(call, ["k", {"a": "x", "b": 1}])
    assert state.swap(call, ["k", {"a": b"x", "b": 1}, 0]) is False
    assert state.swap(call, ["k", {"a": "x"}, 0]) is False
    assert state.swap(call, ["k", {"b": 1, "a": "x"}, 0]) is True


def test_keys_come_in_the_order_of_their_bytes_page_by_page(state, call):
    for key in ("b", "aa", "a", "ä", "c"):
        state.put(call, [key, 1])
    assert state.keys(call, ["", None, 10]) == ["a", "aa", "b", "c", "ä"]
    assert state.keys(call, ["a", None, 10]) == ["a", "aa"]
    assert state.keys(call, ["", "aa", 2]) == ["b", "c"]
    assert state.keys(call, ["", None, 0]) == []
    assert state.keys(call, [b"", None, 1]) == [b"a"]
    assert state.keys(call, ["", b"c", 9]) == ["ä"]


def test_a_key_that_is_no_text_is_listed_as_bytes(state, call):
    state.put(call, [b"a\xff", 1])
    state.put(call, ["a", 1])
    assert state.keys(call, ["a", None, 9]) == ["a", b"a\xff"]


@pytest.mark.parametrize("limit", [-1, MAX_PAGE + 1, None, "1", True])
def test_a_page_is_of_at_most_10_000_keys(state, call, limit):
    with pytest.raises(CapabilityError, match="limit"):
        state.keys(call, ["", None, limit])


def test_what_is_over_a_quota_is_exhausted_and_the_call_goes_on(store, call):
    state = State(Limits(state_keys=1, state_value=8), store, SCOPE)
    state.put(call, ["a", "1234567"])
    for request, limit in ((["b", 1], "state_keys"), (["a", "12345678"], "state_value")):
        with pytest.raises(CapabilityError) as raised:
            state.put(call, request)
        assert (raised.value.kind, raised.value.limit) == ("exhausted", limit)
    state.settle(succeeded=True)
    assert state.get(call, "a") == "1234567"
    state.settle(succeeded=True)


def test_a_call_that_succeeds_keeps_all_and_one_that_fails_nothing(state, call):
    state.put(call, ["a", 1])
    state.settle(succeeded=True)
    state.put(call, ["a", 2])
    state.put(call, ["b", 2])
    assert state.used()["state_bytes"] > 0
    state.settle(succeeded=False)
    assert (state.get(call, "a"), state.get(call, "b")) == (1, None)
    state.settle(succeeded=True)
    assert state.used() == {"state_bytes": 0}
    state.settle(succeeded=True)  # nothing was used


def test_a_call_that_uses_no_state_holds_no_scope(store, state):
    other = State(Limits(), store, SCOPE)
    assert other.get(called(0.05), "a") is None
    other.settle(succeeded=True)


def test_waiting_for_the_scope_ends_with_the_deadline_or_the_call(store, state, call):
    """A thread of its own holds the scope: this one may not wait for itself."""
    holding, enough = threading.Event(), threading.Event()

    def hold():
        state.put(call, ["a", 1])
        holding.set()
        enough.wait()
        state.settle(succeeded=False)

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait()
    other = State(Limits(), store, SCOPE)
    start = time.monotonic()
    with pytest.raises(CapabilityError) as raised:
        other.get(called(0.05), "a")
    assert raised.value.kind == "transient"
    ended = called(60)
    threading.Timer(0.03, setattr, (ended, "ended_by", "deadline")).start()
    with pytest.raises(CapabilityError, match="has to end"):  # and not `Cancelled`: the mark says why
        other.get(ended, "a")
    assert time.monotonic() - start < 2.0
    enough.set()
    thread.join()


def test_a_commit_that_fails_is_raised_and_lets_the_scope_go():
    class Failing:
        written = 0

        def get(self, _key):
            return None

        def commit(self):
            raise CapabilityError("conflict", "somebody was quicker")

    state = State(Limits(), SimpleNamespace(begin=lambda *_, **__: Failing()), SCOPE)
    state.get(called(), "a")
    with pytest.raises(CapabilityError, match="quicker"):
        state.settle(succeeded=True)
    state.settle(succeeded=True)
