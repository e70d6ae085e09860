"""Cases 1 to 7 and 14 to 24: what is no module, or a module that no host should take, is refused when it is loaded."""

from __future__ import annotations

import subprocess
import time

import pytest
import wasmtime

import wardian
from support.bombs import MAGIC, number, section, vector
from support.packages import with_package
from support.wat import wasm_of
from wardian.plugins.inspection import inspect
from wardian.sandbox import compiler as compiling

MIB = 2**20
SINK = '(func (export "sink_write") (param i32 i32) (result i64) (i64.const 0))'
PARTS = {
    "memory": '(memory (export "memory") 1)',
    "marker": '(func (export "wardian_abi_v1"))',
    "alloc": '(func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))',
    "entry": '(func (export "run") (param i32 i32) (result i64) (i64.const 0))',
}


def plugin_of(first="", last="", **changed):
    """A plugin's text with parts before and after its own, of which some may be others."""
    return wasm_of(f"(module {first} {' '.join({**PARTS, **changed}.values())} {last})")


@pytest.fixture
def refused(runtime, healthy):
    """Gives the error of loading something, after which another plugin still answers."""

    def error(source, **arguments):
        with pytest.raises(wardian.WardianError) as caught:
            runtime.load(source, **arguments)
        assert len(str(caught.value)) < 5_000
        assert all(line.isprintable() for line in str(caught.value).splitlines())
        return caught.value

    yield error
    healthy()


@pytest.fixture
def no_child(monkeypatch):
    """Whoever starts a process fails."""

    def start(*_arguments, **_named):
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", start)


def test_case_01_nothing_is_refused_without_a_child(refused, no_child, tmp_path):
    (tmp_path / "a.wasm").touch()
    assert {refused(b"").code, refused(tmp_path / "a.wasm").code} == {"invalid_module"}


def test_case_02_a_module_cut_at_any_byte_is_refused(refused):
    wasm = plugin_of()
    # Between two sections the rest may be a module, but is no plugin.
    assert {refused(wasm[:end]).code for end in range(len(wasm))} <= {"invalid_module", "abi_error"}


def test_case_03_another_version_and_a_component_are_told_apart(refused, no_child):
    found = [refused(head + b"\0" * 8) for head in (b"\0asm\x02\0\0\0", b"\0asm\x0d\0\1\0")]
    assert [each.code for each in found] == ["unsupported_format"] * 2
    assert "component" in found[1].message


@pytest.mark.parametrize("text", [b"(module)", b" (module)", b";; \0asm\n(module)", b"\xef\xbb\xbf(module)"])
def test_case_04_text_is_never_parsed_unless_its_path_says_that_it_is_text(refused, no_child, tmp_path, text):
    (tmp_path / "a.wasm").write_bytes(text)
    assert {refused(text).code, refused(tmp_path / "a.wasm").code} == {"invalid_module"}


def test_case_04_a_path_of_text_is_parsed_in_a_child(runtime, healthy, guest):
    assert runtime.load(guest("echoes")).call("echo", 4) == 4
    healthy()


def test_case_05_compiled_code_is_never_run(refused, no_child, monkeypatch, tmp_path):
    monkeypatch.setattr(compiling.wasmtime.Module, "deserialize", None)
    artefact = bytes(wasmtime.Module(wasmtime.Engine(), "(module)").serialize())
    assert artefact.startswith(b"\x7fELF")
    for name in ("a.cwasm", "a.wasm", "a.so"):
        (tmp_path / name).write_bytes(artefact)
        assert refused(tmp_path / name).code == "invalid_module"
    assert refused(artefact).code == "invalid_module"


def padded(size):
    """A plugin of exactly so many bytes, with a custom section that takes the rest."""
    wasm = plugin_of()
    return wasm + b"\0" + padded_number(size - len(wasm) - 6) + b"\1a" + bytes(size - len(wasm) - 8)


def padded_number(value):
    return bytes([value >> shift & 0x7F | 0x80 for shift in (0, 7, 14, 21)] + [value >> 28])


