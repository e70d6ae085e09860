import pytest

from wardian.capabilities.extensions import Extensions
from wardian.errors import CapabilityError
from wardian.sandbox.deadline import Call


def test_an_extension_takes_a_method_and_an_argument():
    assert Extensions({"kv": lambda *given: given}).call(Call(), ["kv", "get", [1]]) == ("get", [1])


@pytest.mark.parametrize(
    "request_", [None, "kv", ["kv", "get"], ["kv", "get", 1, 2], ["kv", None, 1], ["kv", "", 1], [1, "get", 1]]
)
def test_a_wrong_request_is_invalid(request_):
    with pytest.raises(CapabilityError) as caught:
        Extensions({"kv": print}).call(Call(), request_)
    assert caught.value.kind == "invalid"


def test_an_extension_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(CapabilityError, match="there is no extension `kw`; there are: `kv`") as caught:
        Extensions({"kv": print}).call(Call(), ["kw", "get", 1])
    assert caught.value.kind == "not_found"


def test_a_method_that_an_extension_does_not_have_is_its_own_answer():
    def kv(method, _):
        raise CapabilityError("unimplemented", f"there is no `{method}`")

    with pytest.raises(CapabilityError, match="there is no `drop`"):
        Extensions({"kv": kv}).call(Call(), ["kv", "drop", None])
