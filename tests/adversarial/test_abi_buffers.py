"""Buffers that guests hand out, keep, rewrite and ruin, and guests that are called back: cases 55 to 62."""

import cbor2
import pytest

from wardian import (
    AbiViolation,
    DeadlineExceeded,
    Grants,
    GuestError,
    HostCallsExceeded,
    HostFunctionError,
    LimitExceeded,
    Limits,
    MemoryExceeded,
    Trap,
)

END = 65_536  # bytes of memory of most guests here


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


LARGE = 40_000  # more than the first buffer holds; a buffer of 65,536 is asked for
PLACES = {
    "odd": (1025, None),
    "its own first buffer": (1024, None),
    "the beginning": (1, None),
    "over its own data": (4000, None),
    "up to the last byte": (END - LARGE - 5, None),
    "one byte too far": (END - LARGE - 2, "bad_pointer"),
    "the last byte": (END - 1, "bad_pointer"),
    "the end": (END, "bad_pointer"),
    "far beyond": (0x7FFFFFFF, "bad_pointer"),
    "a negative number": (0x80000000, "bad_pointer"),
    "minus one": (0xFFFFFFFF, "bad_pointer"),
}


@pytest.mark.parametrize("place", PLACES)
def test_case_55_a_buffer_anywhere_is_written_to_within_memory_or_not_at_all(load, place):
    pointer, code = PLACES[place]
    plugin = load("hands_out_lies", name="liar")
    before = bytearray(plugin.call_bytes("show", b"\xf6"))
    assert plugin.call_bytes("next", b"\x44" + little(pointer)) == b""
    request = cbor2.dumps(b"\xbb" * LARGE)
    if code:
        with pytest.raises(AbiViolation) as caught:
            plugin.call_bytes("echo", request)
        assert caught.value.code == code
        assert plugin.call_bytes("show", b"\xf6") == before  # that of a new instance, with the same small requests
        return
    assert plugin.call_bytes("echo", request) == request
    after = plugin.call_bytes("show", b"\xf6")
    before[1024:1029] = b"\x44" + little(pointer)
    before[pointer : pointer + len(request)] = request
    before[pointer] = 0xF6  # the request of `show` itself, in the same buffer
    assert after == before


def test_case_55_the_same_buffer_again_and_again_is_taken_as_it_is(load):
    plugin = load("echoes", {"(i32.const 65536))\n": "(i32.const 1024))\n", '"memory") 1': '"memory") 3'})
    for size in (1, 300, 5, 1_000, 100_000, 7, 150_000):
        assert plugin.call("echo", b"x" * size) == b"x" * size


def test_case_56_a_guest_that_traps_or_loops_when_asked_for_a_buffer_ends_its_call_alone(load):
    plugin = load("hands_out_lies", name="liar", limits=Limits(deadline="30ms"))
    for pointer, kind in ((7, Trap), (9, DeadlineExceeded)):
        plugin.call_bytes("next", b"\x44" + little(pointer))
        with pytest.raises(kind):
            plugin.call("echo", b"x" * LARGE)
        assert plugin.call("echo", b"x") == b"x"


def test_case_56_memory_that_grows_when_a_buffer_is_asked_for_is_seen_where_it_is(load):
    plugin = load("hands_out_lies", name="liar")
    plugin.call_bytes("next", b"\x44" + little(11))
    value = bytes(range(256)) * 4_000
    assert plugin.call("echo", value) == value
    assert plugin.invoke("echo", 1).receipt.memory == 101 * END


def test_case_57_what_the_guest_rewrites_later_does_not_change_what_the_host_was_given(asker):
    seen = []
    plugin = asker(seen.append)
    values = [{"who": "first", "raw": b"\x01" * 100}, ["second", [b"\x02" * 100]], "third"]
    for value in values:
        plugin.call("rewrite", value)
    assert seen == values


def test_case_58_a_reply_shows_the_memory_of_its_own_instance_only(load):
    secret = b"the secret of another plugin's call" * 100
    for _ in range(20):
        with load("hands_out_lies", name="keeper") as keeper:
            assert keeper.call("echo", secret) == secret
        with load("hands_out_lies", name="reader") as reader:
            assert b"secret" not in reader.call_bytes("show", b"\xf6")


def test_case_58_a_fresh_instance_begins_with_memory_that_nobody_wrote(load):
    plugin = load("hands_out_lies", name="fresh", fresh=True)
    first = plugin.call_bytes("show", b"\xf6")
    for number in range(50):
        assert plugin.call("echo", b"a secret" * number * 100) == b"a secret" * number * 100
        assert plugin.call_bytes("show", b"\xf6") == first


