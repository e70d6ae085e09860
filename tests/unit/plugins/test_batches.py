import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.errors import RequestTooLarge
from wardian.plugins.batches import Batch, cut


def joined(most):
    """Encodes texts by joining them, when that gives no more than so many characters."""

    def encode(things):
        text = ",".join(things)
        if len(text) > most:
            raise RequestTooLarge("too large", value=most, asked=len(text))
        return text.encode()

    return encode


def test_what_fits_is_one_request():
    assert cut(["a", "b"], joined(10)) == [Batch(b"a,b", 2)]


def test_nothing_is_no_request():
    assert cut([], joined(10)) == []


def test_what_is_too_large_is_halved_in_its_order():
    assert cut(list("abcde"), joined(3)) == [(b"a,b", 2), (b"c", 1), (b"d,e", 2)]


def test_one_thing_that_is_too_large_is_refused():
    with pytest.raises(RequestTooLarge):
        cut(["a", "long", "b"], joined(3))


def test_what_is_too_deep_is_not_cut():
    asked = []

    def encode(things):
        asked.append(things)
        raise RequestTooLarge("too deep", limit="depth", value=1, asked=2)

    with pytest.raises(RequestTooLarge):
        cut(["a", "b"], encode)
    assert len(asked) == 1


@given(st.lists(st.text("ab", min_size=1, max_size=8)), st.integers(8, 40))
def test_all_things_are_carried_once_in_their_order(things, most):
    made = cut(things, joined(most))
    assert b",".join(batch.request for batch in made).decode() == ",".join(things)
    assert sum(batch.size for batch in made) == len(things)
