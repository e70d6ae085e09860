import logging

import pytest

import wardian
from support.wat import wasm_of
from wardian.errors import AbiViolation, GuestError, PackageError
from wardian.guests import command
from wardian.sandbox import instance
from wardian.sandbox.interface import Export
from wardian.sandbox.module import Module

ERROR = b"\xa2\x64kind\x67invalid\x67message\x62no"


def program(ending, output=b""):
    """A program that copies its input to standard error, writes `output` to standard output, and ends so."""
    text = "".join(f"\\{byte:02x}" for byte in output)
    return wasm_of(f"""(module
      (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
      (memory (export "memory") 1)
      (data (i32.const 0) "\\40\\00\\00\\00\\00\\04\\00\\00")
      (data (i32.const 16) "\\00\\10\\00\\00\\{len(output):02x}\\00\\00\\00")
      (data (i32.const 4096) "{text}")
      (func (export "_start")
        (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 4)))
        (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 32)))
        (drop (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 32)))
        {ending}))""")


@pytest.fixture
def lines():
    return []


@pytest.fixture
def run(cache, lines):
    with wardian.Runtime(cache=cache, on_log=lambda line: lines.append(line.message)) as runtime:

        def run(ending, output=b"", entry="go", value=None, **arguments):
            return runtime.load(program(ending, output), name="prog", **arguments).call(entry, value)

        yield run


def test_the_request_comes_with_its_entry_point_on_standard_input(run, lines):
    assert run("", b"\x01", "entry", "ab") == 1
    assert lines == ["\ufffdeentrybab"]  # an array of two texts, in CBOR


@pytest.mark.parametrize(("output", "value"), [(b"", None), (b"\xf6", None), (b"\x82\x01\x61a", [1, "a"])])
@pytest.mark.parametrize("ending", ["", "(call $exit (i32.const 0))"])
def test_standard_output_is_the_reply_however_a_program_ends_well(run, ending, output, value):
    assert run(ending, output) == value


def test_an_error_item_is_the_programs_own_error(run):
    with pytest.raises(GuestError) as raised:
        run("(call $exit (i32.const 1))", ERROR)
    assert (raised.value.kind, raised.value.message, raised.value.where) == ("invalid", "no", "prog: go")


@pytest.mark.parametrize("code", [1, 2, 255, -1])
def test_a_program_that_says_nothing_of_its_failure_fails_with_its_code(run, code):
    with pytest.raises(GuestError, match="said nothing") as raised:
        run(f"(call $exit (i32.const {code}))")
    assert (raised.value.kind, raised.value.guest_code) == ("internal", f"exit_{code & 0xFFFFFFFF}")


@pytest.mark.parametrize("output", [b"\x01", b"\xa0", b"oops", b"\xff", ERROR + b"\0"])
def test_output_that_is_no_error_item_breaks_the_rules(run, output):
    with pytest.raises(AbiViolation) as raised:
        run("(call $exit (i32.const 1))", output)
    assert raised.value.code == "bad_error"


@pytest.mark.parametrize("output", [b"oops", b"\x01\x02", b"\xff"])
def test_output_that_is_no_item_breaks_the_rules(run, output):
    with pytest.raises(AbiViolation) as raised:
        run("", output)
    assert raised.value.code == "bad_cbor"


def test_the_deadline_covers_the_whole_program(run):
    with pytest.raises(wardian.DeadlineExceeded) as raised:
        run("(loop $again (br $again))", limits=wardian.Limits(deadline="20ms"))
    assert (raised.value.limit, raised.value.where) == ("deadline", "prog: go")


def test_each_call_is_a_program_of_its_own_and_none_is_left(cache):
    before = -len(instance._places)
    with wardian.Runtime(cache=cache, on_log=lambda _: None) as runtime:
        plugin = runtime.load(program("", b"\x05"), name="prog")
        assert plugin.entries is None
        assert [plugin.call(entry) for entry in ("a", "b", "")] == [5, 5, 5]
        assert -len(instance._places) == before


def test_an_entry_point_of_any_text_within_the_limit_is_the_programs_to_know(run):
    assert run("", b"", "ä\n\0") is None
    with pytest.raises(wardian.RequestTooLarge):
        run("", b"", "a" * 100, limits=wardian.Limits(request=50))


def exporting(**exports):
    return Module(None, None, "", 0, 0, (), {name: Export(name, *given) for name, given in exports.items()})


def test_a_command_exports_start_and_a_memory():
    start, memory = ("func", (), ()), ("memory",)
    command.check(exporting(_start=start, memory=memory))
    for wrong in (
        {"_start": start},
        {"_start": start, "memory": ("global",)},
        {"_start": ("func", ("i32",), ()), "memory": memory},
        {"_start": ("global",), "memory": memory},
    ):
        with pytest.raises(PackageError) as raised:
            command.check(exporting(**wrong))
        assert raised.value.code == "abi_error"


def test_a_log_that_raises_fails_the_call_and_leaves_nothing(cache, caplog):
    caplog.set_level(logging.ERROR)

    def broken(_line):
        raise OSError("the log is gone")

    before = -len(instance._places)
    with wardian.Runtime(cache=cache, on_log=broken) as runtime:
        plugin = runtime.load(program("", b"\x05"), name="prog")
        with pytest.raises((OSError, wardian.HostFunctionError)):
            plugin.call("go")
        assert -len(instance._places) == before
