import pytest

import wardian
from support.components import ENTRIES, component
from support.wat import wasm_of
from wardian.errors import BuildError
from wardian.toolchain.flattening import core, face, merging

IMPORTS = [("wardian", "log"), ("app", "probe")]


def merged(replace=()):
    return merging.merge(component(replace), wasm_of(face.text(ENTRIES, IMPORTS)))


@pytest.fixture
def guest(tmp_path):
    path = tmp_path / "merged.wasm"
    path.write_bytes(merged())

    def refuse(item):
        if item == "refuse":
            raise wardian.CapabilityError("conflict", "no")
        return None if item is None else [item]

    with wardian.Runtime(cache=None) as runtime:
        yield runtime.load(path, functions={"probe": refuse})


def test_the_modules_of_a_component_are_one_that_speaks_the_abi(guest):
    for item in (None, "text", [1, b"x" * 100]):
        assert guest.call("echo", item) == item


def test_what_the_component_asks_is_asked_of_the_import_with_that_number(guest):
    assert guest.call("asks", "a") == ["a"]
    assert guest.call("asks", None) is None
    with pytest.raises(wardian.GuestError, match="no") as caught:
        guest.call("asks", "refuse")
    assert caught.value.kind == "conflict"


def test_a_failure_of_the_component_is_one_of_the_abi(guest):
    with pytest.raises(wardian.GuestError, match="why"):
        guest.call("fails", {"kind": "invalid", "message": "why"})


def test_functions_of_wasi_are_stood_in_for_and_of_files_there_are_none(tmp_path):
    path = tmp_path / "merged.wasm"
    path.write_bytes(merged())
    with wardian.Runtime(cache=None) as runtime:
        guest = runtime.load(path, functions={"probe": id})
        guest.call_bytes("clock", b"\xf6")
        with pytest.raises(wardian.AbiViolation):  # eight bytes of a clock, and no item
            guest.call("clock")
        with pytest.raises(wardian.AbiViolation):
            guest.call("files")


def test_only_what_something_can_call_is_in_the_module():
    parts = core.read(merged())
    with_waste = core.read(merged([("(func $waste unreachable)", '(func $waste (export "waste") unreachable)')]))
    assert len(parts.functions) == len(with_waste.functions)
    called = core.read(
        merged([('(func (export "free") (param i32))', '(func (export "free") (param i32) call $waste)')])
    )
    assert len(called.functions) == len(parts.functions) + 1


def test_a_module_has_one_memory_one_table_and_the_imports_of_its_face():
    parts = core.read(merged())
    assert (len(parts.memories), len(parts.tables)) == (1, 1)
    asked = {(each.module, each.name) for each in parts.imports if each.module != "wasi_snapshot_preview1"}
    assert asked == {("wardian", "take"), *IMPORTS}
    assert {"memory", "wardian_abi_v1", "wardian_alloc", *ENTRIES} == set(parts.exports)


def test_what_the_face_needs_and_nobody_has_is_named():
    with pytest.raises(BuildError, match="exports `calloc`"):
        merged([('(export "calloc")', '(export "other")')])
