"""`wardian.plugins.inspection` and `wardian.cli.inspect`: what a module says of itself, and nothing of it runs."""

import json

import pytest

from support.wat import wasm_of
from wardian.abi.codec import Bounds, encode
from wardian.cli.inspect import rows
from wardian.errors import PackageError
from wardian.package.manifest import Manifest
from wardian.plugins.inspection import Entry, Size, callable_names, inspect

ABI = """
  (memory (export "memory") 1 16)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 0))
"""
ENTRY = '(func (export "{}") (param i32 i32) (result i64) (i64.const 0))'


def module(*parts):
    return wasm_of(f"(module {' '.join(parts)})")


def encoded(value):
    return encode(value, Bounds(size=2**20, items=1000, depth=32))


def section(name, content):
    body = bytes([len(name)]) + name.encode() + content
    assert len(body) < 2**14
    return b"\0" + bytes([len(body) & 0x7F | 0x80, len(body) >> 7]) + body


def table(found, title):
    return dict(rows(found))[title]


def test_a_reactor_tells_its_entry_points_and_the_kinds_that_they_serve(runtime):
    found = inspect(runtime, module(ABI, *map(ENTRY.format, ("mine", "source_poll", "sink_write", "plugin_open"))))
    assert (found.transport, found.abi, found.kinds) == ("reactor", ("wardian_abi_v1",), ("source", "sink"))
    assert found.entries == (Entry("mine", ()), Entry("source_poll", ("source",)), Entry("sink_write", ("sink",)))
    assert found.lifecycle == ("plugin_open",)


def test_a_program_is_a_command(runtime):
    found = inspect(runtime, module('(memory (export "memory") 1) (func (export "_start"))'))
    assert found.transport == "command"
    assert table(found, "entry points") == [("any name", "the program decides itself")]


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ((), "exports no memory"),
        (('(memory (export "memory") 1)',), "exports no `wardian_abi_v1`"),
        (('(memory (export "memory") 1) (func (export "wardian_abi_v9"))',), "speaks `wardian_abi_v9`"),
    ],
)
def test_what_is_neither_says_why(runtime, parts, reason):
    found = inspect(runtime, module(*parts))
    assert found.transport is None
    assert reason in found.reason


def test_imports_are_told_with_the_grants_that_allow_them(runtime):
    names = [
        ("wardian", "log"), ("wardian", "state_get"), ("wardian", "http_request"), ("app", "lookup"),
        ("wasi_snapshot_preview1", "fd_write"), ("wasi_snapshot_preview1", "clock_time_get"),
        ("wasi_snapshot_preview1", "random_get"), ("wasi_snapshot_preview1", "path_open"),
        ("wasi_snapshot_preview1", "mystery"), ("env", "abort"), ("wardian", "mystery"),
    ]  # fmt: skip
    found = inspect(runtime, module(*(f'(import "{home}" "{name}" (func))' for home, name in names)))
    assert [(need.capability, need.access) for need in found.imports] == [
        (None, "always"), ("state", "granted"), ("http", "granted"), ("app.lookup", "function"), (None, "always"),
        ("clock", "optional"), ("random", "optional"), ("package", "optional"), (None, "refused"), (None, "refused"),
        (None, "refused"),
    ]  # fmt: skip
    shown = {name: permission for name, _, permission in table(found, "imports")}
    assert shown["wardian.state_get"] == "needs --grant state"
    assert shown["wardian.http_request"] == "needs --grant http=HOST:PORT"
    assert "cannot be loaded" in shown["env.abort"]


def test_memories_and_tables_are_told_also_where_they_are_not_exported(runtime):
    found = inspect(runtime, module("(memory 2 200) (table 5 funcref) (table 300 4000 externref)"))
    assert found.memories == (Size(2, 200),)
    assert found.tables == (Size(5, None), Size(300, 4000))
    assert dict(table(found, ""))["memory"] == "128KiB (2 pages), at most 12800KiB (200 pages)"


def test_a_start_section_is_told_and_does_not_run(runtime):
    found = inspect(runtime, module(ABI, "(func $s (loop (br 0))) (start $s)"))
    assert found.starts
    assert ("start", "code runs as soon as there is an instance") in table(found, "")


def test_sections_are_told_with_their_sizes(runtime):
    found = inspect(runtime, module(ABI) + section("notes", b"12345"))
    assert (found.sections[-1].name, found.sections[-1].size) == ("notes", 5)
    assert found.size == len(module(ABI)) + 2 + 6 + 5 + 1


def test_the_packages_description_is_decoded(runtime):
    package = {"name": "a/b", "version": "1.0.0", "symbols": [{"kind": "source", "name": "tick"}]}
    found = inspect(runtime, module(ABI) + section("wardian:package", encoded(package)))
    assert found.package == Manifest.from_value(package)
    assert found.as_dict()["package"] == package
    assert table(found, "package") == [("name", "a/b 1.0.0"), ("symbol", "source tick")]


@pytest.mark.parametrize("content", [b"", b"\xff", encoded([1]), b"\x81" * 1000, b"\x9b" + b"\xff" * 8])
def test_a_broken_description_is_shown_as_such(runtime, content):
    found = inspect(runtime, module(ABI) + section("wardian:package", content))
    assert found.package is None
    assert found.package_fault
    assert table(found, "package") == [("broken", found.package_fault)]


def test_two_descriptions_are_none(runtime):
    twice = section("wardian:package", encoded({"name": "a/b"})) * 2
    assert inspect(runtime, module(ABI) + twice).package_fault == "the section `wardian:package` stands there 2 times"


def test_an_entry_point_of_another_type_is_noted(runtime):
    found = inspect(runtime, module(ABI, '(func (export "source_poll"))'))
    assert found.entries == ()
    assert "`source_poll`" in found.notes[0]


def test_all_of_it_is_plain_data(runtime):
    found = inspect(runtime, module(ABI, ENTRY.format("run")))
    assert json.loads(json.dumps(found.as_dict()))["entries"] == [{"name": "run", "kinds": []}]


def test_text_is_parsed_and_its_path_is_told(runtime, tmp_path):
    path = tmp_path / "p.wat"
    path.write_text(f"(module {ABI})")
    assert inspect(runtime, path).where == str(path)
    path.write_text("(module")
    with pytest.raises(PackageError) as caught:
        inspect(runtime, path)
    assert caught.value.where == str(path)


def test_names_for_the_shell_are_those_that_can_be_called():
    wasm = module(ABI, ENTRY.format("run"), ENTRY.format("plugin_open"), '(global (export "g") i32 (i32.const 0))')
    assert callable_names(wasm) == ["run"]
