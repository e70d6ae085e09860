"""What every hostile test shares: a healthy plugin, loaded before it, that must still answer after it."""

from __future__ import annotations

import itertools

import pytest

import wardian
from support.wat import wasm_of


@pytest.fixture(scope="session")
def healthy(cache, guest):
    """Asserts, each time it is called, that a plugin of this process still answers; it is loaded once a session."""
    numbers = itertools.count()
    limits = wardian.Limits(deadline=30)  # for a busy machine; it answers in microseconds
    with wardian.Runtime(cache=cache) as runtime:
        plugin = runtime.load(wasm_of(guest("echoes").read_text()), name="healthy", limits=limits)

        def answers():
            number = next(numbers)
            assert plugin.call("echo", number) == number

        answers()
        yield answers
