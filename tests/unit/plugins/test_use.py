import gc
import warnings

import pytest

from support.canned import ECHOES, Does, canned
from wardian.errors import ConfigError, GuestError
from wardian.plugins.use import as_values
from wardian.record import Record


def test_records_are_given_as_their_maps():
    assert as_values(iter([Record(1), Record(None, key="a")])) == [{"data": 1}, {"data": None, "key": "a"}]
    with pytest.raises(TypeError, match=r"expected records, got dict; `Record.from_value` makes one of a map"):
        as_values([{"data": 1}])


def test_what_did_not_open_is_not_missed(runtime):
    plugin = runtime.load(canned({"extension_call": None}))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ConfigError):
            plugin.extension(instance="")
        gc.collect()


def test_the_error_for_what_a_plugin_lacks_says_what_that_is(runtime):
    with runtime.load(canned({"extension_call": None}), name="mine").extension() as use:
        error = use._unimplemented("other")
    assert isinstance(error, GuestError)
    assert str(error) == "mine: other: [unimplemented] the plugin has no `other`"


def test_a_use_can_be_left_by_an_error_and_is_closed_then(runtime):
    with pytest.raises(ZeroDivisionError), runtime.load(canned({"extension_call": Does(ECHOES)})).extension() as use:
        raise ZeroDivisionError
    assert use.closed
