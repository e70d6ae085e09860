"""The search for the smallest limits, as far as it is arithmetic; with real plugins in the contract's tests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.conformance.smallest import Smallest, lowest, nice


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_lowest_number_is_found_in_few_steps(one, other, wanted):
    least, most = sorted((one, other))
    tried = []

    def holds(number):
        tried.append(number)
        return number >= wanted

    assert lowest(least, most, holds) == min(max(least, wanted), most)
    assert len(tried) <= 15
    assert most not in tried


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, 0.01), (0.0001, 0.01), (0.01, 0.01), (0.011, 0.02), (0.03, 0.05), (0.06, 0.1), (0.1, 0.1), (1.5, 2), (7, 10)],
)
def test_a_deadline_is_a_number_that_people_write(seconds, written):
    assert nice(seconds) == pytest.approx(written)


def test_limits_are_written_as_plugin_yaml_has_them():
    found = Smallest(memory=131_072, stack=65_536, fuel=1_000, deadline=0.02, slowest=0.003)
    assert found.written() == {"memory": "128KiB", "deadline": "20ms", "fuel": 1_000, "stack": "64KiB"}
