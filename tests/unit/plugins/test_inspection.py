import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.wat import wasm_of
from wardian.abi.contract import HOST_IMPORTS
from wardian.errors import PackageError
from wardian.plugins import inspection
from wardian.policy import Grants

PARTS = '(memory (export "memory") 2 3) (func (export "wardian_abi_v1"))'
ALLOC = '(func (export "wardian_alloc") (param i32) (result i32) (i32.const 0))'


def entry(name):
    return f'(func (export "{name}") (param i32 i32) (result i64) (i64.const 0))'


@pytest.mark.parametrize("name", HOST_IMPORTS)
def test_what_is_said_of_an_import_is_what_loading_it_asks_for(name):
    capability, access = inspection._access("wardian", name)
    assert access == ("granted" if HOST_IMPORTS[name] else "always")
    assert capability == HOST_IMPORTS[name]
    assert capability is None or hasattr(Grants(), capability)


@pytest.mark.parametrize(
    ("module", "name", "expected"),
    [
        ("app", "mine", ("app.mine", "function")),
        ("wardian", "unknown", (None, "refused")),
        ("env", "memory", (None, "refused")),
        ("wasi_snapshot_preview1", "fd_write", (None, "always")),
        ("wasi_snapshot_preview1", "clock_time_get", ("clock", "optional")),
        ("wasi_snapshot_preview1", "random_get", ("random", "optional")),
        ("wasi_snapshot_preview1", "path_open", ("package", "optional")),
        ("wasi_snapshot_preview1", "unknown", (None, "refused")),
    ],
)
def test_every_import_is_always_there_granted_optional_a_function_or_refused(module, name, expected):
    assert inspection._access(module, name) == expected


def test_a_module_is_told_whole_without_running(runtime):
    text = f"(module {PARTS} {ALLOC} {entry('source_poll')} {entry('own')} (table 5 7 funcref) (func $s) (start $s))"
    found = inspection.inspect(runtime, wasm_of(text))
    assert (found.transport, found.where, found.starts) == ("reactor", "the given bytes", True)
    assert [(each.name, each.kinds) for each in found.entries] == [("source_poll", ("source",)), ("own", ())]
    assert found.kinds == ("source",)
    assert found.memories == (inspection.Size(2, 3),)
    assert found.tables == (inspection.Size(5, 7),)
    assert found.size == len(wasm_of(text))
    assert json.loads(json.dumps(found.as_dict()))["digest"] == found.digest


def test_what_cannot_be_read_says_which_file(runtime, tmp_path):
    path = tmp_path / "broken.wasm"
    path.write_bytes(b"\0asm\x01\0\0\0\x01\xff")
    with pytest.raises(PackageError) as raised:
        inspection.inspect(runtime, path)
    assert raised.value.where == str(path)


def test_names_to_call_leave_out_what_the_host_calls():
    hosts = "".join(entry(name) for name in ("plugin_open", "plugin_close"))
    starts = '(func (export "_start")) (func (export "_initialize"))'
    wasm = wasm_of(f"(module {PARTS} {ALLOC} {hosts} {starts} {entry('one')} {entry('plugin_check')})")
    assert inspection.callable_names(wasm) == ["one", "plugin_check"]


@given(st.binary(max_size=100))
def test_names_of_arbitrary_bytes_are_a_list_or_a_package_error(content):
    for wasm in (content, b"\0asm\x01\0\0\0" + content, b"\0asm\x01\0\0\0\x07" + bytes([len(content)]) + content):
        with contextlib.suppress(PackageError):
            assert isinstance(inspection.callable_names(wasm), list)
