import pytest

from wardian.capabilities.random import MOST, Random
from wardian.errors import CapabilityError


@pytest.mark.parametrize("size", [0, 1, 32, MOST])
def test_so_many_bytes_as_asked_for(size):
    assert len(Random().bytes(None, size)) == size


@pytest.mark.parametrize("size", [-1, MOST + 1, 2**64 - 1, 1.0, "1", True, None, [1]])
def test_another_number_is_invalid_and_says_the_bounds(size):
    with pytest.raises(CapabilityError, match=f"from 0 to {MOST}") as raised:
        Random().bytes(None, size)
    assert raised.value.kind == "invalid"


def test_two_answers_differ():
    assert len({Random().bytes(None, 32) for _ in range(100)}) == 100