def test_case_06_a_module_may_be_exactly_as_large_as_its_limit(runtime, refused, no_child, monkeypatch):
    most = wardian.Limits().module
    error = refused(padded(most + 1))
    assert (error.limit, error.value, error.asked) == ("module", most, most + 1)
    monkeypatch.undo()
    assert runtime.load(padded(most)).call("run") is None


def test_case_07_a_hundred_megabytes_of_nothing_are_too_large(refused, no_child, tmp_path):
    wasm = padded(100 * 10**6)
    (tmp_path / "a.wasm").write_bytes(wasm)
    assert [refused(wasm).limit, refused(tmp_path / "a.wasm").limit] == ["module"] * 2


FEATURES = {
    "shared": "(memory 1 1 shared)",
    "multiple memories": "(memory 1) (memory 1)",
    "memory64": "(memory i64 1)",
    "64-bit": "(table i64 1 funcref)",
    "gc": "(type (struct (field i32)))",
    "exceptions": "(tag)",
    "exceptions proposal": '(import "env" "failed" (tag))',
    "wide": "(func (result i64 i64) i64.const 0 i64.const 0 i64.const 0 i64.const 0 i64.add128)",
    "function references": "(type $t (func)) (func (param (ref $t)))",
    "tail calls": "(func $f return_call $f)",
    "relaxed SIMD": "(func (param v128 v128) (result v128) local.get 0 local.get 1 i8x16.relaxed_swizzle)",
    "stack switching": "(type $f (func)) (type (cont $f))",
    "custom page sizes": "(memory 1 (pagesize 1))",
}


@pytest.mark.parametrize("feature", FEATURES)
def test_case_14_a_feature_that_is_off_is_named(refused, feature):
    error = refused(wasm_of(f"(module {FEATURES[feature]})"))
    assert error.code == "unsupported_feature"
    assert feature.lower() in error.message.lower()


WRONG_IMPORTS = {
    "unknown module": '(import "env" "system" (func (param i32) (result i32)))',
    "unknown name": '(import "wardian" "system" (func (param i32) (result i32)))',
    "wrong signature": '(import "wardian" "log" (func (param i64) (result i64)))',
    "more results": '(import "wardian" "log" (func (param i32 i32) (result i64 i64)))',
    "vectors": '(import "wardian" "log" (func (param v128)))',
    "case 17, table": '(import "wardian" "log" (table 1 funcref))',
    "case 17, global": '(import "wardian" "log" (global i32))',
    "case 17, changing global": '(import "env" "stack" (global (mut i32)))',
}


@pytest.mark.parametrize("name", WRONG_IMPORTS)
def test_case_15_17_an_import_that_is_not_there_or_of_another_type_is_refused_at_load(refused, name):
    assert refused(plugin_of(WRONG_IMPORTS[name])).code == "missing_import"


def test_case_17_a_memory_that_is_exported_but_not_its_own_is_refused_at_load(refused):
    imported = '(memory (export "memory") (import "env" "memory") 1)'
    assert refused(plugin_of(memory="", first=imported)).code == "missing_import"


def test_case_15_at_most_twenty_missing_imports_are_listed(refused):
    error = refused(plugin_of("".join(f'(import "env" "f{index}" (func))' for index in range(1_000))))
    assert error.code == "missing_import"
    assert error.message.count("env.f") == 20
    assert "980 more" in error.message


def imports_of(count):
    return vector(*[b"\1e" + number(len(b"%d" % index)) + b"%d" % index + b"\0\0" for index in range(count)])


def exports_of(count):
    return vector(*[number(len(b"%d" % index)) + b"%d" % index + b"\0\0" for index in range(count)])


