"""The C SDK, compiled with the real toolchain and driven through the ABI alone."""

import json
import time
from pathlib import Path

import cbor2
import pycddl
import pytest
import wasmtime
from hypothesis import given, settings
from hypothesis import strategies as st

from support.c_guests import ANSWERS, PROBE, compile_guest
from support.raw_guest import GuestFailed, GuestOutOfMemory, RawGuest, Refused
from wardian.abi.codec import Bounds, CodecError, decode

ROOT = Path(__file__).parents[2]
ABI = ROOT / "sdk" / "abi"
EXAMPLES = ROOT / "guest_examples"
BOUNDS = Bounds(size=2**20, items=100_000, depth=64)
KINDS = (
    "invalid", "config", "transient", "denied", "exhausted", "not_found", "conflict", "unimplemented", "internal",
)  # fmt: skip


@pytest.fixture(scope="session")
def probe_wasm(tmp_path_factory):
    return compile_guest(PROBE, tmp_path_factory.mktemp("c") / "probe.wasm")


@pytest.fixture(scope="session")
def checked_probe_wasm(tmp_path_factory):
    """The probe with a trap wherever C leaves behaviour undefined."""
    output = tmp_path_factory.mktemp("c") / "checked_probe.wasm"
    return compile_guest(PROBE, output, "-fsanitize=undefined", "-fsanitize-trap=undefined")


@pytest.fixture
def probe(probe_wasm):
    return RawGuest(probe_wasm, functions={"probe": lambda item: item})


@pytest.fixture(scope="module")
def checked_probe(checked_probe_wasm):
    return RawGuest(checked_probe_wasm, functions={"probe": lambda item: item})


def vectors(folder):
    return [
        pytest.param(bytes.fromhex(vector["hex"]), id=f"{path.stem}: {vector['name']}")
        for path in sorted((ABI / "vectors" / folder).glob("*.json"))
        for vector in json.loads(path.read_text("utf-8"))
    ]


def meaning(data):
    """What the bytes mean, as a text that tells 1, 1.0 and True apart, 0.0 and -0.0, and shows NaN equal to NaN."""
    return repr(decode(data, BOUNDS))


# ---- CBOR ----


@pytest.mark.parametrize("data", vectors("accept"))
def test_an_accepted_item_is_read_and_written_with_its_meaning(checked_probe, data):
    failed, reply = checked_probe.call_bytes("probe_echo", data)
    assert (failed, meaning(reply)) == (False, meaning(data))
    failed, reply = checked_probe.call_bytes("probe_decode", cbor2.dumps(data))
    assert (failed, meaning(reply)) == (False, meaning(data))


@pytest.mark.parametrize("data", vectors("reject"))
def test_a_rejected_item_fails_the_call_and_the_instance_lives_on(checked_probe, data):
    failed, reply = checked_probe.call_bytes("probe_echo", data)
    assert failed
    assert cbor2.loads(reply)["kind"] == "invalid"
    assert checked_probe.call("probe_echo", "still here") == "still here"


@pytest.mark.parametrize("data", vectors("accept"))
def test_a_part_of_an_item_or_more_than_it_is_refused(checked_probe, data):
    for wrong in [data[:size] for size in range(len(data))] + [data + b"\0", data + b"\xff", data + data]:
        assert checked_probe.call_bytes("probe_echo", wrong)[0], wrong.hex()


items = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text() | st.binary(), inner, max_size=20),
    max_leaves=60,
)


@settings(deadline=None)
@given(item=items)
def test_any_item_comes_back_as_it_was(checked_probe, item):
    assert repr(checked_probe.call("probe_echo", item)) == repr(item)


@settings(deadline=None, max_examples=500)
@given(item=items, changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4))
def test_host_and_guest_agree_on_what_an_item_is(checked_probe, item, changes):
    data = bytearray(cbor2.dumps(item))
    for place, byte in changes:
        data[place % len(data)] = byte
    try:
        expected = meaning(bytes(data))
    except CodecError:
        expected = None
    failed, reply = checked_probe.call_bytes("probe_echo", bytes(data))
    assert (None if failed else meaning(reply)) == expected, bytes(data).hex()


def test_a_large_map_is_checked_for_duplicates_in_reasonable_time(probe):
    keys = {f"key {number}": number for number in range(50_000)}
    started = time.perf_counter()
    assert probe.call("probe_echo", keys) == keys
    assert time.perf_counter() - started < 2
    pairs = b"".join(cbor2.dumps(key) + cbor2.dumps(value) for key, value in [*keys.items(), ("key 7", 0)])
    failed, reply = probe.call_bytes("probe_echo", b"\xbf" + pairs + b"\xff")
    assert failed
    assert "twice" in cbor2.loads(reply)["message"]


