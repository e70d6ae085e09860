"""Guests that lie about pointers, lengths and buffers, where bounds have to hold: cases 51 to 54, and 63."""

import tracemalloc
from itertools import product

import cbor2
import pytest

from support.lies import told
from support.sandboxed import sandbox
from wardian import (
    AbiViolation,
    HostFunctionError,
    ReplyTooLarge,
    RequestTooLarge,
)
from wardian.sandbox.hostfunc import exchange, take

END = 65_536  # bytes of memory of most guests here
EDGES = (
    0,
    1,
    1023,
    1024,
    END - 2,
    END - 1,
    END,
    END + 1,
    2**31 - 1,
    2**31,
    2**31 + 1,
    2**32 - END,
    2**32 - 2,
    2**32 - 1,
)
LENGTHS = (0, 1, 2, END - 1, END, END + 1, 2**23, 2**23 + 1, 2**31 - 1)


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


@pytest.fixture
def asker(load):
    def loaded(ask, **arguments):
        return load("asks_as_told", functions={"ask": ask}, **{"name": "asker", **arguments})

    return loaded


def little(*numbers):
    return b"".join(number.to_bytes(4, "little") for number in numbers)


def memory_of_obeys(request):
    return (bytes(1024) + request).ljust(END, b"\0")


def test_case_51_every_edge_of_a_replys_pointer_and_length_is_told_by_unsigned_arithmetic(load):
    plugin = load("obeys")
    for pointer, length in product(EDGES, LENGTHS):
        request = b"\x58\x18" + told(pointer=pointer, length=length)
        if length > plugin.limits.reply:
            with pytest.raises(ReplyTooLarge):
                plugin.call_bytes("answer", request)
        elif pointer + length > END:
            with pytest.raises(AbiViolation) as caught:
                plugin.call_bytes("answer", request)
            assert caught.value.code == "bad_pointer", (pointer, length)
        else:
            expected = memory_of_obeys(request)[pointer : pointer + length]
            assert plugin.call_bytes("answer", request) == expected, (pointer, length)


def test_case_51_every_edge_of_a_request_to_the_host_is_told_by_unsigned_arithmetic(asker):
    seen = []
    plugin = asker(seen.append)
    for pointer, length in product(EDGES, (*LENGTHS, 2**31, 2**32 - 1)):
        if length > plugin.limits.request:
            with pytest.raises(RequestTooLarge):
                plugin.call_bytes("ask", little(pointer, length))
        elif pointer + length > END:
            with pytest.raises(AbiViolation) as caught:
                plugin.call_bytes("ask", little(pointer, length))
            assert caught.value.code == "bad_pointer", (pointer, length)
        elif length == 0:
            assert plugin.call_bytes("ask", little(pointer, length)) == b""
    assert seen == [None] * len([edge for edge in EDGES if edge <= END])


@pytest.mark.parametrize("pages", [1, 300])
def test_case_52_a_length_beyond_its_limit_is_refused_before_anything_is_read_or_made(load, pages):
    plugin = load("obeys", {'"memory") 1': f'"memory") {pages}'})
    asking = load("lies_to_host", {'"memory") 1': f'"memory") {pages}'})
    tracemalloc.start()
    try:
        for pointer, length in product((0, 1024, 2**31), (2**23 + 1, 2**24, 2**31 - 1)):
            with pytest.raises(ReplyTooLarge) as caught:
                plugin.call("answer", told(pointer=pointer, length=length))
            assert (caught.value.limit, caught.value.asked) == ("reply", length)
        for pointer, length in product((0, 1024, 2**31), (2**23 + 1, 2**31, 2**32 - 1)):
            with pytest.raises(RequestTooLarge) as caught:
                asking.call_bytes("ask", little(pointer, length))
            assert (caught.value.limit, caught.value.asked) == ("request", length)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("pointer", "length"), [(2**32 - 1, 1), (2**32 - 1, 2), (2**32 - 8, 16), (2**32 - 1024, 2048)])
def test_case_53_a_sum_beyond_32_bits_does_not_come_back_at_the_beginning(load, asker, pointer, length):
    with pytest.raises(AbiViolation) as caught:
        load("obeys").call("answer", told(pointer=pointer, length=length))
    assert caught.value.code == "bad_pointer"
    with pytest.raises(AbiViolation) as caught:
        asker(lambda _: None).call_bytes("ask", little(pointer, length))
    assert caught.value.code == "bad_pointer"


NEGATIVE = (-1, -2, -16, -1024, -END, -(2**31))


def test_case_54_a_negative_pointer_never_reads_or_writes_from_the_end_of_memory():
    text = """(module
      (import "m" "ask" (func $ask (param i32 i32) (result i64)))
      (import "m" "take" (func $take (param i32)))
      (memory (export "memory") 1)
      (data (i32.const 64512) "the end of memory")
      (func (export "ask") (param i32 i32) (drop (call $ask (local.get 0) (local.get 1))))
      (func (export "take") (param i32)
        (drop (call $ask (i32.const 0) (i32.const 0)))
        (call $take (local.get 0))))"""
    read = []
    functions = exchange("m", "ask", lambda _, request: read.append(request) or (True, b"x" * 16)), take("m")
    with sandbox(text, *functions) as made:
        untouched = made.start().memory.read(0, END)
        assert b"the end of memory" in untouched
        for pointer in NEGATIVE:
            for entry, arguments in (("ask", (pointer, 1)), ("ask", (pointer, -pointer)), ("take", (pointer,))):
                instance = made.start()
                with pytest.raises((AbiViolation, RequestTooLarge)):
                    made.run(instance, entry, *arguments)
                assert instance.memory.read(0, END) == untouched
    assert read == [b""] * len(NEGATIVE)


def test_case_54_a_reply_that_is_taken_to_any_edge_lies_there_or_nowhere(asker):
    plugin = asker(lambda _: b"\xaa" * 16, fresh=True)
    taken = cbor2.dumps(b"\xaa" * 16)
    for pointer in EDGES:
        if pointer + len(taken) > END:
            with pytest.raises(AbiViolation) as caught:
                plugin.call_bytes("take", little(pointer))
            assert caught.value.code == "bad_pointer"
        else:
            memory = plugin.call_bytes("take", little(pointer))
            assert memory[pointer : pointer + len(taken)] == taken
            assert memory.count(b"\xaa" * 16) == 1


ITEM = cbor2.dumps({"answer": [1, 2, 3]})


def test_case_63_a_length_that_lies_is_told_for_what_it_is(load):
    plugin = load("obeys")
    assert plugin.call("answer", told(ITEM[:16])) == {"answer": [1, 2, 3]}
    with pytest.raises(ReplyTooLarge) as caught:
        plugin.call("answer", told(ITEM, length=2**31 - 1))  # the longest that can be said
    assert caught.value.asked == 2**31 - 1
    assert plugin.call("answer", told(ITEM, length=0)) is None
    for length in (*range(1, len(ITEM)), len(ITEM) + 1):
        with pytest.raises(AbiViolation) as caught:
            plugin.call("answer", told(ITEM, length=length))
        assert caught.value.code == "bad_cbor"


def test_case_63_a_function_that_is_lied_to_is_not_called(asker):
    called = []
    plugin = asker(called.append)
    for pointer, length in ((0, 2), (1024, 7), (END - 1, 2), (2**31, 1)):
        with pytest.raises((AbiViolation, HostFunctionError)) as caught:
            plugin.call_bytes("ask", little(pointer, length))
        assert type(caught.value) is AbiViolation
    assert called == []
