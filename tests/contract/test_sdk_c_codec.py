"""How the C SDK reads and writes what the vectors only touch: heads at the borders of their widths, floats, keys."""

import itertools
import random
import struct
import time

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.c_guests import PROBE, compile_guest
from support.raw_guest import GuestFailed, RawGuest

WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}  # what the lower bits of a head say: so many bytes follow
BORDERS = sorted({border + near for border in (0, 24, 2**8, 2**16) for near in (-1, 0, 1)} - {-1})
LARGE = [2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1]


@pytest.fixture(scope="module")
def probe(tmp_path_factory):
    """With a trap wherever C leaves behaviour undefined."""
    output = tmp_path_factory.mktemp("c") / "probe.wasm"
    traps = ("-fsanitize=undefined", "-fsanitize-trap=undefined")
    return RawGuest(compile_guest(PROBE, output, *traps), functions={"probe": lambda item: item})


def heads(major, value):
    """The heads that say this, the shortest first."""
    short = [bytes([major << 5 | value])] if value < 24 else []
    fitting = [(info, size) for info, size in WIDTHS.items() if value < 256**size]
    return short + [bytes([major << 5 | info]) + value.to_bytes(size, "big") for info, size in fitting]


def echo(probe, data):
    failed, reply = probe.call_bytes("probe_echo", data)
    assert not failed, reply
    return reply


# ---- Heads ----


@pytest.mark.parametrize("value", [*BORDERS, *LARGE])
def test_integers_are_read_in_heads_of_each_width_and_written_in_the_shortest(probe, value):
    for major in (0, 1) if value < 2**63 else (0,):
        written = heads(major, value)
        assert {echo(probe, head) for head in written} == {written[0]}


@pytest.mark.parametrize("size", BORDERS)
def test_strings_are_read_in_heads_of_each_width_and_written_in_the_shortest(probe, size):
    content = b"y" * size
    for major in (2, 3):
        written = [head + content for head in heads(major, size)]
        assert {echo(probe, data) for data in written} == {written[0]}
        for end in {0, size, *range(1, min(size, 70))}:
            parts = b"".join(heads(major, len(part))[-1] + part for part in (content[:end], content[end:]))
            assert echo(probe, bytes([major << 5 | 31]) + parts + b"\xff") == written[0]
        chunks = b"".join(heads(major, 1)[0] + b"y" for _ in range(size))
        assert echo(probe, bytes([major << 5 | 31]) + chunks + b"\xff") == written[0]


@pytest.mark.parametrize("size", BORDERS)
def test_lists_and_maps_are_read_in_heads_of_each_width_and_without_a_length(probe, size):
    items = [cbor2.dumps(number) for number in range(size)]
    pairs = [cbor2.dumps(f"{number}") + b"\xf6" for number in range(size)]
    for major, content in ((4, b"".join(items)), (5, b"".join(pairs))):
        endless = bytes([major << 5 | 31]) + content + b"\xff"
        assert {echo(probe, data) for data in [*(head + content for head in heads(major, size)), endless]} == {endless}


@pytest.mark.parametrize("claimed", [2, 2**31, 2**32 - 1, 2**32, 2**63, 2**63 + 1, 2**64 - 1])
def test_a_length_that_the_bytes_do_not_have_is_refused_however_large(probe, claimed):
    for major, content in ((2, b"y"), (3, b"y"), (4, b"\0"), (5, b"\x61y\0")):
        for head in heads(major, claimed):
            failed, reply = probe.call_bytes("probe_echo", head + content)
            assert failed, (head, reply)
            assert "ends too early" in cbor2.loads(reply)["message"]


# ---- Floats and texts ----


def test_each_float_of_16_bits_and_many_of_32_have_their_value(probe):
    halves = [struct.pack(">H", bits) for bits in range(65_536)]
    draw = random.Random(1)
    singles = [struct.pack(">I", draw.getrandbits(32)) for _ in range(20_000)]
    for mark, form, all_of_them in ((b"\xf9", ">e", halves), (b"\xfa", ">f", singles)):
        data = b"\x9f" + b"".join(mark + bits for bits in all_of_them) + b"\xff"
        read = cbor2.loads(echo(probe, data))
        assert [repr(value) for value in read] == [repr(struct.unpack(form, bits)[0]) for bits in all_of_them]


