"""Cases 72 to 79: numbers, texts, lengths and ends of items, what is canonical, and what no mutation can do."""

import itertools
import math
import struct

import cbor2
import pytest

from support.programs import run
from support.utterances import listening
from wardian import ConfigError, GuestError
from wardian.abi.codec import Bounds, decode, encode

BOUNDS = Bounds(size=8 * 2**20, items=100_000, depth=64)


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


@pytest.fixture(params=["reply", "request"])
def listener(request, runtime, load):
    """Hears what a guest answers, and what it asks for."""
    return listening(request.param, runtime, load)


def bits(value):
    """The 64 bits of a float, by which -0.0 and NaN can be told apart."""
    return struct.pack(">d", value)


FLOATS = {
    "nan16": ("f97e00", math.nan),
    "nan32": ("fa7fc00000", math.nan),
    "nan64": ("fb7ff8000000000000", math.nan),
    "payload": ("fb7ff8000000abcdef", math.nan),
    "signalling": ("fb7ff0000000000001", math.nan),
    "negative nan": ("f9fe00", math.nan),
    "infinity": ("f97c00", math.inf),
    "-infinity": ("fbfff0000000000000", -math.inf),
    "-0": ("f98000", -0.0),
    "-0 of 64": ("fb8000000000000000", -0.0),
    "subnormal": ("fb0000000000000001", 5e-324),
}


@pytest.mark.parametrize("name", FLOATS)
def test_case_72_every_float_stays_one_and_every_nan_becomes_the_same(listener, load, name):
    given, value = FLOATS[name]
    heard = listener.hear(bytes.fromhex(given))
    assert type(heard) is float
    if math.isnan(value):
        assert math.isnan(heard)
        assert load("echoes").call_bytes("echo", encode(heard, BOUNDS)) == bytes.fromhex("f97e00")
    else:
        assert bits(heard) == bits(value)
        assert bits(load("echoes").call("echo", heard)) == bits(value)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_case_72_what_no_number_is_is_refused_where_a_number_is_counted(load, value):
    plugin = load("asks", {'"wardian" "log"': '"wardian" "metric_record"'})
    with pytest.raises(GuestError) as caught:
        plugin.call("ask", ["hits", "gauge", value, None])
    assert caught.value.kind == "invalid"
    assert plugin.metrics() == {}


INTEGERS = {
    "least": ("3b7fffffffffffffff", -(2**63)),
    "most": ("1bffffffffffffffff", 2**64 - 1),
    "2^63": ("1b8000000000000000", 2**63),
    "most, as a bignum": ("c248ffffffffffffffff", 2**64 - 1),
    "least, as a bignum": ("c3487fffffffffffffff", -(2**63)),
    "0, as a bignum of nothing": ("c240", 0),
    "1, with zeros before it": ("c25810" + "00" * 15 + "01", 1),
}


@pytest.mark.parametrize("name", INTEGERS)
def test_case_73_integers_of_64_bits_are_exact(listener, name):
    given, value = INTEGERS[name]
    assert listener.hear(bytes.fromhex(given)) == value
    assert type(listener.hear(bytes.fromhex(given))) is int


BEYOND = {
    "-2^63 - 1": "3b8000000000000000",
    "-2^64": "3bffffffffffffffff",
    "2^64": "c249010000000000000000",
    "-2^63 - 1, as a bignum": "c3488000000000000000",
    "-2^64, as a bignum": "c348ffffffffffffffff",
    "a thousand bits": "c2587d" + "ff" * 125,
}


@pytest.mark.parametrize("name", BEYOND)
def test_case_73_integers_beyond_are_refused(listener, name):
    listener.refused(bytes.fromhex(BEYOND[name]))
    listener.refused(b"\x81" + bytes.fromhex(BEYOND[name]))


NO_UTF8 = {
    "a byte alone": "61ff",
    "cut": "62e282",
    "surrogate": "63eda080",
    "pair of surrogates": "66eda080edb080",
    "overlong": "62c0af",
    "overlong zero": "62c080",
    "beyond unicode": "64f4908080",
    "a character over two chunks": "7f61c361a9ff",
}


