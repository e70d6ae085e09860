"""Every SDK keeps every promise of the ABI on items, replies, errors and memory: the probe of each language."""

from __future__ import annotations

import threading

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wardian
from support.probes import GRANTS, KINDS, LANGUAGES, PATIENT, meaning, refusal, shown, vectors
from wardian import (
    ConfigError,
    DeadlineExceeded,
    GuestError,
    LimitExceeded,
    Limits,
    RequestTooLarge,
    Trap,
    WardianError,
)
from wardian.plugins.instances import memory

# ---- Items ----


def test_each_accepted_item_is_read_and_written_with_its_meaning(probe, language):
    wrong = {}
    for name, data in vectors("accept"):
        for reply in (probe.call_bytes("probe_echo", data), probe.call_bytes("probe_decode", cbor2.dumps(data))):
            if meaning(reply or b"\xf6", language) != meaning(data, language):
                wrong[name] = reply.hex()
    assert wrong == {}


def test_each_rejected_item_fails_its_call_and_the_instance_lives_on(probe):
    accepted = []
    begun = probe.call("probe_calls")
    for name, data in vectors("reject"):
        for entry, request in (("probe_echo", data), ("probe_decode", cbor2.dumps(data))):
            try:
                accepted.append((name, entry, probe.call_bytes(entry, request).hex()))
            except GuestError as error:
                if error.kind != "invalid":
                    accepted.append((name, entry, str(error)))
    assert accepted == []
    assert probe.call("probe_calls") == begun + 1


def test_a_part_of_an_item_or_more_than_it_is_refused(probe):
    for name, data in vectors("accept")[::3]:
        for wrong in [data[:size] for size in range(len(data))] + [data + b"\0", data + b"\xff", data + data]:
            with pytest.raises(GuestError, match="invalid"):
                pytest.fail(f"{name}: {wrong.hex()} gave {probe.call_bytes('probe_echo', wrong).hex()}")


items = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=8) | st.dictionaries(st.text() | st.binary(), inner, max_size=8),
    max_leaves=30,
)


@pytest.fixture(scope="module", params=LANGUAGES)
def echo(request, probe_wasm, cache):
    """Sends an item to the probe of each language and back, on one instance."""
    with wardian.Runtime(cache=cache) as runtime:
        plugin = runtime.load(
            probe_wasm(request.param), name="echo", grants=GRANTS, functions={"probe": id}, on_emit=print,
            limits=PATIENT,
        )  # fmt: skip
        yield request.param, lambda item: plugin.call("probe_echo", item)


@settings(max_examples=40)
@given(item=items)
def test_any_item_comes_back_as_it_was(echo, item):
    language, send = echo
    assert shown(send(item), language) == shown(item, language)


@pytest.mark.parametrize("item", [None, "", b"", [], {}, [[]], [{}], {"": None}, [None], "\0", "ü€😀", b"\0\xff"])
def test_what_is_empty_or_odd_stays_what_it_is(probe, item):
    assert repr(probe.call("probe_echo", item)) == repr(item)


def test_requests_of_every_size_arrive_whole(probe):
    around = [at + step for at in (64, 256, 512, 1024, 4096, 65_536) for step in (-2, -1, 0, 1, 2)]
    for size in [*range(40), *around, 1_000_003]:
        item = bytes(at * 7 & 0xFF for at in range(size))
        assert probe.call("probe_echo", item) == item
        assert probe.call("probe_echo", [item, size]) == [item, size]


def test_the_largest_request_and_reply_arrive_and_one_byte_more_is_refused_before_it_is_sent(load_probe):
    probe = load_probe(limits=Limits(request=300_000, reply=300_000, deadline=20, start_deadline=20))
    most = b"w" * (300_000 - 5)
    assert probe.call("probe_echo", most) == most
    with pytest.raises(RequestTooLarge):
        probe.call("probe_echo", most + b"w")
    with pytest.raises(LimitExceeded) as caught:
        probe.call("probe_large", 300_000)
    assert caught.value.limit == "reply"
    assert probe.call("probe_echo", 1) == 1


def test_replies_may_be_as_deep_as_the_abi_allows_and_no_deeper(probe):
    deep = []
    for _ in range(63):
        deep = [deep]
    assert probe.call("probe_deep", 64) == probe.call("probe_echo", deep) == deep
    assert refusal(probe, "probe_deep", 65).kind == "internal"
    assert probe.call("probe_deep", 1) == []


def test_replies_may_be_large_and_of_many_items(probe):
    assert probe.call("probe_large", 2_000_000) == b"w" * 2_000_000
    assert probe.call("probe_many", 50_000) == list(range(50_000))
    text = "ü" * 200_000
    assert probe.call("probe_echo", text) == text


