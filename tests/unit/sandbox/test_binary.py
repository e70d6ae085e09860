import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.bombs import MAGIC, number, section
from wardian.errors import LimitExceeded, PackageError
from wardian.sandbox import binary

REFUSED = {
    "nothing": (b"", "invalid_module"),
    "text": (b"(module)", "invalid_module"),
    "a magic alone": (b"\0asm", "invalid_module"),
    "another version": (b"\0asm\x02\0\0\0", "unsupported_format"),
    "a component": (b"\0asm\x0d\0\x01\0", "unsupported_format"),
    "ELF": (b"\x7fELF\x02\x01\x01\0", "invalid_module"),
    "a zip": (b"PK\x03\x04aaaa", "invalid_module"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_core_module_is_refused_by_its_first_bytes(name):
    content, code = REFUSED[name]
    with pytest.raises(PackageError) as caught:
        binary.check_magic(content, 100)
    assert caught.value.code == code


def test_a_module_may_be_exactly_as_large_as_its_limit():
    binary.check_magic(MAGIC + bytes(92), 100)
    with pytest.raises(LimitExceeded) as caught:
        binary.check_magic(MAGIC + bytes(93), 100)
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("module", 100, 101)


def test_sections_are_told_by_their_names_and_places():
    wasm = MAGIC + section(1, b"abc") + section(0, number(4) + b"name" + b"content") + section(13, b"")
    found = [(each.id, each.name, wasm[each.start : each.start + each.size]) for each in binary.sections(wasm)]
    assert found == [(1, "type", b"abc"), (0, "name", b"content"), (13, "tag", b"")]


@pytest.mark.parametrize("tail", [b"\x01", b"\x01\x05ab", b"\x01\xff", b"\0\x02\x05a", b"\x01" + b"\xff" * 6])
def test_a_broken_outline_is_refused(tail):
    with pytest.raises(PackageError):
        binary.sections(MAGIC + tail)


def test_millions_of_sections_cost_no_more_than_a_look():
    few = binary.sections(MAGIC + b"\0\1\0" * binary.MOST_SECTIONS)
    assert len(few) == binary.MOST_SECTIONS
    with pytest.raises(PackageError, match="sections"):
        binary.sections(MAGIC + b"\0\1\0" * 10**6)


@given(st.integers(0, 2**32 - 1), st.binary(max_size=5), st.binary(max_size=5))
def test_a_number_is_read_as_it_was_written(value, before, after):
    encoded = number(value)
    assert binary.read_number(before + encoded + after, len(before)) == (value, len(before) + len(encoded))


@given(st.binary(max_size=200))
def test_any_bytes_are_an_outline_or_refused(content):
    try:
        found = binary.sections(MAGIC + content)
    except PackageError:
        return
    assert all(8 <= each.start <= each.start + each.size <= 8 + len(content) for each in found)
