import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.sandboxed import sandbox
from wardian.errors import AbiViolation

SIZE = 65_536
TEXT = """(module (memory (export "memory") 1)
  (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
  (func (export "get") (param i32) (result i32) (i32.load8_u (local.get 0))))"""
EDGES = st.sampled_from([0, 1, SIZE - 1, SIZE, SIZE + 1, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63, -1, -SIZE])


@pytest.fixture(scope="module")
def guest():
    with sandbox(TEXT) as made:
        made.instance = made.start()
        yield made


@given(EDGES | st.integers(0, SIZE + 10), EDGES | st.integers(0, SIZE + 10))
def test_what_is_read_is_all_of_what_was_asked_for_or_an_error(guest, start, length):
    memory = guest.instance.memory
    if start >= 0 and length >= 0 and start + length <= SIZE:
        assert len(memory.read(start, length)) == length
    else:
        with pytest.raises(AbiViolation) as caught:
            memory.read(start, length)
        assert caught.value.code == "bad_pointer"


@given(EDGES | st.integers(0, SIZE + 10), st.binary(min_size=1, max_size=300))
def test_what_is_written_lies_where_it_was_put_and_nowhere_else(guest, start, data):
    memory = guest.instance.memory
    before = memory.read(0, SIZE)
    if 0 <= start <= SIZE - len(data):
        memory.write(start, data)
        assert memory.read(0, SIZE) == before[:start] + data + before[start + len(data) :]
    else:
        with pytest.raises(AbiViolation):
            memory.write(start, data)
        assert memory.read(0, SIZE) == before


def test_what_is_read_is_a_copy(guest):
    memory = guest.instance.memory
    memory.write(10, b"before")
    read = memory.read(10, 6)
    memory.write(10, b"after!")
    assert read == b"before"
    assert type(read) is bytes


def test_the_guest_sees_what_was_written(guest):
    guest.instance.memory.write(SIZE - 1, b"\x2a")
    assert guest.run(guest.instance, "get", SIZE - 1) == 42


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_bytes_may_be_written(guest, kind):
    guest.instance.memory.write(0, kind(b"abc"))
    assert guest.instance.memory.read(0, 3) == b"abc"


def test_memory_that_grew_is_there_without_being_told():
    with sandbox(TEXT) as made:
        instance = made.start()
        assert made.run(instance, "grow", 2) == 1
        assert instance.memory.size == SIZE
        assert instance.memory.read(2 * SIZE, SIZE) == bytes(SIZE)
        assert instance.memory.size == instance.memory.refresh() == 3 * SIZE
        instance.memory.write(3 * SIZE - 1, b"x")
        with pytest.raises(AbiViolation):
            instance.memory.read(3 * SIZE, 1)


@pytest.mark.parametrize("size", [0, 1, 2**18 - 1, 2**18, 2**18 + 1, 2**20, 2**20 + 1, 5 * 2**18 - 1])
def test_what_is_large_is_written_whole_and_touches_nothing_beside_it(size):
    with sandbox(TEXT.replace('"memory") 1)', '"memory") 33)')) as made:
        memory = made.start().memory
        data = random.Random(size).randbytes(size)
        memory.write_large(100, data)
        assert memory.read(0, 33 * SIZE) == bytes(100) + data + bytes(33 * SIZE - 100 - size)


def test_memory_of_a_closed_instance_is_empty():
    with sandbox(TEXT) as made:
        instance = made.start()
        memory = instance.memory
        instance.close()
        assert memory.size == len(memory.buffer) == 0


def test_memory_that_begins_with_nothing_is_empty_until_it_grows():
    with sandbox(TEXT.replace('"memory") 1)', '"memory") 0)')) as made:
        instance = made.start()
        assert instance.memory.size == 0
        with pytest.raises(AbiViolation):
            instance.memory.read(0, 1)
        made.run(instance, "grow", 1)
        assert instance.memory.read(0, SIZE) == bytes(SIZE)
