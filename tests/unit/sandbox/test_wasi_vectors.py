import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.errors import AbiViolation
from wardian.sandbox import wasi_vectors
from wardian.sandbox.wasi_errno import Errno, Refused


class Memory:
    """A guest's memory that counts what was copied out of it."""

    def __init__(self, size=1024):
        self.held = bytearray(size)
        self.size = size
        self.copied = 0

    def refresh(self):
        return self.size

    def read(self, start, length):
        if start + length > self.size:
            raise AbiViolation("outside")
        self.copied += length
        return bytes(self.held[start : start + length])

    def write(self, start, data):
        if start + len(data) > self.size:
            raise AbiViolation("outside")
        self.held[start : start + len(data)] = data


def put(memory, *vectors):
    memory.write(0, b"".join(struct.pack("<II", *each) for each in vectors))
    return wasi_vectors.buffers(memory, 0, len(vectors))


def refusal(function, *arguments):
    with pytest.raises(Refused) as caught:
        function(*arguments)
    return caught.value.errno


def test_bytes_up_to_the_end_of_the_memory_are_within_it():
    wasi_vectors.require(Memory(), 1024, 0)
    wasi_vectors.require(Memory(), 0, 1024)


@pytest.mark.parametrize(("start", "length"), [(1024, 1), (0, 1025), (2**32 - 1, 1), (2**32 - 1, 2**32 - 1)])
def test_bytes_beyond_the_end_are_a_fault(start, length):
    assert refusal(wasi_vectors.require, Memory(), start, length) is Errno.FAULT


def test_memory_that_grew_is_within_it():
    memory = Memory()
    memory.refresh = lambda: 2048
    wasi_vectors.require(memory, 2000, 48)


def test_a_list_of_1024_buffers_is_taken_and_one_more_is_refused():
    memory = Memory(16_384)
    assert len(wasi_vectors.buffers(memory, 0, 1024)) == 1024
    assert refusal(wasi_vectors.buffers, memory, 0, 1025) is Errno.INVAL
    assert refusal(wasi_vectors.buffers, memory, 0, 2**32 - 1) is Errno.INVAL


def test_a_list_cut_by_the_end_of_the_memory_is_a_fault():
    with pytest.raises(AbiViolation):
        wasi_vectors.buffers(Memory(), 1024 - 15, 2)


def test_one_buffer_outside_the_memory_refuses_them_all():
    assert refusal(put, Memory(), (100, 10), (1000, 25)) is Errno.FAULT


def test_overlapping_buffers_of_more_than_the_memory_are_gathered_up_to_the_bound():
    memory = Memory()
    vectors = put(memory, *[(0, 1024)] * 100)
    memory.copied = 0
    assert len(wasi_vectors.gather(memory, vectors, 3000)) == 3000
    assert memory.copied == 3000


@given(st.lists(st.tuples(st.integers(600, 900), st.integers(0, 100)), max_size=20), st.integers(0, 300))
def test_what_is_gathered_is_what_lies_in_the_buffers_in_their_order(vectors, most):
    memory = Memory()
    memory.held[:] = bytes(index % 251 for index in range(1024))
    expected = b"".join(bytes(memory.held[start : start + length]) for start, length in vectors)
    assert wasi_vectors.gather(memory, vectors, most) == expected[:most]


def test_data_is_scattered_in_order_until_it_ends():
    memory = Memory()
    wasi_vectors.scatter(memory, [(100, 3), (200, 0), (300, 5)], memoryview(b"abcdef"))
    assert (memory.held[100:104], memory.held[300:304]) == (b"abc\0", b"def\0")


def test_a_path_of_4096_bytes_is_read_and_a_longer_one_is_refused_unread():
    memory = Memory(8192)
    memory.held[:] = b"a" * 8192
    assert wasi_vectors.path(memory, 0, 4096) == "a" * 4096
    assert refusal(wasi_vectors.path, memory, 0, 4097) is Errno.NAMETOOLONG
    assert refusal(wasi_vectors.path, memory, 0, 2**32 - 1) is Errno.NAMETOOLONG
    assert memory.copied == 4096


@pytest.mark.parametrize(
    ("encoded", "errno"), [(b"\xff", Errno.ILSEQ), (b"\xed\xa0\x80", Errno.ILSEQ), (b"a\0b", Errno.INVAL)]
)
def test_a_path_that_is_not_text_is_refused(encoded, errno):
    memory = Memory()
    memory.write(0, encoded)
    assert refusal(wasi_vectors.path, memory, 0, len(encoded)) is errno


def test_numbers_are_written_little_endian():
    memory = Memory()
    wasi_vectors.put_u32(memory, 0, 0x01020304)
    wasi_vectors.put_u64(memory, 8, 0x0102030405060708)
    assert memory.held[:16] == b"\4\3\2\1\0\0\0\0\x08\7\6\5\4\3\2\1"