def test_a_time_is_read_as_seconds_and_nanoseconds(probe):
    for data, both in (
        (b"\xc1\x19\x03\xe8", [1000, 0]),
        (b"\xc1" + cbor2.dumps(-0.25), [-1, 750_000_000]),
        (b"\xc0" + cbor2.dumps("2000-02-29T12:30:45.123456789-01:30"), [951_832_845, 123_456_789]),
    ):
        assert cbor2.loads(probe.call_bytes("probe_time", data)) == both


# ---- Replies and errors ----


def test_null_has_no_bytes_or_is_one(probe):
    assert probe.call_bytes("probe_null", b"\xf6") in (b"", b"\xf6")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_error_arrives_with_all_it_says(probe, kind):
    least = {"kind": kind, "message": "why ü"}
    more = {"code": "E1", "retry_after_ms": 250, "details": {"at": [1, 2]}}
    for asked, rest in ((least, (None, None, None)), ({**least, **more}, tuple(more.values()))):
        caught = refusal(probe, "probe_fail", asked)
        assert (caught.kind, caught.message) == (kind, "why ü")
        assert (caught.guest_code, caught.retry_after_ms, caught.details) == rest


def test_a_panic_or_an_exception_arrives_with_its_message(probe, lines):
    with pytest.raises((GuestError, Trap)) as caught:
        probe.call("probe_panic", "the tank is empty")
    heard = [line.message for line in lines if line.level == "error"]
    assert any("the tank is empty" in each for each in [str(caught.value), *heard])
    assert isinstance(caught.value, Trap) or caught.value.kind == "internal"
    assert probe.call("probe_echo", "on") == "on"


def test_a_trap_ends_its_call_and_the_next_one_works(probe):
    with pytest.raises((GuestError, Trap)):
        probe.call("probe_trap")
    assert probe.call("probe_echo", "on") == "on"


def test_a_loop_without_end_is_over_at_its_deadline(load_probe):
    probe = load_probe(limits=Limits(deadline="300ms", start_deadline=20))
    with pytest.raises(DeadlineExceeded):
        probe.call("probe_spin")
    assert probe.call("probe_echo", "on") == "on"


def test_a_request_without_room_in_memory_fails_its_call_and_nothing_else(load_probe, probe):
    probe.call("probe_null")  # an instance is made for its first call
    room = memory(probe) + 3 * 2**20
    probe.close()
    probe = load_probe(limits=Limits(memory=room, deadline=20, start_deadline=20))
    with pytest.raises(WardianError):
        probe.call("probe_echo", b"w" * (room - 2**20))
    assert probe.call("probe_echo", "on") == "on"


# ---- What lasts ----


def test_an_instance_keeps_its_configuration_and_what_it_counted(load_probe):
    probe = load_probe(config={"greeting": "Grüße", "list": [1, 2]})
    assert probe.call("probe_config") == {"greeting": "Grüße", "list": [1, 2]}
    probe.call("probe_echo", b"x" * 300_000)
    assert probe.call("probe_config") == {"greeting": "Grüße", "list": [1, 2]}
    assert [probe.call("probe_calls") for _ in range(3)] == [1, 2, 3]


def test_a_configuration_may_be_refused_with_a_reason(load_probe):
    with pytest.raises(ConfigError, match="not this one"):
        load_probe(config={"refuse": "not this one"}).call("probe_null")


def settled(probe, act):
    """The memory of the probe once it has its size, which collectors of garbage find within some thousand calls."""
    sizes = []
    for _ in range(12):
        act()
        sizes.append(memory(probe))
        if len(sizes) >= 4 and len({*sizes[-4:]}) == 1:
            return sizes[-1]
    pytest.fail(f"memory grows: {sizes}")


def test_ten_thousand_calls_leave_memory_as_it_was(probe):
    def call():
        for _ in range(2_000):
            probe.call("probe_echo", {"list": list(range(20)), "text": "some text " * 10})

    before = settled(probe, call)
    for _ in range(5):
        call()
    assert memory(probe) == before


@pytest.mark.parametrize(
    ("entry", "sent"), [("probe_echo", b"w" * 60_000), ("probe_state_put", ["key", b"w" * 60_000])], ids=lambda _: ""
)
def test_sixty_megabytes_leave_memory_as_it_was(probe, entry, sent):
    def call():
        for _ in range(100):
            probe.call(entry, sent)

    before = settled(probe, call)
    for _ in range(10):
        call()
    assert memory(probe) == before


def test_thousands_of_answers_of_the_host_leave_memory_as_it_was(probe):
    probe.call("probe_state_put", ["key", "a value of some length"])
    before = settled(probe, lambda: probe.call("probe_asks", 9_000))
    for _ in range(3):
        assert probe.call("probe_asks", 9_000) == 9_000
    assert memory(probe) == before


def test_threads_call_instances_of_their_own(load_probe):
    probe = load_probe(instances=4)
    failed = []

    def call(number):
        wrong = (turn for turn in range(50) if probe.call("probe_echo", [number, turn]) != [number, turn])
        failed.extend(wrong)

    threads = [threading.Thread(target=call, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
