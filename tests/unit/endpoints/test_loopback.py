"""Which addresses are this machine's alone."""

from __future__ import annotations

from wardian.endpoints.loopback import is_loopback


def test_loopback_is_what_only_this_machine_can_reach():
    assert [is_loopback(each) for each in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "10.0.0.1", "a")] == [
        True, True, True, False, False, False, False,
    ]  # fmt: skip