def test_a_time_is_read_as_seconds_and_nanoseconds(probe):
    assert cbor2.loads(probe.call_bytes("probe_time", b"\xc1\x19\x03\xe8")[1]) == [1000, 0]
    assert cbor2.loads(probe.call_bytes("probe_time", b"\xc1" + cbor2.dumps(-0.25))[1]) == [-1, 750_000_000]
    text = cbor2.dumps("2000-02-29T12:30:45.123456789-01:30")
    assert cbor2.loads(probe.call_bytes("probe_time", b"\xc0" + text)[1]) == [951_832_845, 123_456_789]


# ---- Replies and errors ----


def test_null_has_no_bytes(probe):
    assert probe.call_bytes("probe_null", b"\xf6") == (False, b"")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_error_arrives_with_all_it_says(probe, kind):
    least = {"kind": kind, "message": "why ü"}
    for error in (least, {**least, "code": "E1", "retry_after_ms": 250, "details": {"at": [1, 2]}}):
        with pytest.raises(GuestFailed) as failed:
            probe.call("probe_fail", error)
        assert failed.value.error == error


@pytest.mark.parametrize("mistake", ["no end", "stray end", "two items", "bad text", "bad key", "no value"])
def test_a_mistake_in_writing_is_an_internal_error_and_not_a_broken_reply(probe, mistake):
    with pytest.raises(GuestFailed, match=r"\[internal\]"):
        probe.call("probe_mistake", mistake)


def test_replies_may_be_as_deep_as_the_abi_allows_and_no_deeper(probe):
    reply = probe.call_bytes("probe_deep", cbor2.dumps(64))[1]
    assert reply == b"\x9f" * 64 + b"\xff" * 64
    with pytest.raises(GuestFailed, match="nests too deep"):
        probe.call("probe_deep", 65)


def test_replies_and_requests_may_be_large(probe):
    assert probe.call("probe_large", 5_000_000) == b"w" * 5_000_000
    assert probe.call("probe_many", 100_000) == list(range(100_000))
    assert probe.call("probe_echo", "ü" * 1_000_000) == "ü" * 1_000_000


def test_formats_what_printf_formats(probe):
    assert probe.call("probe_format") == ("-1 -9223372036854775808 4294967295 18446744073709551615 ff text cut c 4 -2%")


# ---- Memory ----


def test_no_call_leaves_memory_behind(probe):
    probe.call("probe_echo", list(range(1000)))
    before = probe.memory_size
    for _ in range(2_000):
        probe.call("probe_echo", list(range(1000)))
    probe.call("probe_asks", 100_000)
    assert probe.memory_size == before


def test_what_was_kept_outlives_calls_and_larger_requests(probe):
    probe.call("plugin_open", {"config": {"greeting": "Grüße", "list": [1, 2]}})
    probe.call("probe_echo", b"x" * 300_000)
    assert probe.call("probe_config") == {"greeting": "Grüße", "list": [1, 2]}
    assert [probe.call("probe_calls") for _ in range(3)] == [1, 2, 3]


def test_out_of_memory_fails_the_call_and_the_instance_lives_on(probe_wasm):
    guest = RawGuest(probe_wasm, functions={"probe": lambda item: item}, memory=1_000_000)
    for entry, request in (("probe_large", 2_000_000), ("probe_many", 1_000_000), ("probe_large", 2**32 - 1)):
        with pytest.raises(GuestFailed, match=r"\[exhausted\] out of memory"):
            guest.call(entry, request)
    with pytest.raises(GuestFailed, match=r"\[exhausted\] out of memory"):
        guest.call("probe_echo", "x" * 700_000)  # there is room for the request, but not for the reply as well
    with pytest.raises(GuestOutOfMemory):
        guest.call("probe_echo", b"x" * 2_000_000)
    assert guest.call("probe_echo", "still here") == "still here"


FOREIGN = """
#include "wardian.h"

static uint8_t *mine;

/* null -> null: takes a page of memory beside the SDK, as another allocator does, and writes all of it */
WARDIAN_ENTRY(take_page) {
    (void)request;
    mine = (uint8_t *)(__builtin_wasm_memory_grow(0, 1) * 65536);
    for (size_t i = 0; i < 65536; i++) mine[i] = 0x77;
    return wardian_null();
}

/* n -> whether the page is as it was after n bytes of the arena were written */
WARDIAN_ENTRY(fill) {
    uint64_t size = 0;
    wardian_as_uint(request, &size);
    uint8_t *block = wardian_scratch((size_t)size);
    bool whole = block != NULL;
    for (size_t i = 0; whole && i < size; i++) block[i] = 0x11;
    for (size_t i = 0; i < 65536; i++) whole = whole && mine[i] == 0x77;
    wardian_writer reply = wardian_write();
    wardian_put_bool(&reply, whole);
    return wardian_reply(&reply);
}
"""


