import inspect

import pytest

from wardian.abi.contract import ENTRY_POINTS
from wardian.errors import Cancelled, ConfigError
from wardian.plugins.uses import Uses, _layers


def test_there_is_a_method_for_each_kind_and_all_take_the_same():
    for kind in ENTRY_POINTS:
        parameters = list(inspect.signature(getattr(Uses, kind)).parameters)
        assert parameters[:5] == ["self", "config", "symbol", "section", "instance"]


@pytest.mark.parametrize(
    ("given", "layers"), [(None, ()), ({}, ({},)), ({"a": 1}, ({"a": 1},)), ([{"a": 1}, {}], ({"a": 1}, {})), ((), ())]
)
def test_a_configuration_is_one_map_or_several(given, layers):
    assert _layers(given) == layers


@pytest.mark.parametrize("given", ["a", b"a", 5, {1, 2}, [1], [None], {1: 2}, [{}, {None: 1}]])
def test_all_else_is_refused(given):
    with pytest.raises(ConfigError):
        _layers(given)


def test_every_layer_that_is_wrong_is_named():
    with pytest.raises(ConfigError) as raised:
        _layers([{"a": 1}, 5, {1: 2, "b": 3}])
    assert raised.value.problems == ("config[1]: expected a map, got int", "config[2]: expected text as the key, got 1")


def test_what_is_loaded_by_nobody_has_no_uses():
    made = Uses(None)
    made.name, made.entries = "mine", ()
    assert made.manifest is None
    with pytest.raises(Cancelled, match="the plugin `mine` is closed"):
        made.sink()