NOTHING = section(1, vector(b"\x60\0\0"))
ONE = section(3, vector(b"\0"))
BODY = section(10, vector(b"\2\0\x0b"))
MANY = {
    "imports": (MAGIC + NOTHING + section(2, imports_of(100_000)), "too_complex"),
    "most imports": (MAGIC + NOTHING + section(2, imports_of(10_000)), "abi_error"),
    "exports": (MAGIC + NOTHING + ONE + section(7, exports_of(100_001)) + BODY, "too_complex"),
    "most exports": (MAGIC + NOTHING + ONE + section(7, exports_of(100_000)) + BODY, "abi_error"),
    "data segments": (MAGIC + section(11, number(100_001) + b"\1\0" * 100_001), "too_complex"),
    "most data segments": (MAGIC + section(11, number(100_000) + b"\1\0" * 100_000), "abi_error"),
}


@pytest.mark.parametrize("name", MANY)
def test_case_16_a_hundred_thousand_of_anything_end_soon_and_in_few_words(refused, name):
    wasm, code = MANY[name]
    began = time.monotonic()
    assert refused(wasm).code == code
    assert time.monotonic() - began < 5


ABI = {
    "no memory": {"memory": ""},
    "memory of another name": {"memory": '(memory (export "mem") 1)'},
    "memory that is a function": {"memory": '(func (export "memory"))'},
    "memory that is a table": {"memory": '(table (export "memory") 1 funcref)'},
    "no marker": {"marker": ""},
    "marker that is a memory": {"memory": '(memory (export "memory") (export "wardian_abi_v1") 1)', "marker": ""},
    "marker with parameters": {"marker": '(func (export "wardian_abi_v1") (param i32))'},
    "no alloc": {"alloc": ""},
    "alloc of 64 bits": {"alloc": '(func (export "wardian_alloc") (param i64) (result i64) (i64.const 0))'},
    "alloc of two": {"alloc": '(func (export "wardian_alloc") (param i32 i32) (result i32) (i32.const 0))'},
    "alloc without result": {"alloc": '(func (export "wardian_alloc") (param i32))'},
    "alloc of vectors": {"alloc": '(func (export "wardian_alloc") (param v128) (result i32) (i32.const 0))'},
    "alloc that is a global": {"alloc": '(global (export "wardian_alloc") i32 (i32.const 0))'},
    "open with more": {
        "entry": '(func (export "plugin_open") (param i32 i32 i32) (result i64) (i64.const 0))',
    },
    "initialize with a result": {"entry": '(func (export "_initialize") (result i32) (i32.const 0))'},
}


@pytest.mark.parametrize("name", ABI)
def test_case_18_19_an_export_that_is_missing_or_of_another_type_is_refused_at_load(refused, name):
    assert refused(plugin_of(**ABI[name])).code == "abi_error"


NAMES = ["__class__", "", "a\0b", "\u202egpj.exe", "x" * 100_000, "\x1b[2J", "../../etc", "call", "close"]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name[:12]))
def test_case_20_a_name_is_a_name_and_nothing_else(runtime, healthy, name):
    quoted = "".join(f"\\{byte:02x}" for byte in name.encode())
    wasm = plugin_of(last=f'(func (export "{quoted}") (param i32 i32) (result i64) (i64.const 0))')
    plugin = runtime.load(wasm, name="named")
    assert plugin.entries == ("run", name)
    assert plugin.call(name) is None
    assert callable(plugin.call)
    for unknown in ("runn", name + "?"):
        with pytest.raises(wardian.PackageError) as caught:
            plugin.call(unknown)
        assert caught.value.code == "no_such_entry"
        assert len(str(caught.value)) < 2_000
        assert all(line.isprintable() for line in str(caught.value).splitlines())
    healthy()


@pytest.mark.parametrize("version", ["0", "2", "4294967296", "9" * 1000, "", "1\x1b[2J", "-1"])
def test_case_21_a_plugin_of_another_version_is_refused(refused, version):
    quoted = "".join(f"\\{byte:02x}" for byte in f"wardian_abi_v{version}".encode())
    assert refused(plugin_of(marker=f'(func (export "{quoted}"))')).code == "abi_version_unsupported"