def test_memory_that_somebody_else_took_is_never_written(tmp_path):
    source = tmp_path / "foreign.c"
    source.write_text(FOREIGN)
    guest = RawGuest(compile_guest(source, tmp_path / "foreign.wasm"))
    guest.call("take_page")
    assert [guest.call("fill", size) for size in (100_000, 100, 300_000, 100_000, 300_000, 65_536)] == [True] * 6
    guest.call("take_page")
    assert [guest.call("fill", size) for size in (400_000, 100, 600_000, 200_000)] == [True] * 4
    guest.call("fill", b"x" * 500_000)  # a request that needs a larger buffer
    guest.call("fill", 600_000)
    before = guest.memory_size
    assert [guest.call("fill", 600_000) for _ in range(50)] == [True] * 50
    assert guest.memory_size == before


def test_keys_are_compared_across_memory_that_somebody_else_took(tmp_path):
    source = tmp_path / "foreign.c"
    source.write_text(FOREIGN)
    module = compile_guest(source, tmp_path / "foreign.wasm")
    outer = [{f"{number}": number for number in range(20_000)}, [{"a": 1}, {}]]
    whole = cbor2.dumps({"before": outer, "behind": outer})
    for request, message in ((whole, b""), (whole.replace(b"behind", b"before"), b"a key comes twice")):
        guest = RawGuest(module)
        guest.call("take_page")
        guest.call("fill", bytes(len(request)))  # there is room for the request, but not for its keys
        guest.call("take_page")
        failed, reply = guest.call_bytes("fill", request)
        assert failed == bool(message), reply
        assert message in reply


# ---- Imports ----


def test_each_import_asks_as_the_abi_says_and_gives_the_answer(probe):
    cddl = (ABI / "abi.cddl").read_text("utf-8")
    for name, request, answer in ANSWERS:
        assert probe.call(f"probe_{name}", request) == answer, name
        asked, sent = probe.asked[-1]
        assert asked == name
        shared = {"action_call": "action-call-host", "extension_call": "extension-call-host"}
        rule = shared.get(name, name.replace("_", "-"))
        pycddl.Schema(f"start = {rule}-request\n{cddl}").validate_cbor(sent)
    assert probe.logs == [[2, "a line"], [4, "with fields", {"user": 7}]]
    assert probe.metrics == [["seconds", "histogram", 0.5, {"path": "/"}], ["seen", "counter", 1.0, None]]


def test_the_clock_gives_both_times(probe_wasm):
    guest = RawGuest(probe_wasm, functions={"probe": None}, host={"clock_now": lambda _: [2**62, 7]})
    assert guest.call("probe_clock_now") == [2**62, 7]


def test_a_guest_learns_that_it_is_cancelled(probe_wasm):
    guest = RawGuest(probe_wasm, functions={"probe": None}, host={"cancelled": lambda _: True})
    assert guest.call("probe_cancelled") is True


@pytest.mark.parametrize("item", [None, 0, "text", b"bytes", {"a": [1.5, None]}, "x" * 200_000])
def test_a_function_of_the_application_takes_and_gives_any_item(probe, item):
    assert probe.call("probe_app", item) == item


@pytest.mark.parametrize("name", sorted({name for name, _, _ in ANSWERS} - {"cancelled"} | {"clock_now"}))
def test_an_error_of_the_host_is_passed_on_whole(probe_wasm, name):
    error = {"kind": "exhausted", "message": "enough", "code": "quota", "retry_after_ms": 5, "details": {"left": 0}}

    def refuse(_):
        raise Refused(**error)

    guest = RawGuest(probe_wasm, functions={"probe": None}, host={name: refuse})
    request = next((request for one, request, _ in ANSWERS if one == name), None)
    with pytest.raises(GuestFailed) as failed:
        guest.call(f"probe_{name}", request)
    assert failed.value.error == error


def test_an_answer_of_another_type_is_an_error_and_no_guess(probe_wasm):
    guest = RawGuest(probe_wasm, functions={"probe": None}, host={"state_add": lambda _: "many"})
    with pytest.raises(GuestFailed, match="wrong type"):
        guest.call("probe_state_add", ["key", 1])


def test_a_trap_shows_the_names_of_functions(probe):
    with pytest.raises(wasmtime.Trap, match="wardian_entry_probe_trap"):
        probe.call("probe_trap")
