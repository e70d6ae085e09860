import pytest

from wardian.capabilities.variables import Variables, View
from wardian.capabilities.vars import IMPORTS, Vars
from wardian.errors import CapabilityError
from wardian.sandbox.deadline import Call


@pytest.fixture
def variables():
    return Vars(View(Variables({"a": [1]})))


def test_a_variable_is_read_and_set_by_its_imports(variables):
    call = Call()
    assert IMPORTS["vars_get"](variables, call, "a") == [1]
    assert IMPORTS["vars_set"](variables, call, ["b", {"c": 2}]) is None
    assert IMPORTS["vars_get"](variables, call, "b") == {"c": 2}
    assert variables.used() == {}
    variables.settle(succeeded=False)
    assert IMPORTS["vars_get"](variables, call, "b") is None


@pytest.mark.parametrize("request_", [None, 1, "", "a\x1b", ["a"], b"a"])
def test_a_name_is_a_printable_text(variables, request_):
    with pytest.raises(CapabilityError, match="name"):
        variables.get(Call(), request_)


@pytest.mark.parametrize("request_", [None, "a", ["a"], ["a", 1, 2], [1, 1]])
def test_setting_takes_a_name_and_a_value(variables, request_):
    with pytest.raises(CapabilityError) as caught:
        variables.set(Call(), request_)
    assert caught.value.kind == "invalid"
