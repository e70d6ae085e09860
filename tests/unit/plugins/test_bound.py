import pytest

from support.canned import ECHOES, Does, canned
from wardian.plugins import instances
from wardian.plugins import plugin as plugins
from wardian.policy import Grants

SYMBOL = {"kind": "extension", "name": "one", "config": {"defaults": {"a": 1}}}


@pytest.fixture
def bound(runtime):
    """The bound use of a guest, before it is opened, and what its instances told of being opened."""
    told = []
    wasm = canned({"plugin_open": None, "extension_call": Does(ECHOES)}, SYMBOL, tells=("plugin_open",))
    plugin = runtime.load(wasm, functions={"told_plugin_open": told.append}, instances=3, grants=Grants(state=True))
    return plugin._bound("extension", {"b": 2}, None, None, "mine"), told


def test_nothing_runs_until_it_is_opened(bound):
    made, told = bound
    assert told == []
    with made.open() as plugin:
        assert (plugin.instance, plugin.name) == ("mine", made.loaded.request.name)
        assert instances.occupancy(plugin) == "1 of 3 instances, 0 in use"
    assert told[0]["config"] == {"a": 1, "b": 2}


def test_a_fresh_one_is_opened_or_not(bound):
    made, told = bound
    for opened in (True, False):
        with made.fresh(opened=opened) as plugin:
            request = plugins.encoded(plugin, "extension_call", 5)
            assert plugins.checked(plugin, "extension_call", request, lambda value: value) == 5
        assert len(told) == 1


def test_a_configuration_is_judged_by_what_an_instance_would_be_opened_with(bound):
    made, _ = bound
    asked = made.asked()
    assert (asked["config"], asked["layers"]) == ({"a": 1, "b": 2}, [{"a": 1}, {"b": 2}])
    assert (asked["context"]["symbol"], asked["context"]["instance"]) == ("one", "mine")


def test_its_state_is_claimed_where_it_is_granted(bound, runtime):
    made, _ = bound
    claim = made.claim()
    assert claim is not None
    claim.release()
    assert runtime.load(canned({"extension_call": None}))._bound("extension", None, None, None, "mine").claim() is None


def test_a_source_says_where_it_resumes(bound):
    made, told = bound
    answers = []
    with made.resumed(lambda: 7, answers.append).open():
        assert (told[0]["resume"], answers) == (7, [None])
