"""Cases 64 to 79: what a guest says instead of an item, as its reply and as its request to the host."""

import time

import cbor2
import pytest

from support.programs import run
from support.utterances import listening
from wardian import ReplyTooLarge, RequestTooLarge
from wardian.abi.codec import Bounds

BOUNDS = Bounds(size=8 * 2**20, items=100_000, depth=64)
MEBIBYTE = 2**20


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


@pytest.fixture(params=["reply", "request"])
def listener(request, runtime, load):
    """Hears what a guest answers, and what it asks for."""
    return listening(request.param, runtime, load)


# What opens one level, and what closes it.
LEVELS = {
    "array": (b"\x81", b""),
    "wide array": (b"\x9b" + bytes(7) + b"\x01", b""),
    "map": (b"\xa1\x61a", b""),
    "endless array": (b"\x9f", b"\xff"),
    "endless map": (b"\xbf\x61a", b"\xff"),
    "second of two": (b"\x82\x00", b""),
}


@pytest.mark.parametrize("name", LEVELS)
def test_case_64_an_item_nests_64_deep_and_no_deeper(listener, name):
    opened, closed = LEVELS[name]
    value = listener.hear(opened * 64 + b"\x00" + closed * 64)
    for _ in range(64):
        value = value["a"] if isinstance(value, dict) else value[-1]
    assert value == 0
    for depth in (65, 400, 5_000):
        listener.too_much(opened * depth + b"\x00" + closed * depth, "depth")


def test_case_64_and_65_no_depth_overflows_the_stack_of_a_small_thread():
    run("""
import threading
import wardian
from wardian.abi.codec import Bounds, CodecError, decode, encode

bounds = Bounds(size=2**23, items=10**6, depth=64)
deep = []
for _ in range(5_000):
    deep = [deep]

def work():
    for item in (b"\\x81" * 64 + b"\\0", b"\\xa1\\x61a" * 64 + b"\\0", b"\\x9f" * 64 + b"\\xff" * 64):
        assert encode(decode(item, bounds), bounds)
    for form in (deep, {"a": deep}, (deep,), [[], deep]):
        try:
            encode(form, bounds)
        except CodecError as error:
            assert error.code == "too_deep"
            done.append(form)

done = []
threading.stack_size(256 * 1024)
thread = threading.Thread(target=work)
thread.start()
thread.join()
assert len(done) == 4
while deep:
    deep = deep.pop()
""")


def test_case_65_a_value_of_5000_levels_is_refused_before_it_is_encoded(load):
    deep = []
    for _ in range(5_000):
        deep = [deep]
    echoes = load("echoes")
    with pytest.raises(RequestTooLarge) as caught:
        echoes.call("echo", {"a": deep})
    assert caught.value.limit == "depth"
    assert echoes.call("echo", 1) == 1
    asks = load("asks", {'"wardian" "log"': '"app" "give"'}, functions={"give": lambda asked: deep if asked else 1})
    with pytest.raises(ReplyTooLarge) as caught:
        asks.call("ask", True)
    assert caught.value.limit == "depth"
    assert asks.call("ask", False) == 1


LENGTHS = (2**16, 2**24, 2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1)


@pytest.mark.parametrize("major", [2, 3, 4, 5], ids=["bytes", "text", "array", "map"])
def test_case_66_a_length_that_is_not_there_is_refused(listener, major):
    for length in LENGTHS:
        head = bytes([major << 5 | 27]) + length.to_bytes(8, "big")
        listener.refused(head)
        listener.refused(b"\x82\x01" + head + b"\x00\x00")
        listener.refused(head * 40)


def test_case_66_declared_lengths_take_no_memory():
    run("""
import resource
from wardian.abi.codec import Bounds, CodecError, decode

bounds = Bounds(size=2**23, items=100_000, depth=64)

def claim(length):
    for major in (2, 3, 4, 5):
        head = bytes([major << 5 | 27]) + length.to_bytes(8, "big")
        for data in (head, head * 60, b"\\x9f" + head, b"\\x5f" + head):
            try:
                decode(data, bounds)
                raise SystemExit("decoded")
            except CodecError:
                pass

claim(70_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for length in (2**24, 2**28, 2**31, 2**32, 2**40, 2**63, 2**64 - 1):
    claim(length)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert grown < 1024, grown
""")


FILLINGS = {
    "arrays": b"\x80",
    "maps": b"\xa0",
    "texts": b"\x60",
    "nulls": b"\xf6",
    "numbers": b"\x00",
    "endless arrays": b"\x9f\xff",
    "moments": b"\xc1\x00",
}


@pytest.mark.parametrize("name", FILLINGS)
def test_case_67_a_mebibyte_of_small_items_is_refused_by_its_count(listener, name):
    filling = FILLINGS[name]
    count = MEBIBYTE // len(filling)
    listener.too_much(b"\x9a" + count.to_bytes(4, "big") + filling * count, "items")


def test_case_67_items_are_counted_before_any_is_built():
    run("""
import resource
from wardian.abi.codec import Bounds, CodecError, decode

bounds = Bounds(size=2**24, items=100_000, depth=64)
data = b"\\x9a\\x00\\x80\\x00\\x00" + b"\\x80" * 2**23
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    decode(data, bounds)
    raise SystemExit("decoded")
except CodecError as error:
    assert error.code == "too_many_items"
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
assert grown < 12 * 1024, grown  # the search for uncommon bytes copies the item's 8 MiB
""")