def test_case_58_the_successor_of_a_broken_instance_knows_nothing_of_it(load):
    plugin = load("hands_out_lies", name="liar")
    first = plugin.call_bytes("show", b"\xf6")
    for _ in range(20):
        plugin.call("echo", b"a secret" * 20)
        assert b"a secret" in plugin.call_bytes("show", b"\xf6")
        plugin.call_bytes("next", b"\x44" + little(END))
        with pytest.raises(AbiViolation):
            plugin.call("echo", b"x" * LARGE)
        assert plugin.call_bytes("show", b"\xf6") == first


@pytest.mark.parametrize("instances", [1, 2])
def test_case_59_a_function_that_calls_its_own_caller_never_enters_the_same_instance(asker, instances):
    """The guest answers -2 when it is entered twice; where all instances are in use, there is none to enter."""
    inner = []

    def come_back(value):
        if value:
            inner.append(plugin.call("enter", value - 1))

    plugin = asker(come_back, instances=instances, limits=Limits(start_deadline="30ms"))
    for depth in range(instances):
        assert plugin.call("enter", depth) is None
    assert inner == [None] * (instances - 1)
    with pytest.raises(HostFunctionError) as caught:
        plugin.call("enter", instances)
    refused = caught.value
    while isinstance(refused, HostFunctionError):
        refused = refused.__cause__
    assert (type(refused), refused.limit) == (LimitExceeded, "instances")
    assert plugin.call("enter", 0) is None


@pytest.mark.parametrize("instances", [1, 3])
def test_case_59_an_action_that_calls_back_the_plugin_which_called_it_enters_another_instance_or_none(load, instances):
    """Nobody waits longer than the first call may last, and what is entered twice would answer wrongly."""
    entered = []

    def come_back(value):
        entered.append(value)
        return plugin.call("ask", ["back", value - 1]) if value else "down"

    plugin = load(
        "asks", {'"wardian" "log"': '"wardian" "action_call"'}, grants=Grants(actions=True), instances=instances,
        actions={"back": come_back}, limits=Limits(deadline="200ms", start_deadline=20),
    )  # fmt: skip
    assert plugin.call("ask", ["back", instances - 1]) == "down"
    assert entered == list(range(instances))[::-1]
    with pytest.raises(DeadlineExceeded):
        plugin.call("ask", ["back", instances])
    assert plugin.call("ask", ["back", 0]) == "down"


def test_case_60_an_action_that_calls_back_without_end_ends_at_the_depth_allowed(load):
    def come_back(_):
        return plugin.call("ask", ["back", None])

    limits = Limits(stack="64KiB", deadline=30, host_calls=1)
    plugin = load(
        "asks", {'"wardian" "log"': '"wardian" "action_call"'}, grants=Grants(actions=True), instances=20,
        actions={"back": come_back}, limits=limits,
    )  # fmt: skip
    with pytest.raises(GuestError) as caught:
        plugin.call("ask", ["back", None])
    assert (caught.value.kind, caught.value.guest_code) == ("exhausted", "nested")


def test_case_60_a_host_function_in_a_table_is_counted_as_any_other(asker):
    count = []
    plugin = asker(count.append, limits=Limits(host_calls=500))
    with pytest.raises(HostCallsExceeded) as caught:
        plugin.call("through_table")
    assert (caught.value.value, caught.value.asked, len(count)) == (500, 501, 500)


def test_case_61_what_frees_memory_in_the_guest_is_never_called_by_the_host(load):
    freeing = "".join(
        f'(func (export "{name}") (param i32 i32) (unreachable))' for name in ("free", "dealloc", "wardian_free")
    )
    plugin = load("echoes", {'(func (export "echo")': freeing + '(func (export "echo")'})
    assert plugin.entries == ("echo",)
    for size in (1, 10, 1_000, 100_000, 1):
        assert plugin.call("echo", "x" * size) == "x" * size


def test_case_61_a_guest_that_ruins_its_own_allocator_fails_alone(load):
    plugin = load("hands_out_lies", name="liar")
    for pointer in (0xDEADBEEF, 0, END):
        plugin.call_bytes("next", b"\x44" + little(pointer))
        with pytest.raises((AbiViolation, MemoryExceeded)):
            plugin.call("echo", b"x" * LARGE)
    assert plugin.call("echo", b"x") == b"x"


def test_case_62_nothing_is_ever_freed_and_memory_stays_as_it_is(load):
    plugin = load("echoes")
    plugin.call("echo", "x" * 2_000)
    before = plugin.invoke("echo").receipt.memory
    for number in range(10_000):
        plugin.call_bytes("echo", b"\x19" + (number % 65_536).to_bytes(2, "big"))
    assert plugin.invoke("echo").receipt.memory == before
    assert load("allocates").call("allocations", "x") == 1
