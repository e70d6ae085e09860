import time

from unit.state.stores import Clock, run
from wardian.state.clock import StateClock


def test_follows_the_machine_in_milliseconds():
    assert abs(StateClock().now() - time.time() * 1000) < 10_000


def test_never_goes_back():
    machine = Clock()
    clock = StateClock(machine)
    first = clock.now()
    machine.now_ms -= 1000
    assert clock.now() == first
    machine.now_ms += 2000
    assert clock.now() == first + 1000


def test_is_never_before_what_it_is_told():
    machine = Clock()
    clock = StateClock(machine)
    assert clock.now(machine.now_ms + 5) == machine.now_ms + 5
    assert clock.now() == machine.now_ms + 5


def test_never_goes_back_for_any_thread():
    clock = StateClock(iter([*range(1000, 0, -1)] * 8).__next__)

    def look(_):
        times = [clock.now() for _ in range(1000)]
        assert times == sorted(times)

    run(look, range(8))
