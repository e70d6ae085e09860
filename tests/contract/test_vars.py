"""Variables of a job: seen by its calls, changed by those that succeed, and looked at by the texts that they expand."""

import cbor2
import pytest

from wardian import ConfigError, Grants, GuestError, Trap
from wardian.capabilities.variables import Variables
from wardian.guests.guest import Order

# `ask` sets what it is asked to; `and_trap` does too, and traps; `get` gets.
SETS_AND_GETS = {
    '"wardian" "log"': '"wardian" "vars_set"',
    '(import "wardian" "take"': """(import "wardian" "vars_get" (func $get (param i32 i32) (result i64)))
  (import "wardian" "take\"""",
    '(func (export "ask")': """(func (export "and_trap") (param $at i32) (param $size i32) (result i64)
    (drop (call $ask (local.get $at) (local.get $size)))
    (unreachable))
  (func (export "get") (param $at i32) (param $size i32) (result i64)
    (local $result i64)
    (local.set $result (call $get (local.get $at) (local.get $size)))
    (call $take (i32.const 65536))
    (i64.or (i64.const 0x1000000000000) (local.get $result)))
  (func (export "ask")""",
}
BOTH = Grants(vars=True, template=True)
# Sets what it is asked to, then expands the text at 9: `{{ a }}`.
SETS_AND_EXPANDS = {
    '(import "wardian" "log" (func $ask (param i32 i32) (result i64)))': """
    (import "wardian" "vars_set" (func $set (param i32 i32) (result i64)))
    (import "wardian" "template_expand" (func $ask (param i32 i32) (result i64)))
    (data (i32.const 9) "\\67{{ a }}")""",
    "(local.set $result (call $ask (local.get $at) (local.get $size)))": """
    (drop (call $set (local.get $at) (local.get $size)))
    (local.set $result (call $ask (i32.const 9) (i32.const 8)))""",
}


@pytest.fixture
def gets(load):
    return load("asks", {'"wardian" "log"': '"wardian" "vars_get"'}, grants=BOTH, variables={"a": 1})


@pytest.mark.parametrize(("entry", "kept"), [("ask", 2), ("and_trap", 1)])
def test_what_a_call_set_lasts_when_it_succeeds_and_not_otherwise(load, entry, kept):
    plugin = load("asks", SETS_AND_GETS, grants=BOTH, variables={"a": 1})
    if entry == "ask":
        assert plugin.call("ask", ["a", 2]) is None
    else:
        with pytest.raises(Trap):
            plugin.call(entry, ["a", 2])
    assert plugin.call("get", "a") == kept


def test_a_text_is_expanded_with_what_its_own_call_has_set(load):
    plugin = load("asks", SETS_AND_EXPANDS, grants=BOTH, variables={"a": 1})
    assert plugin.call("ask", ["a", "new"]) == "new"
    with pytest.raises(GuestError, match="`a` is not defined"):
        plugin.call("ask", ["a", None])  # and so nothing was removed
    assert plugin.call("ask", ["b", 1]) == "new"


def test_instances_of_a_plugin_share_its_variables_and_plugins_do_not(load):
    plugin = load("asks", SETS_AND_EXPANDS, grants=BOTH, variables={"a": 1}, fresh=True)
    assert plugin.call("ask", ["a", 5]) == "5"
    assert plugin.call("ask", ["b", 5]) == "5"
    other = load("asks", SETS_AND_EXPANDS, grants=BOTH, variables={"a": 1})
    assert other.call("ask", ["b", 5]) == "1"


def test_a_call_may_see_the_variables_of_a_job_of_its_own(load):
    plugin = load("asks", SETS_AND_EXPANDS, grants=BOTH, variables={"a": "ours"})
    job = Variables({"a": "theirs"})
    reply = plugin._perform("ask", cbor2.dumps(["n", 1]), Order(variables=job))
    assert cbor2.loads(reply) == "theirs"
    assert job.values() == {"a": "theirs", "n": 1}
    assert plugin.call("ask", ["m", 1]) == "ours"


def test_what_the_program_gave_is_not_changed(gets, load):
    given = {"a": [1]}
    plugin = load("asks", SETS_AND_EXPANDS, grants=BOTH, variables=given)
    plugin.call("ask", ["a", 2])
    assert given == {"a": [1]}
    assert gets.call("ask", "a") == 1


@pytest.mark.parametrize("variables", [{"": 1}, {"a": object()}, {1: 1}, {"a": "x" * 300_000}])
def test_wrong_variables_are_refused_when_the_plugin_is_loaded(load, variables):
    with pytest.raises(ConfigError, match="variables: "):
        load("asks", grants=BOTH, variables=variables)


def test_variables_need_a_grant_that_lets_them_be_seen(load):
    with pytest.raises(ConfigError, match=r"Grants\(vars=True\)"):
        load("echoes", variables={"a": 1})
