import pytest

from unit.sandbox.test_wasi import Guest
from wardian.sandbox.wasi_errno import Errno
from wardian.sandbox.wasi_random import Random


def drawn(count, **world):
    with Guest(**world) as guest:
        found = []
        for _ in range(count):
            assert guest.ask("random_get", 1024, 32) == 0
            found.append(guest.get(1024, 32))
        return found


def test_without_the_grant_two_runs_draw_the_same():
    assert drawn(3) == drawn(3)


def test_without_the_grant_each_draw_is_another():
    assert len(set(drawn(100))) == 100


def test_the_seed_tells_instances_apart():
    assert drawn(1, seed=b"one") == drawn(1, seed=b"one") != drawn(1, seed=b"two")


def test_with_the_grant_no_two_runs_draw_the_same():
    assert drawn(1, random=True) != drawn(1, random=True)


@pytest.mark.parametrize("granted", [False, True])
@pytest.mark.parametrize("count", [0, 1, 2**20])
def test_as_many_bytes_come_as_were_asked_for(granted, count):
    assert len(Random(granted=granted).bytes(count)) == count


@pytest.mark.parametrize("granted", [False, True])
def test_more_than_a_mebibyte_is_refused_and_nothing_is_written(granted):
    with Guest(random=granted) as guest:
        for length in (2**20 + 1, 2**30, 2**32 - 1):
            assert guest.ask("random_get", 1024, length) == Errno.INVAL
        assert guest.get(1024, 64) == bytes(64)


def test_a_buffer_outside_the_memory_draws_nothing():
    with Guest() as guest:
        assert guest.ask("random_get", 2**32 - 1, 32) == Errno.FAULT
        assert guest.ask("random_get", 1024, 32) == 0
        assert guest.get(1024, 32) == drawn(1)[0]
