"""A thousand instances in a hundred pipelines in their small form, and whether it would notice what goes wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from crowd import Checked, Sample, growth

CROWD = Path(__file__).parents[1] / "crowd.py"


def test_1000_instances_of_10_plugins_of_which_one_traps_at_random_lose_nothing_and_slow_no_other_down():
    command = [sys.executable, "-W", "error", CROWD, "--seconds", "35"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("nothing is lost, nothing grows\n")
    assert "1000 instances, " in done.stdout
    assert " 0 lost, " in done.stdout
    assert not done.stderr


def samples(**growing):
    """A hundred samples, a second and 10,000 records each, with so much more of what grows."""
    held = {"resident": 200 * 2**20, "threads": 203}
    return [
        Sample(step, 0, 10_000 * step, 0, **{what: held[what] + step * growing.get(what, 0) for what in held})
        for step in range(100)
    ]


@pytest.mark.parametrize(
    ("growing", "told"),
    [({}, ""), ({"resident": 10_000}, ""), ({"resident": 80_000}, "resident"), ({"threads": 1}, "threads")],
)
def test_what_grows_is_told(growing, told):
    assert [each.split()[0] for each in growth(samples(**growing))] == ([told] if told else [])


def test_what_is_lost_and_what_is_repeated_is_seen():
    taken = Checked()
    taken.write_values([{"data": number} for number in (0, 1, 3, 4, 3, 6)])
    assert (taken.missing, taken.repeated, taken.count) == ({2, 5}, 1, 5)
    taken.write_values([{"data": 2}])
    assert (taken.missing, taken.repeated, taken.count) == ({5}, 1, 6)
