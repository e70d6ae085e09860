from support.wat import wasm_of
from wardian.toolchain.flattening import core, face


def test_a_face_exports_each_entry_point_and_imports_what_is_asked_for_and_no_more():
    parts = core.read(wasm_of(face.text(["first", "second"], [("wardian", "log"), ("app", "look up")])))
    assert {"first", "second", "memory", "wardian_abi_v1", "wardian_alloc", "ask"} <= set(parts.exports)
    asked = [(each.module, each.name) for each in parts.imports if each.module in ("wardian", "app")]
    assert asked == [("wardian", "take"), ("wardian", "log"), ("app", "look up")]


def test_it_may_ask_for_nothing():
    parts = core.read(wasm_of(face.text(["only"], [])))
    assert "only" in parts.exports