def test_a_text_is_taken_exactly_when_it_is_utf_8(probe):
    """Each first byte with what is at the borders of those that follow, in each place among eight bytes."""
    seconds, more = (0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0), (0x41, 0x80, 0xBF)
    for number, given_bytes in enumerate(itertools.product(range(0x80, 0x100), seconds, more, more)):
        text = b"x" * (number % 9) + bytes(given_bytes[: 2 + number % 3]) + b"y" * (number // 9 % 9)
        try:
            text.decode()
            expected = False
        except UnicodeDecodeError:
            expected = True
        assert probe.call_bytes("probe_time", heads(3, len(text))[0] + text)[1].count(b"UTF-8") == expected, text.hex()


# ---- Maps ----

keys = st.lists(st.text("ab", max_size=3) | st.binary(max_size=2), max_size=24)


@settings(deadline=None, max_examples=300)
@given(keys=keys, endless=st.booleans())
def test_a_map_is_refused_exactly_when_a_key_comes_twice(probe, keys, endless):
    pairs = b"".join(cbor2.dumps(key) + b"\x80" for key in keys)
    data = b"\xbf" + pairs + b"\xff" if endless else heads(5, len(keys))[0] + pairs
    failed, reply = probe.call_bytes("probe_echo", data)
    assert failed == (len({(type(key), key) for key in keys}) < len(keys)), data.hex()
    assert not failed or b"twice" in reply


@pytest.mark.parametrize("order", ["rising", "falling", "outwards", "equal"])
def test_no_order_of_many_keys_makes_the_check_slow(probe, order):
    names = [f"a key {number:06}" for number in range(100_000)]
    ordered = {
        "rising": names,
        "falling": names[::-1],
        "outwards": names[::2] + names[1::2][::-1],
        "equal": ["the same"] * len(names),
    }[order]
    data = b"\xbf" + b"".join(cbor2.dumps(name) + b"\0" for name in ordered) + b"\xff"
    started = time.perf_counter()
    failed, _ = probe.call_bytes("probe_time", data)  # which answers that a map is no time
    assert failed
    assert time.perf_counter() - started < 5


items = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text() | st.binary(), inner, max_size=30),
    max_leaves=40,
)


@settings(deadline=None)
@given(others=st.lists(items, max_size=30), indefinite=st.booleans())
def test_a_value_is_found_behind_any_other(probe, others, indefinite):
    error = {"kind": "invalid", "message": "found"}
    pairs = {**{f"{number}": other for number, other in enumerate(others)}, b"kind": "of bytes", **error}
    failed, reply = probe.call_bytes("probe_fail", cbor2.dumps(pairs, indefinite_containers=indefinite))
    assert (failed, cbor2.loads(reply)) == (True, error)


# ---- Writers ----

WRITERS = """
#include "wardian.h"

/* null -> never a list of null: what went wrong in a writer is not lost where another one takes it */
WARDIAN_ENTRY(nested) {
    (void)request;
    wardian_writer inner = wardian_write(), outer = wardian_write();
    wardian_put_str(&inner, "\\xff");
    wardian_put_list(&outer);
    wardian_put_writer(&outer, &inner);
    wardian_put_end(&outer);
    return wardian_reply(&outer);
}

/* n -> [n texts, n texts], written in turn, so that each writer moves whenever it grows */
WARDIAN_ENTRY(in_turn) {
    uint64_t count = 0;
    wardian_as_uint(request, &count);
    wardian_writer left = wardian_write(), right = wardian_write(), both = wardian_write();
    wardian_put_list(&left);
    wardian_put_list(&right);
    for (uint64_t i = 0; i < count; i++) {
        const char *text = wardian_format("%llu", i);
        wardian_put_str(&left, text);
        wardian_put_str(&right, text);
    }
    wardian_put_end(&left);
    wardian_put_end(&right);
    wardian_put_list(&both);
    wardian_put_writer(&both, &left);
    wardian_put_writer(&both, &right);
    wardian_put_end(&both);
    return wardian_reply(&both);
}
"""


@pytest.fixture(scope="module")
def writers(tmp_path_factory):
    source = tmp_path_factory.mktemp("c") / "writers.c"
    source.write_text(WRITERS)
    return RawGuest(compile_guest(source, source.with_suffix(".wasm")))


def test_the_fault_of_a_writer_is_that_of_the_one_that_takes_it(writers):
    with pytest.raises(GuestFailed, match=r"\[internal\] a text is not UTF-8"):
        writers.call("nested")


def test_writers_that_grow_in_turn_keep_what_they_hold(writers):
    texts = [str(number) for number in range(3_000)]
    assert writers.call("in_turn", 3_000) == [texts, texts]
