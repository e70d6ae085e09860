import pytest

from wardian.abi.bounds import Bounds, CodecError, bad_cbor, too_deep, too_large, too_many_items

BOUNDS = Bounds(size=10, items=20, depth=30)


@pytest.mark.parametrize(
    ("error", "code", "limit", "value", "asked"),
    [
        (too_large(BOUNDS, 11), "too_large", "size", 10, 11),
        (too_large(BOUNDS, None), "too_large", "size", 10, None),
        (too_many_items(BOUNDS), "too_many_items", "items", 20, None),
        (too_deep(BOUNDS, "$.a"), "too_deep", "depth", 30, None),
        (bad_cbor("no item"), "bad_cbor", "", 0, None),
    ],
)
def test_an_error_says_which_bound_was_hit_and_what_it_allows(error, code, limit, value, asked):
    assert isinstance(error, CodecError)
    assert isinstance(error, ValueError)
    assert (error.code, error.limit, error.value, error.asked) == (code, limit, value, asked)
    assert str(value) in str(error) or not limit


def test_bounds_are_values():
    assert Bounds(1, 2, 3) == Bounds(size=1, items=2, depth=3)
    assert hash(Bounds(1, 2, 3)) == hash(Bounds(1, 2, 3))
    with pytest.raises(AttributeError):
        BOUNDS.size = 11
