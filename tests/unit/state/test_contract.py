import pytest

from wardian.errors import CapabilityError, ConfigError
from wardian.policy import Limits
from wardian.state.contract import Quota, QuotaExceeded, Scope, never_cancelled


@pytest.mark.parametrize(("names", "field"), [(("\ud800", "a"), "plugin"), (("a", "\udfff"), "instance")])
def test_a_name_is_utf8_text(names, field):
    with pytest.raises(ConfigError, match=field):
        Scope(*names)


def test_a_quota_is_the_part_of_the_limits_that_bounds_state():
    assert Quota.of(Limits(state_keys=1, state_bytes="2KiB", state_value=3)) == Quota(keys=1, total=2048, value=3)


def test_a_spent_quota_tells_the_guest_which_and_by_how_much():
    error = QuotaExceeded("state_keys", value=2, asked=3)
    assert isinstance(error, CapabilityError)
    assert (error.kind, error.guest_code) == ("exhausted", "state_keys")
    assert (error.limit, error.value, error.asked) == ("state_keys", 2, 3)
    assert error.details == {"limit": "state_keys", "value": 2, "asked": 3}
    assert str(error) == "`state_keys` allows 2 keys, this would make 3"


def test_nobody_gives_up_unless_told():
    assert not never_cancelled()
