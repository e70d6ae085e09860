from wardian.capabilities.clock import Clock


def test_the_monotonic_clock_never_goes_back_even_when_the_hosts_does(monkeypatch):
    readings = iter([5_999_999, 3_000_000, 7_000_000])
    monkeypatch.setattr("wardian.capabilities.clock.time.monotonic_ns", lambda: next(readings))
    monkeypatch.setattr("wardian.capabilities.clock.time.time_ns", lambda: 1_999_999)
    clock = Clock()
    assert [clock.now(None, None) for _ in range(3)] == [
        [1_000_000, 5_000_000], [1_000_000, 5_000_000], [1_000_000, 7_000_000],
    ]  # fmt: skip
