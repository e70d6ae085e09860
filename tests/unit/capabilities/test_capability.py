import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.capabilities.capability import QuotaSpent, arguments, text, whole
from wardian.errors import CapabilityError

ANY = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.binary()
    | st.lists(st.integers(), max_size=5)
)


@given(ANY)
def test_a_whole_number_is_within_its_bounds_or_refused(given_):
    try:
        assert whole(given_, "n", 0, 10) in range(11)
        assert type(given_) is int
    except CapabilityError as error:
        assert error.kind == "invalid"  # noqa: PT017 - whether it raises is what varies
        assert type(given_) is not int or not 0 <= given_ <= 10


@given(ANY)
def test_arguments_are_as_many_as_expected_or_refused(given_):
    if isinstance(given_, list) and 1 <= len(given_) <= 3:
        assert arguments(given_, 1, 3, "a list") == given_
    else:
        with pytest.raises(CapabilityError, match="a list"):
            arguments(given_, 1, 3, "a list")


@given(ANY)
def test_a_text_is_printable_and_short_or_refused(given_):
    if isinstance(given_, str) and 0 < len(given_) <= 5 and given_.isprintable():
        assert text(given_, "t", 5) == given_
    else:
        with pytest.raises(CapabilityError):
            text(given_, "t", 5)


def test_a_spent_quota_tells_the_guest_which():
    error = QuotaSpent("state_keys", "too many", value=1, asked=2)
    assert (error.kind, error.guest_code) == ("exhausted", "state_keys")
    assert error.details == {"limit": "state_keys", "value": 1, "asked": 2}
