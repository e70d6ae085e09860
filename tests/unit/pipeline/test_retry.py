"""`wardian.pipeline.retry`: whether a record that failed is tried again, and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from wardian import (
    AbiViolation,
    ConfigError,
    DeadlineExceeded,
    GuestError,
    PackageError,
    PermissionDenied,
    RequestTooLarge,
    Trap,
)
from wardian.config.failing import Errors
from wardian.pipeline.retry import for_good, hopeless, pause

RULES = Errors(attempts=5, delay=1.0, factor=2.0, most=3.0, jitter=0.0)
FOR_GOOD = ("invalid", "config", "denied", "not_found", "conflict", "unimplemented")


def test_waits_grow_by_the_factor_up_to_the_most_and_end_with_the_attempts():
    assert [pause(Trap("t"), attempts, RULES) for attempts in range(1, 6)] == [1.0, 2.0, 3.0, 3.0, None]


def test_a_plugin_is_not_asked_again_before_it_said():
    error = GuestError("transient", "later", retry_after_ms=2_500)
    assert pause(error, 1, RULES) == 2.5
    assert pause(error, 3, RULES) == 3.0


@pytest.mark.parametrize("kind", FOR_GOOD)
def test_what_is_wrong_for_good_is_given_up_at_once(kind):
    assert pause(GuestError(kind, "no"), 1, RULES) is None


@pytest.mark.parametrize("error", [
    GuestError("transient", ""), GuestError("exhausted", ""), GuestError("internal", ""), Trap(""), AbiViolation(""),
    DeadlineExceeded("", value=1),
])  # fmt: skip
def test_what_may_pass_is_tried_again(error):
    assert not for_good(error)
    assert pause(error, 1, RULES) == 1.0


def test_a_record_that_no_request_can_hold_is_given_up():
    assert pause(RequestTooLarge("", value=1), 1, RULES) is None


def test_what_only_a_person_can_mend_is_hopeless():
    assert all(map(hopeless, (GuestError("config", ""), ConfigError(""), PackageError(""), PermissionDenied(""))))
    assert not any(map(hopeless, (GuestError("invalid", ""), Trap(""), DeadlineExceeded("", value=1))))


@given(
    some.builds(
        Errors, attempts=some.integers(1, 1000), delay=some.floats(0, 1e6), factor=some.floats(1, 100),
        most=some.floats(0, 1e7), jitter=some.floats(0, 1),
    ), some.integers(1, 2000), some.floats(0, 1),
)  # fmt: skip
def test_no_wait_is_negative_or_longer_than_the_most(rules, attempts, chance):
    wait = pause(Trap("t"), attempts, rules, lambda: chance)
    assert (wait is None) == (attempts >= rules.attempts)
    if wait is not None:
        assert 0 <= wait <= rules.most
