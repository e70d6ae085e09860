"""The import `take`: what waits is taken once, in time, and into memory."""

import pytest

from wardian import AbiViolation


@pytest.fixture
def takes(load):
    return load("takes", functions={"one": lambda _: 1, "two": lambda _: 2})


def test_an_untaken_reply_is_replaced_by_the_next(takes):
    assert takes.call("second") == 2


def test_an_untaken_reply_is_gone_with_its_call(takes):
    assert takes.call("leave") is None
    with pytest.raises(AbiViolation) as caught:
        takes.call("nothing")
    assert caught.value.code == "nothing_to_take"


@pytest.mark.parametrize("entry", ["twice", "nothing"])
def test_taking_what_is_not_there_ends_the_call(takes, entry):
    with pytest.raises(AbiViolation) as caught:
        takes.call(entry)
    assert caught.value.code == "nothing_to_take"
    assert takes.call("second") == 2


def test_a_reply_is_taken_within_memory_only(takes):
    assert takes.call("last_byte") == 1
    with pytest.raises(AbiViolation) as caught:
        takes.call("outside")
    assert caught.value.code == "bad_pointer"
    assert takes.call("second") == 2
