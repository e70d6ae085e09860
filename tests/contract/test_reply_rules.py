"""What a guest exports and answers: the host checks before it reads, and ends the instance that broke a rule."""

import cbor2
import pytest

from support.lies import told
from support.wat import wasm_of
from wardian import AbiViolation, GuestError, Limits, MemoryExceeded, PackageError, ReplyTooLarge, Trap

END = 65_536  # bytes of memory of the guest `obeys`
KINDS = ("invalid", "config", "transient", "denied", "exhausted", "not_found", "conflict", "unimplemented", "internal")


@pytest.fixture
def obeys(load):
    return load("obeys")


def test_a_reply_of_no_bytes_is_null(obeys):
    assert obeys.call("answer", bytes(24)) is None
    assert obeys.call("answer", told(b"", pointer=END)) is None
    assert obeys.call("answer", told(b"\xf6")) is None
    assert obeys.call_bytes("answer", b"\x58\x18" + bytes(24)) == b""


@pytest.mark.parametrize("kind", KINDS)
def test_a_failed_reply_is_the_guests_own_error(obeys, kind):
    item = {"kind": kind, "message": "no", "code": "E1", "retry_after_ms": 5, "details": [1, {"a": b"b"}]}
    with pytest.raises(GuestError) as caught:
        obeys.call("answer", told(cbor2.dumps(item), failed=True))
    error = caught.value
    assert (error.kind, error.message, error.guest_code) == (kind, "no", "E1")
    assert (error.retry_after_ms, error.details, error.where) == (5, [1, {"a": b"b"}], "obeys: answer")
    with pytest.raises(GuestError) as caught:
        obeys.call("answer", told(cbor2.dumps({"kind": kind, "message": ""}), failed=True))
    assert (caught.value.guest_code, caught.value.retry_after_ms, caught.value.details) == (None, None, None)


