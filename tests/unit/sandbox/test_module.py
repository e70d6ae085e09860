import pytest

from support.sandboxed import sandbox
from wardian.errors import PackageError
from wardian.sandbox.interface import Export, Import
from wardian.sandbox.module import listed, signature


@pytest.fixture(scope="module")
def module():
    with sandbox(
        '(module (memory (export "memory") 1) (table 3 funcref) (table 7 funcref) (func (export "f") (param i32)))'
    ) as made:
        yield made.prepared.module


def test_it_knows_its_tables_and_its_digest(module):
    assert (module.tables, module.elements) == (2, 7)
    assert len(module.digest) == 64


def test_a_function_is_found_by_its_name_and_type(module):
    assert module.function("f", ("i32",), ()) == Export("f", "func", ("i32",))
    assert module.function("g", (), ()) is None
    for name, params in (("f", ()), ("f", ("i64",)), ("memory", ())):
        with pytest.raises(PackageError) as caught:
            module.function(name, params, ())
        assert caught.value.code == "abi_error"
        assert f"`{name}` is " in caught.value.message


def test_types_are_written_as_people_do():
    assert signature(Import("m", "f", "func", ("i32", "i64"), ("f32",))) == "func (i32, i64) -> (f32)"
    assert signature(Export("m", "memory")) == "memory"


def test_a_list_of_names_is_short_and_printable():
    assert listed(["a", "b\n"]) == "`a`, `b\\n`"
    many = listed([f"{number}{'x' * 500}" for number in range(1_000)])
    assert many.endswith(" and 980 more")
    assert len(many) < 3_000