def test_case_21_the_marker_is_never_called(runtime, healthy):
    assert runtime.load(plugin_of(marker='(func (export "wardian_abi_v1") unreachable)')).call("run") is None
    healthy()


PACKAGE = {"name": "acme/mine", "version": "1.0.0", "symbols": [{"kind": "sink", "name": "keep"}]}
NAME = number(len(b"wardian:package")) + b"wardian:package"
PACKAGES = {
    "twice": section(0, NAME + b"\xa0") * 2,
    "50 megabytes": section(0, NAME + b"\x5a\x03\0\0\0" + bytes(3 << 24)),
    "no CBOR": section(0, NAME + b"\xff"),
    "no map": section(0, NAME + b"\x01"),
    "deep": section(0, NAME + b"\x81" * 100_000 + b"\0"),
    "empty": section(0, NAME),
    "of a tag": section(0, NAME + b"\xd8\x23\x66(a+)+$"),
    "more behind it": section(0, NAME + b"\xa0\xa0"),
    "an empty map": section(0, NAME + b"\xa0"),
    "of a kind that it cannot serve": with_package(MAGIC, PACKAGE)[8:],
    "with an escape in a name": with_package(MAGIC, PACKAGE | {"symbols": [{"kind": "sink", "name": "a\x1b[2J"}]})[8:],
    "of 3,000 symbols": with_package(
        MAGIC, PACKAGE | {"symbols": [{"kind": "sink", "name": str(number)} for number in range(3_000)]}
    )[8:],
}


@pytest.mark.parametrize("name", PACKAGES)
def test_case_22_a_description_that_is_wrong_is_refused_and_what_is_wrong_can_be_seen(runtime, refused, name):
    wasm = plugin_of() + PACKAGES[name]
    limits = wardian.Limits(module="64MiB")
    found = inspect(runtime, wasm, limits)
    assert 0 < len(found.reason) < 5_000
    assert found.transport is None
    error = refused(wasm, limits=limits)
    assert type(error) is wardian.PackageError
    assert error.code in ("bad_package", "abi_error")


def test_case_22_what_a_description_wishes_for_is_granted_to_nobody(runtime, healthy):
    wished = PACKAGE | {"capabilities": {"state": "please"}, "limits": {"memory": "1GiB"}}
    wasm = plugin_of('(import "wardian" "state_get" (func (param i32 i32) (result i64)))', SINK)
    with pytest.raises(wardian.PermissionDenied):
        runtime.load(with_package(wasm, wished))
    plugin = runtime.load(with_package(plugin_of(last=SINK), wished))
    assert plugin.limits == wardian.Limits()
    healthy()


OUTSIDE = {
    "data": ('(data (i32.const 65536) "x")', "memory_out_of_bounds"),
    "data below zero": ('(data (i32.const -1) "x")', "memory_out_of_bounds"),
    "element": ("(table 1 funcref) (elem (i32.const 1) 0)", "table_out_of_bounds"),
    "start": ("(func $start unreachable) (start $start)", "unreachable"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_case_23_what_begins_outside_its_memory_or_table_is_a_trap_at_load(refused, name):
    text, code = OUTSIDE[name]
    error = refused(plugin_of(last=text))
    assert (type(error), error.code) == (wardian.Trap, code)


ROOM = {
    "memory": ({"memory": '(memory (export "memory") 65536)'}, "memory", 65_536 * 65_536),
    "table": ({"entry": "(table 10000000 funcref)"}, "table_elements", 10_000_000),
    "many tables": ({"entry": "(table 15000 funcref)" * 2}, "table_elements", 30_000),
}


@pytest.mark.parametrize("name", ROOM)
def test_case_24_what_begins_larger_than_it_may_is_refused_before_there_is_any_of_it(refused, name):
    parts, limit, asked = ROOM[name]
    error = refused(plugin_of(**parts))
    assert (error.limit, error.asked) == (limit, asked)
    if limit == "memory":
        assert type(error) is wardian.MemoryExceeded
