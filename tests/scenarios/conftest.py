"""What the scenarios share: a clock that is moved by hand, and uses that are closed with their test."""

from __future__ import annotations

import contextlib

import pytest

from support.hand_clock import HandClock
from support.stories import Story


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def keep():
    """Keeps what it is given until the test is over, and closes it then."""
    with contextlib.ExitStack() as kept:
        yield kept.enter_context


@pytest.fixture
def story(tmp_path, cache, c_guest, monkeypatch):
    """A folder for pipelines; what was started in it is ended with the test."""
    monkeypatch.chdir(tmp_path)
    told = Story(tmp_path, cache, c_guest)
    yield told
    for each in told.started:
        each.kill()
