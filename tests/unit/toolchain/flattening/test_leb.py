from hypothesis import given
from hypothesis import strategies as st

from wardian.sandbox import binary
from wardian.toolchain.flattening import leb


@given(st.integers(0, 2**64 - 1))
def test_an_unsigned_number_is_read_as_it_was_written(value):
    data = binary.number(value)
    reader = leb.Reader(data, 0, len(data))
    assert (reader.number(), reader.at) == (value, len(data))


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_signed_number_is_read_as_it_was_written(value):
    data = binary.signed(value)
    reader = leb.Reader(data, 0, len(data))
    assert (reader.signed(), reader.at) == (value, len(data))


@given(st.text())
def test_a_name_is_read_as_it_was_written(text):
    data = leb.name(text)
    assert leb.Reader(data, 0, len(data)).name() == text


def test_a_vector_has_its_number_and_a_section_its_size():
    assert binary.section(1, leb.vector([b"ab", b"c"])) == b"\x01\x04\x02abc"
