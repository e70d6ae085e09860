import pytest

from wardian.capabilities.actions import Actions
from wardian.errors import CapabilityError
from wardian.sandbox.deadline import Call


def test_an_action_takes_its_parameters_and_gives_its_result():
    assert Actions({"double": lambda n: n * 2}).call(Call(), ["double", 4]) == 8


@pytest.mark.parametrize("request_", [None, "a", ["a"], ["a", 1, 2], [1, 2], ["", 1], ["a\n", 1], ["a" * 201, 1]])
def test_a_wrong_request_is_invalid(request_):
    with pytest.raises(CapabilityError) as caught:
        Actions({"a": id}).call(Call(), request_)
    assert caught.value.kind == "invalid"


def test_an_action_that_is_not_there_is_told_with_those_that_are_and_few_of_them():
    with pytest.raises(CapabilityError) as caught:
        Actions({f"action{n}\x1b": id for n in range(1_000)}).call(Call(), ["other", None])
    assert caught.value.kind == "not_found"
    assert "`action0\\x1b`" in caught.value.message
    assert "and 980 more" in caught.value.message
    assert len(caught.value.message) < 1_000
    with pytest.raises(CapabilityError, match="there are: none"):
        Actions({}).call(Call(), ["other", None])
