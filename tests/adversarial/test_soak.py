"""The soak in its small form, and whether it would notice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from soak import Sample, growth

SOAK = Path(__file__).parents[1] / "soak.py"


def test_case_19_half_a_minute_of_everything_leaves_nothing_behind():
    command = [sys.executable, "-W", "error", SOAK, "--seconds", "30"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=150, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("nothing grows\n")
    assert not done.stderr


def samples(**growing):
    """A hundred samples, each with 1,000 instances more, and with so much more of what grows."""
    held = {"resident": 40 * 2**20, "maps": 300, "files": 15, "threads": 8}
    return [
        Sample(step, {"instances": 1000 * step}, **{what: held[what] + step * growing.get(what, 0) for what in held})
        for step in range(1, 101)
    ]


def test_case_19_what_stays_as_it_is_does_not_grow():
    assert growth(samples()) == []
    assert growth(samples(resident=100 * 2**10)) == []  # 1,000 KiB for 10,000 instances


@pytest.mark.parametrize(
    ("growing", "told"),
    [
        ({"resident": 110 * 2**10}, "resident"),
        ({"maps": 1}, "maps"),
        ({"files": 1}, "files"),
        ({"threads": 1}, "threads"),
    ],
    ids=["resident", "maps", "files", "threads"],
)
def test_case_19_what_grows_is_told(growing, told):
    (fault,) = growth(samples(**growing))
    assert fault.startswith(told)
