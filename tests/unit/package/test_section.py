import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.wat import wasm_of
from wardian.abi.contract import PACKAGE_SECTION
from wardian.errors import PackageError
from wardian.package.section import NAME, embed
from wardian.sandbox import binary

HEADER = b"\0asm\x01\0\0\0"
MODULE = wasm_of('(module (memory (export "memory") 1) (func (export "f")) (@custom "other" "kept"))')


def sections(wasm):
    return [(each.id, each.name, wasm[each.start : each.start + each.size]) for each in binary.sections(wasm)]


def test_the_name_is_the_contracts():
    assert NAME == PACKAGE_SECTION


@given(content=st.binary(max_size=300) | st.just(bytes(70_000)))
def test_what_is_embedded_is_read_back_and_all_else_stays(content):
    made = embed(MODULE, content)
    assert sections(made) == [*sections(MODULE), (0, NAME, content)]


def test_an_earlier_description_is_replaced_wherever_it_stands():
    first = embed(HEADER, b"first")
    twice = first + MODULE[8:] + first[8:]
    assert embed(twice, b"second") == embed(MODULE, b"second")


def test_the_same_content_gives_the_same_bytes():
    made = embed(MODULE, b"content")
    assert embed(made, b"content") == made


@pytest.mark.parametrize(
    "broken",
    [
        b"", b"\0asm", b"\0asm\x0d\0\x01\0", HEADER + b"\x01", HEADER + b"\x01\x05\0",
        HEADER + b"\x01\x80\x80\x80\x80\x80", HEADER + b"\0\0", HEADER + b"\0\x01\x05", HEADER + b"\0\x02\x05a",
    ],
)  # fmt: skip
def test_a_broken_module_is_refused(broken):
    with pytest.raises(PackageError) as refused:
        embed(broken, b"")
    assert refused.value.code == "invalid_module"


@given(rest=st.binary(max_size=60))
def test_whatever_follows_the_header_is_kept_or_refused(rest):
    try:
        made = embed(HEADER + rest, b"x")
    except PackageError:
        return
    assert made.endswith(b"wardian:packagex")
    assert binary.sections(made)[-1].name == NAME