@pytest.mark.parametrize("name", NO_UTF8)
def test_case_74_texts_are_utf_8(listener, name):
    listener.refused(bytes.fromhex(NO_UTF8[name]))
    listener.refused(b"\xa1" + bytes.fromhex(NO_UTF8[name]) + b"\x00")


def test_case_74_the_zero_character_is_a_values_and_never_a_names(listener, load, runtime, guest):
    assert listener.hear(b"\x63a\0b") == "a\0b"
    plugin = load("asks", {'"wardian" "log"': '"wardian" "metric_record"'})
    for request in (["a\0b", "counter", 1, None], ["a", "counter", 1, {"l\0": "x"}], ["a", "counter", 1, {"l": "\0"}]):
        with pytest.raises(GuestError) as caught:
            plugin.call("ask", request)
        assert caught.value.kind == "invalid"
    for named in ({"name": "a\0b"}, {"name": "a", "instance": "\0"}):
        with pytest.raises(ConfigError):
            runtime.load(guest("echoes"), **named)


def test_case_75_no_byte_alone_is_more_than_it_says(listener):
    """All 256 of them: a whole item, or refused."""
    whole = {*range(0x18), *range(0x20, 0x38), 0x40, 0x60, 0x80, 0xA0, 0xF4, 0xF5, 0xF6}
    for byte in range(256):
        if byte in whole:
            assert listener.hear(bytes([byte])) == cbor2.loads(bytes([byte]))
        else:
            listener.refused(bytes([byte]))


@pytest.mark.parametrize("head", ["f7", "e0", "f3", "f800", "f814", "f818", "f820", "f8ff", "fc", "fd", "fe"])
def test_case_75_undefined_and_simple_values_are_refused(listener, head):
    data = bytes.fromhex(head)
    for around in (b"\x81", b"\x82\x00", b"\xa1\x61a", b"\x9f", b"\xbf\x61a"):
        listener.refused(around + data)


@pytest.mark.parametrize("low", [28, 29, 30])
def test_case_75_reserved_heads_are_refused(listener, low):
    for major in range(8):
        listener.refused(bytes([major << 5 | low]))
        listener.refused(b"\x81" + bytes([major << 5 | low]) + bytes(16))


WRONG_CHUNKS = {
    "unterminated bytes": "5f4161",
    "unterminated text": "7f6161",
    "unterminated array": "9f01",
    "unterminated map": "bf6161",
    "text in bytes": "5f6161ff",
    "bytes in text": "7f4161ff",
    "endless in endless": "5f5f4161ffff",
    "number in text": "7f01ff",
    "tag in bytes": "5fc1ff",
    "a break too many": "9fffff",
    "a break in an array": "8201ff",
    "a break as a value": "bf6161ff",
    "endless number": "1f",
    "endless negative": "3f",
    "endless tag": "df",
}


@pytest.mark.parametrize("name", WRONG_CHUNKS)
def test_case_76_strings_in_chunks_are_whole_and_of_one_kind(listener, name):
    listener.refused(bytes.fromhex(WRONG_CHUNKS[name]))


@pytest.mark.parametrize(("opened", "chunk"), [(b"\x5f", b"\x40"), (b"\x7f", b"\x60"), (b"\x5f", b"\x41a")])
def test_case_76_a_million_chunks_are_counted_as_items(listener, opened, chunk):
    listener.too_much(opened + chunk * 1_000_000 + b"\xff", "items")
    few = listener.hear(opened + chunk * 1_000 + b"\xff")
    assert len(few) == (1_000 if len(chunk) > 1 else 0)


FOLLOWED = {
    "two items": b"\x81\x01\x81\x02",
    "a byte": b"\x01\x00",
    "a break": b"\x01\xff",
    "a mebibyte": b"\x01" + b"\x00" * 2**16,
    "text and more": b"\x61ab",
    "a tag's own": b"\xc1\x00\x00",
}


