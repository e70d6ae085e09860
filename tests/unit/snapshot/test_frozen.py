import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.wat import wasm_of
from wardian.errors import PackageError
from wardian.sandbox.binary import read_number
from wardian.snapshot import frozen, outline
from wardian.snapshot.initialiser import Remains

MODULE = outline.read(
    wasm_of('(module (memory (export "memory") 1) (func (export "run")) (func (export "_initialize")))')
)
PIECES = st.lists(st.tuples(st.integers(0, 90), st.binary(min_size=1, max_size=30)), max_size=12)


@given(PIECES)
def test_the_segments_hold_all_that_is_not_zero_once_and_in_order(pieces):
    memory = bytearray()
    for gap, content in pieces:
        memory += bytes(gap) + content
    memory = bytes(memory.ljust(65_536, b"\0"))
    made, last = bytearray(len(memory)), -1
    for each in outline.read(frozen.freeze(MODULE, Remains(memory, {}, ()), ())).segments:
        at, shift, byte = 0, 0, 0x80
        raw = iter(each.raw[2:])
        while byte & 0x80:
            byte = next(raw)
            at |= (byte & 0x7F) << shift
            shift += 7
        rest = bytes(raw)[1:]
        size, start = read_number(rest, 0)
        assert at > last
        made[at : at + size] = rest[start:]
        last = at
    assert bytes(made) == memory


def test_what_was_run_is_dropped_unless_it_is_kept():
    assert frozen.dropped(MODULE, "run", []) == {"run", "_initialize"}
    assert frozen.dropped(MODULE, "run", ["run"]) == {"_initialize"}
    with pytest.raises(PackageError, match="exports no `nobody`"):
        frozen.dropped(MODULE, None, ["nobody"])


@pytest.mark.parametrize(
    ("value", "bits", "encoded"),
    [(0, 32, b"\0"), (2**32 - 1, 32, b"\x7f"), (64, 32, b"\xc0\0"), (2**31, 32, b"\x80\x80\x80\x80\x78")],
)
def test_numbers_are_written_with_their_sign(value, bits, encoded):
    assert frozen._signed(value, bits) == encoded