MALFORMED = {
    "no bytes": b"",
    "no item": b"\xff",
    "trailing bytes": cbor2.dumps({"kind": "invalid", "message": "no"}) + b"\0",
    "no map": cbor2.dumps("no"),
    "null": cbor2.dumps(None),
    "no kind": cbor2.dumps({"message": "no"}),
    "unknown kind": cbor2.dumps({"kind": "mine", "message": "no"}),
    "kind is no text": cbor2.dumps({"kind": 1, "message": "no"}),
    "no message": cbor2.dumps({"kind": "invalid"}),
    "message is no text": cbor2.dumps({"kind": "invalid", "message": b"no"}),
    "another field": cbor2.dumps({"kind": "invalid", "message": "no", "more": 1}),
    "code is no text": cbor2.dumps({"kind": "invalid", "message": "no", "code": 1}),
    "a long code": cbor2.dumps({"kind": "invalid", "message": "", "code": "x" * 129}),
    "a negative time": cbor2.dumps({"kind": "invalid", "message": "no", "retry_after_ms": -1}),
    "a fraction": cbor2.dumps({"kind": "invalid", "message": "no", "retry_after_ms": 1.5}),
    "a truth": cbor2.dumps({"kind": "invalid", "message": "no", "retry_after_ms": True}),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_an_error_of_another_shape_is_a_broken_rule(obeys, name):
    with pytest.raises(AbiViolation) as caught:
        obeys.call("answer", told(MALFORMED[name], failed=True))
    assert caught.value.code in ("bad_cbor", "bad_error")


NO_ITEM = {
    "trailing byte": b"\x01\x02",
    "two items": b"\x81\x01\x81\x02",
    "cut": b"\x82\x01",
    "cut text": b"\x63ab",
    "break": b"\xff",
    "reserved": b"\x1c",
    "undefined": b"\xf7",
    "simple value": b"\xf8\xff",
    "unknown tag": b"\xd8\x23\x61a",
    "shared reference": b"\xd8\x1c\x81\xd8\x1d\x00",
    "claims 2^64": b"\x9b" + b"\xff" * 8,
    "duplicate key": b"\xa2\x61a\x01\x61a\x02",
    "integer key": b"\xa1\x01\x02",
    "surrogate": b"\x63\xed\xa0\x80",
}


@pytest.mark.parametrize("name", NO_ITEM)
def test_a_reply_that_is_not_exactly_one_item_is_a_broken_rule(obeys, name):
    with pytest.raises(AbiViolation) as caught:
        obeys.call("answer", told(NO_ITEM[name]))
    assert caught.value.code == "bad_cbor"


@pytest.mark.parametrize("name", NO_ITEM)
def test_call_bytes_gives_the_reply_as_it_is(obeys, name):
    payload = told(NO_ITEM[name])
    assert obeys.call_bytes("answer", b"\x58" + bytes([len(payload)]) + payload) == NO_ITEM[name]


@pytest.mark.parametrize("pointer", [0, 2**16, 2**31, 2**32 - 1])
@pytest.mark.parametrize("length", [101, 2**16, 2**31 - 1])
@pytest.mark.parametrize("failed", [False, True])
def test_a_length_beyond_the_limit_is_refused_before_the_pointer_is_looked_at(load, pointer, length, failed):
    with pytest.raises(ReplyTooLarge) as caught:
        load("obeys", limits=Limits(reply=100)).call("answer", told(pointer=pointer, length=length, failed=failed))
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("reply", 100, length)


@pytest.mark.parametrize(
    ("pointer", "length"),
    [(END, 1), (END - 1, 2), (END + 1, 0), (0, END + 1), (2**31, 1), (2**31 - 1, 1), (2**32 - 1, 1), (2**32 - 8, 16)],
)
@pytest.mark.parametrize("failed", [False, True])
def test_a_pointer_beyond_memory_is_a_broken_rule(obeys, pointer, length, failed):
    with pytest.raises(AbiViolation) as caught:
        obeys.call("answer", told(pointer=pointer, length=length, failed=failed))
    assert caught.value.code in ("bad_pointer", "bad_cbor")
    assert caught.value.code == "bad_pointer" or (length == 0 and failed)


def test_a_reply_may_end_exactly_where_memory_does(obeys):
    assert obeys.call("answer", told(pointer=END - 1, length=1)) == 0
    assert obeys.call_bytes("answer", b"\x58\x18" + told(pointer=0, length=END)) == bytes(1024) + (
        b"\x58\x18" + told(pointer=0, length=END)
    ) + bytes(END - 1024 - 26)


def test_pointers_above_2_gib_are_not_negative(load):
    plugin = load("lives_beyond_2gib", limits=Limits(memory="4GiB"))
    assert plugin.call("echo", ["above", 2**31]) == ["above", 2**31]
    assert plugin.call("echo", b"x" * 60_000) == b"x" * 60_000
    with pytest.raises(AbiViolation):
        plugin.call("echo", b"x" * 70_000)


def test_the_reply_is_copied_and_later_calls_do_not_change_it(obeys):
    first = obeys.call("answer", told(b"\x44abcd"))
    second = obeys.call("answer", told(b"\x44efgh"))
    assert (first, second) == (b"abcd", b"efgh")


@pytest.mark.parametrize(
    ("pointer", "length"),
    [(65_535, 2), (65_536, 1), (2**32 - 1, 1), (2**31, 1), (0, 65_537), (2**32 - 8, 16), (8, 2**23)],
)
def test_a_request_to_the_host_outside_memory_ends_the_call(load, pointer, length):
    plugin = load("lies_to_host")
    with pytest.raises(AbiViolation) as caught:
        plugin.call_bytes("ask", pointer.to_bytes(4, "little") + length.to_bytes(4, "little"))
    assert caught.value.code == "bad_pointer"


def test_the_host_is_not_called_before_the_guest_is_ready(load):
    with pytest.raises(AbiViolation) as caught:
        load("asks_in_start")
    assert caught.value.code == "not_ready"


def test_a_buffer_serves_all_requests_that_fit_and_a_larger_one_is_asked_for_when_needed(load):
    plugin = load("allocates")
    assert [plugin.call("allocations", "x" * size) for size in (0, 200, 10, 254, 255, 500, 1, 511, 4000, 4000)] == [
        1, 1, 1, 1, 2, 2, 2, 3, 4, 4,
    ]  # fmt: skip
    assert plugin.call("last") >= 4003


@pytest.mark.parametrize(
    ("pointer", "size"),
    [(65_536, 1), (65_530, 100), (0xFFFFFFFF, 1), (0x80000000, 1), (0xFFFFFF00, 255), (1024, 2**20), (65_536, 2**21)],
)
def test_a_buffer_outside_memory_is_never_written_to(load, pointer, size):
    plugin = load("obeys", {"(i32.const 1024)": f"(i32.const {pointer})"})
    with pytest.raises(AbiViolation) as caught:
        plugin.call("answer", b"x" * size)
    assert caught.value.code == "bad_pointer"


def test_a_guest_without_room_for_a_request_is_out_of_memory(load):
    with pytest.raises(MemoryExceeded) as caught:
        load("has_no_room").call("run")
    assert caught.value.hint


SHAPE = {
    "memory": '(memory (export "memory") 1)',
    "marker": '(func (export "wardian_abi_v1"))',
    "alloc": '(func (export "wardian_alloc") (param i32) (result i32) i32.const 1024)',
}
UNSHAPED = {
    "no memory": ("memory", ""),
    "a memory that is not exported": ("memory", "(memory 1)"),
    "memory is a function": ("memory", '(func (export "memory"))'),
    "memory is a global": ("memory", '(global (export "memory") i32 (i32.const 0))'),
    "memory is a table": ("memory", '(table (export "memory") 1 funcref)'),
    "no marker": ("marker", ""),
    "marker with a parameter": ("marker", '(func (export "wardian_abi_v1") (param i32))'),
    "marker with a result": ("marker", '(func (export "wardian_abi_v1") (result i32) i32.const 1)'),
    "marker is a global": ("marker", '(global (export "wardian_abi_v1") i32 (i32.const 1))'),
    "no alloc": ("alloc", ""),
    "alloc of nothing": ("alloc", '(func (export "wardian_alloc") (result i32) i32.const 1024)'),
    "alloc of 64 bits": ("alloc", '(func (export "wardian_alloc") (param i64) (result i64) i64.const 1024)'),
    "alloc without a result": ("alloc", '(func (export "wardian_alloc") (param i32))'),
    "alloc of vectors": ("alloc", '(func (export "wardian_alloc") (param v128) (result v128) local.get 0)'),
    "alloc is a table": ("alloc", '(table (export "wardian_alloc") 1 funcref)'),
    "_initialize with a parameter": ("more", '(func (export "_initialize") (param i32))'),
    "_initialize is a memory": ("more", '(export "_initialize" (memory 0))'),
    "plugin_open of another type": ("more", '(func (export "plugin_open") (param i64 i64) (result i64) i64.const 0)'),
    "plugin_open with ten results": (
        "more",
        f'(func (export "plugin_open") (result {"v128 " * 10}) {"v128.const i64x2 -1 -1 " * 10})',
    ),
    "plugin_open is a memory": ("more", '(export "plugin_open" (memory 0))'),
    "plugin_close with no parameters": ("more", '(func (export "plugin_close") (result i64) i64.const 0)'),
    "plugin_close is a global": ("more", '(global (export "plugin_close") i32 (i32.const 1))'),
}


@pytest.mark.parametrize("name", UNSHAPED)
def test_a_module_of_another_shape_is_refused_at_load(runtime, name):
    part, text = UNSHAPED[name]
    with pytest.raises(PackageError) as caught:
        runtime.load(wasm_of(f"(module {' '.join({**SHAPE, part: text}.values())})"))
    assert caught.value.code == "abi_error"
    assert caught.value.hint


@pytest.mark.parametrize("version", ["0", "2", "18446744073709551616", "", "one"])
def test_another_version_of_the_abi_is_named_and_refused(runtime, version):
    parts = {**SHAPE, "marker": f'(func (export "wardian_abi_v{version}") unreachable)'}
    with pytest.raises(PackageError) as caught:
        runtime.load(wasm_of(f"(module {' '.join(parts.values())})"))
    assert caught.value.code == "abi_version_unsupported"
    assert f"wardian_abi_v{version}" in caught.value.message
    assert "wardian_abi_v1" in caught.value.message


EXTRAS = {
    "vectors": '(func (export "v") (param v128) (result v128) local.get 0)',
    "references": '(func (export "r") (param externref funcref))',
    "many results": '(func (export "m") (result i32 i64 f32 f64) unreachable)',
    "a table of references": '(table (export "t") 1 5 externref)',
    "a vector global": '(global (export "g") v128 (v128.const i64x2 1 2))',
    "names of all kinds": '(global $n i32 (i32.const 0)) (export "" (global $n)) (export "__class__" (global $n)) '
    '(export "a\\00b" (global $n)) (export "\\e2\\80\\ae" (global $n))',
    "the name of a note as a function": '(func (export "wardian:refused"))',
    "the name of a note as a memory": '(export "wardian:refused" (memory 0))',
    "the name of a note as a table": '(table (export "wardian:refused") 1 funcref)',
    "the name of a note as a float": '(global (export "wardian:refused") f64 (f64.const 1))',
    "the name of a note as a reference": '(global (export "wardian:refused") externref (ref.null extern))',
    "the name of a note as a number": '(global (export "wardian:refused") i32 (i32.const 999))',
}


@pytest.mark.parametrize("name", EXTRAS)
def test_a_module_may_export_more_and_the_host_leaves_it_alone(runtime, name):
    run = '(func (export "run") (param i32 i32) (result i64) (drop (memory.grow (i32.const 65000))) unreachable)'
    plugin = runtime.load(wasm_of(f"(module {' '.join(SHAPE.values())} {run} {EXTRAS[name]})"))
    assert plugin.entries == ("run",)
    with pytest.raises((Trap, MemoryExceeded)):
        plugin.call("run")
    assert repr(plugin).isprintable()


def test_initialize_runs_once_before_everything_else(load):
    plugin = load("initializes")
    assert [plugin.call("run") for _ in range(3)] == [1, 1, 1]
    assert load("initializes", fresh=True).call("run") == 1


@pytest.mark.parametrize("entry", ["trap", "lie", "spin"])
def test_a_call_that_broke_ends_its_instance_and_the_next_one_is_new(load, entry):
    plugin = load("counts", limits=Limits(deadline="50ms"))
    assert [plugin.call("next") for _ in range(3)] == [1, 2, 3]
    with pytest.raises(Exception, match="counts: ") as caught:
        plugin.call(entry)
    assert not isinstance(caught.value, GuestError)
    assert [plugin.call("next") for _ in range(2)] == [1, 2]


def test_a_reply_that_cannot_be_decoded_ends_the_instance_too(load):
    plugin = load(
        "counts", {"(i32.const 0) (global.get $calls))": "(i32.const 0) (i32.add (i32.const 26) (global.get $calls)))"}
    )
    with pytest.raises(AbiViolation):  # the first count is a head that wants more bytes
        plugin.call("next")
    assert plugin.call_bytes("next", b"\xf6") == b"\x1b"


def test_an_error_of_the_guests_own_leaves_its_instance_as_it_is(load):
    plugin = load("counts")
    assert plugin.call("next") == 1
    with pytest.raises(GuestError):
        plugin.call("fail")
    assert plugin.call("next") == 3