TAGS = (
    4, 5, 6, 21, 22, 23, 24, 25, 28, 29, 30, 32, 33, 34, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 9999, 43000,
    55799, 2**32, 2**64 - 1,
)  # fmt: skip


def tagged(tag, content):
    """Content under a tag."""
    head = bytearray(cbor2.dumps(tag))
    head[0] |= 0xC0
    return bytes(head) + content


@pytest.mark.parametrize("tag", TAGS)
def test_case_68_every_tag_but_four_is_refused(listener, tag):
    for content in (b"\x00", b"\x41a", b"\x61a", b"\x82\x01\x02", b"\xa0", b"\xf6"):
        assert f"tag {tag}" in str(listener.refused(tagged(tag, content)))
    listener.refused(b"\x81" + tagged(tag, b"\x00"))
    listener.refused(b"\xa1\x61a" + tagged(tag, b"\x00"))
    listener.refused(b"\xa1" + tagged(tag, b"\x61a") + b"\x00")


WRONG_CONTENT = {
    "0 of a number": tagged(0, b"\x01"),
    "0 of no date": tagged(0, b"\x61x"),
    "0 of a day that is not": tagged(0, b"\x74" + b"2013-02-30T20:04:00Z"),
    "1 of a text": tagged(1, b"\x61a"),
    "1 of infinity": tagged(1, b"\xf9\x7c\x00"),
    "1 of an age": tagged(1, b"\x1b" + b"\x7f" * 8),
    "2 of a number": tagged(2, b"\x01"),
    "2 of nine bytes": tagged(2, b"\x49" + b"\x01" * 9),
    "2 of a mebibyte": tagged(2, b"\x5a\x00\x10\x00\x00" + b"\xff" * MEBIBYTE),
    "3 beyond": tagged(3, b"\x48" + b"\xff" * 8),
    "a tag in a tag": tagged(1, tagged(1, b"\x00")),
    "a tag of nothing": tagged(1, b""),
}


@pytest.mark.parametrize("name", WRONG_CONTENT)
def test_case_68_a_known_tag_takes_its_own_content_only(listener, name):
    listener.refused(WRONG_CONTENT[name])


SHARED = {
    "self": "d81c81d81d00",
    "self in a map": "d81ca16161d81d00",
    "laughs": "d81c8a" + "d81d00" * 10,
    "strings": "d9010082" + "6461616161" + "d81900",
    "a mark alone": "d81d00",
}


@pytest.mark.parametrize("name", SHARED)
def test_case_69_references_to_what_was_said_before_are_refused(listener, name):
    listener.refused(bytes.fromhex(SHARED[name]))


def test_case_69_a_tower_of_shared_lists_is_refused(listener):
    tower = b"\x80"
    for level in range(24):
        tower = b"\x82" + b"\xd8\x1c" + tower + b"\xd8\x1d" + bytes([level])
    listener.refused(tower)


def test_case_70_colliding_keys_take_no_more_than_some_times_what_a_harmless_map_does(listener):
    # Multiples of the modulus of Python's hash of numbers, which all hash to 0; as many as `items` allow. A table of
    # them would take some hundred times as long; on an idle machine of 2026 all are refused within 50 ms.
    head = b"\xb9" + (20_000).to_bytes(2, "big")
    colliding = b"".join(b"\x1b" + (n % 8 * (2**61 - 1)).to_bytes(8, "big") + b"\x00" for n in range(20_000))
    bignums = b"".join(b"\xc2\x4a" + (n * (2**61 - 1)).to_bytes(10, "big") + b"\x00" for n in range(20_000))
    texts = b"".join(b"\x64%04d\x00" % (n % 9_999) for n in range(20_000))
    harmless = head + b"".join(b"\x65%05d\x00" % n for n in range(20_000))
    for keys in (colliding, bignums, texts):
        least = min(_seconds(listener.refused, head + keys) for _ in range(5))
        assert least < 20 * min(_seconds(listener.hear, harmless) for _ in range(5))


def _seconds(function, data):
    began = time.thread_time()
    function(data)
    return time.thread_time() - began


KEYS = {
    "twice": b"\xa2\x61a\x01\x61a\x02",
    "twice, of other heads": b"\xa2\x61a\x01\x78\x01a\x02",
    "twice, in chunks": b"\xa2\x61a\x01\x7f\x61a\xff\x02",
    "twice, as bytes": b"\xa2\x41a\x01\x41a\x02",
    "twice, endless": b"\xbf\x61a\x01\x61a\x02\xff",
    "twice, deep": b"\x81\x81\xa2\x61a\x01\x61a\x02",
    "number": b"\xa1\x01\x02",
    "negative": b"\xa1\x20\x02",
    "float": b"\xa1\xf9\x7e\x00\x02",
    "true": b"\xa1\xf5\x02",
    "null": b"\xa1\xf6\x02",
    "array": b"\xa1\x80\x02",
    "map": b"\xa1\xa0\x02",
    "moment": b"\xa1\xc1\x00\x02",
    "no value": b"\xa1\x61a",
    "no value, endless": b"\xbf\x61a\xff",
}


@pytest.mark.parametrize("name", KEYS)
def test_case_71_keys_are_texts_or_bytes_each_once(listener, name):
    listener.refused(KEYS[name])


def test_case_71_a_text_and_the_same_bytes_are_two_keys(listener):
    assert listener.hear(b"\xa2\x61a\x01\x41a\x02") == {"a": 1, b"a": 2}