@pytest.mark.parametrize("name", FOLLOWED)
def test_case_77_nothing_may_follow_an_item(listener, name):
    listener.refused(FOLLOWED[name])


def test_case_77_no_bytes_are_null_on_the_wire_and_no_item_to_the_codec(listener):
    assert listener.hear(b"") is None
    with pytest.raises(ValueError, match="nothing at all") as caught:
        decode(b"", BOUNDS)
    assert caught.value.code == "bad_cbor"


def test_case_77_every_cut_of_an_item_is_refused(listener):
    whole = cbor2.dumps({"a": [1, -300, 2.5, "é", b"bytes", None, True], "b": {"c": [[], {}]}, "d": 2**40})
    for end in range(1, len(whole)):
        listener.refused(whole[:end])


def test_case_78_any_width_is_understood_and_the_shortest_is_said(listener):
    for value, major in itertools.product((0, 1, 23), (0, 1, 2, 3, 4, 5)):
        forms = set()
        for width in (0, 1, 2, 4, 8):
            low = value if not width else 24 + width.bit_length() - 1
            head = bytes([major << 5 | low]) + (value.to_bytes(width, "big") if width else b"")
            content = {2: b"x" * value, 3: b"x" * value, 4: b"\0" * value}.get(major, b"")
            content = b"".join(b"\x61" + bytes([97 + n]) + b"\0" for n in range(value)) if major == 5 else content
            forms.add(encode(listener.hear(head + content), BOUNDS))
        assert len(forms) == 1
        assert len(forms.pop()) <= 1 + 3 * value


def test_case_78_what_is_said_is_the_same_each_time_and_keeps_the_order_of_keys(listener):
    one, other = (
        listener.hear(b"\xa2\x61b\x01\x61a\x02"),
        listener.hear(b"\xbf\x78\x01b\x19\x00\x01\x7f\x61a\xff\x1a\x00\x00\x00\x02\xff"),
    )
    assert list(one) == list(other) == ["b", "a"]
    assert encode(one, BOUNDS) == encode(other, BOUNDS) == b"\xa2\x61b\x01\x61a\x02"


def test_case_79_100000_mutations_neither_crash_nor_grow_a_process():
    run(
        """
import random, resource
import cbor2
from wardian.abi.codec import Bounds, CodecError, decode, encode

chance = random.Random(79)
bounds = Bounds(size=2**16, items=1_000, depth=16)
values = (
    {"a": [1, -2, 2.5, "x", b"y", None, True]}, [[[[[]]]], {}], {"n": 2**64 - 1, "m": -(2**63)}, "é" * 30,
    {str(n): [n] * 3 for n in range(10)},
)
seeds = [cbor2.dumps(value) for value in values]
seeds += [bytes.fromhex(text) for text in ("c1fb41d452d9e2000000", "5f4161420102ff", "bf6161 9f01ff ff", "c24101")]
seeds += [bytes.fromhex("c074") + b"2013-03-21T20:04:00Z"]
heads = bytes(range(0x18, 256, 32)) + bytes(range(0x1F, 256, 32)) + bytes(range(0xC0, 0x100))
for seed in seeds:
    assert encode(decode(seed, bounds), bounds)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
whole = 0
for turn in range(100_000):
    data = bytearray(seeds[turn % len(seeds)])
    for _ in range(chance.randrange(1, 4)):
        where = int(chance.random() * len(data))
        kind = int(chance.random() * 4)
        if kind == 0:
            data[where] ^= 1 << int(chance.random() * 8)
        elif kind == 1:
            data[where] = heads[int(chance.random() * len(heads))]
        elif kind == 2:
            del data[where : where + 2]
            data = data or bytearray(b"\\x80")
        else:
            data[where:where] = chance.randbytes(2)
    try:
        value = decode(bytes(data), bounds)
    except CodecError:
        continue
    again = encode(value, bounds)
    assert encode(decode(again, bounds), bounds) == again
    whole += 1
assert 1_000 < whole < 99_000, whole
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert grown <= 64 * 1024, grown
""",
        seconds=120,
    )
