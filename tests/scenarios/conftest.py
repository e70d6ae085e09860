"""What the scenarios share: a clock that is moved by hand, and uses that are closed with their test."""

from __future__ import annotations

import contextlib

import pytest

from support.hand_clock import HandClock


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def keep():
    """Keeps what it is given until the test is over, and closes it then."""
    with contextlib.ExitStack() as kept:
        yield kept.enter_context
