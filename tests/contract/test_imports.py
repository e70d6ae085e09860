"""Imports are permissions: each one answers as the ABI has it, and none is there that was not granted."""

import datetime as dt
import time

import cbor2
import pytest

from support.wat import wasm_of
from wardian import AbiViolation, CapabilityError, Grants, GuestError, PackageError, PermissionDenied, Runtime

ALL = Grants(
    state=True, clock=True, random=True, emit=True, http=["example.com"], template=True, vars=True, actions=True,
    extensions=True,
)  # fmt: skip

# Each import that is available, what it needs, and requests in turn with their replies.
AVAILABLE = {
    "log": ({}, [([2, "hello"], None), ([4, "fields", {"a": 1}], None), ([0, "no fields", None], None)]),
    "metric_record": ({}, [(["hits", "counter", 1, None], None), (["hits", "counter", 2, {"a": "b"}], None)]),
    "cancelled": ({}, [(None, False)]),
    "state_get": ({"state": True}, [("absent", None)]),
    "state_put": ({"state": True}, [(["key", [1, {"a": b"b"}]], None), ([b"key", 1, 60_000], None)]),
    "state_delete": ({"state": True}, [("absent", False)]),
    "state_add": ({"state": True}, [(["n", 5], 5), (["n", -7], -2), (["n", 0], -2)]),
    "state_swap": ({"state": True}, [(["k", 1, 2], False), (["k", None, 1], True), (["k", 1, 2], True)]),
    "state_keys": ({"state": True}, [(["", None, 10], [])]),
    "clock_now": ({"clock": True}, []),
    "random_bytes": ({"random": True}, [(0, b"")]),
    "emit": ({"emit": True}, [([{"data": 1}, {"data": None, "time": 5}], 2), ([], 0)]),
    "template_expand": ({"template": True}, [("for {{ name }}: {{ n + 1 }}", "for Ada: 2"), ("", "")]),
    "vars_get": ({"vars": True}, [("n", 1), ("absent", None)]),
    "vars_set": ({"vars": True}, [(["v", {"a": [1]}], None), (["v", None], None)]),
    "action_call": ({"actions": True}, [(["echo", {"to": "x"}], {"to": "x"}), (["echo", None], None)]),
    "extension_call": (
        {"extensions": True},
        [(["kv", "get", "k"], ["get", "k"]), (["kv", "put", None], ["put", None])],
    ),
    "http_request": ({"http": ["127.0.0.1:9"]}, []),  # what it answers is in `test_http.py`
}

# What the program gives beside the grant.
GIVEN = {
    "emit": {"on_emit": lambda records: None},
    "template": {"variables": {"name": "Ada", "n": 1}},
    "vars": {"variables": {"name": "Ada", "n": 1}},
    "actions": {"actions": {"echo": lambda params: params}},
    "extensions": {"extensions": {"kv": lambda method, argument: [method, argument]}},
}


def importing(name, module="wardian"):
    return {'"wardian" "log"': f'"{module}" "{name}"'}


@pytest.fixture
def asking(load):
    """Loads a guest that imports this function, with what it needs."""

    def loaded(name, **arguments):
        needs = AVAILABLE[name][0]
        given = {key: value for need in needs for key, value in GIVEN.get(need, {}).items()}
        asked = {"grants": Grants(**needs), "name": f"asks-{name}", **given, **arguments}
        return load("asks", importing(name), **asked)

    return loaded


def test_every_import_of_the_abi_is_tested():
    from wardian.abi.contract import HOST_IMPORTS

    assert HOST_IMPORTS.keys() == {"take"} | AVAILABLE.keys()


@pytest.mark.parametrize("name", AVAILABLE)
def test_an_available_import_answers_as_the_abi_has_it(asking, name):
    plugin = asking(name)
    for request, reply in AVAILABLE[name][1]:
        assert plugin.call("ask", request) == reply


@pytest.mark.parametrize("name", ["log", "state_get", "state_put", "metric_record"])
def test_null_is_0_and_leaves_nothing_to_take(asking, name):
    # The guest answers 0 when the host does, and would end by taking what is not there.
    assert asking(name).call_bytes("ask", cbor2.dumps(AVAILABLE[name][1][0][0])) == b""


def test_null_may_be_asked_as_no_bytes(asking):
    assert asking("cancelled").call_bytes("ask", b"") == b"\xf4"


def test_the_clock_tells_both_times_in_steps_of_a_millisecond(asking):
    plugin = asking("clock_now")
    before = time.time_ns()
    readings = [plugin.call("ask") for _ in range(20)]
    after = time.time_ns()
    for unix, monotonic in readings:
        assert before - 1_000_000 <= unix <= after
        assert unix % 1_000_000 == monotonic % 1_000_000 == 0
    assert [monotonic for _, monotonic in readings] == sorted(monotonic for _, monotonic in readings)


def test_random_bytes_are_as_many_as_asked_for_and_never_the_same(asking):
    plugin = asking("random_bytes")
    assert [len(plugin.call("ask", n)) for n in (1, 32, 65_536)] == [1, 32, 65_536]
    assert len({plugin.call("ask", 16) for _ in range(50)}) == 50


def test_state_is_the_same_through_each_of_its_imports(load):
    shared = {"name": "one", "grants": Grants(state=True)}
    put, get, delete, keys = (
        load("asks", importing(f"state_{name}"), **shared) for name in ("put", "get", "delete", "keys")
    )
    for key in ("b", "a", b"\xff", "aa"):
        put.call("ask", [key, {"key": key}])
    assert get.call("ask", "a") == {"key": "a"}
    assert get.call("ask", b"a") == {"key": "a"}
    assert keys.call("ask", ["", None, 100]) == ["a", "aa", "b", b"\xff"]
    assert keys.call("ask", [b"a", None, 100]) == [b"a", b"aa"]
    assert keys.call("ask", ["", "a", 2]) == ["aa", "b"]
    assert delete.call("ask", "a") is True
    assert delete.call("ask", "a") is False
    assert get.call("ask", "a") is None


def test_logged_lines_carry_names_that_the_guest_cannot_set(cache, guest):
    lines = []
    with Runtime(cache=cache, on_log=lines.append) as runtime:
        plugin = runtime.load(wasm_of(guest("asks").read_text()), name="honest", instance="one")
        plugin.call("ask", [3, "a\nb\x1b[31m\u202e", {"plugin": "other", "level": "error"}])
    (line,) = lines
    assert (line.plugin, line.instance, line.level) == ("honest", "one", "warn")
    assert line.message == "a\\nb\\x1b[31m\\u202e"
    assert line.fields == {"plugin": "other", "level": "error"}


def test_metrics_are_the_plugins_own(asking):
    from wardian.capabilities.metric import Reading, Series

    plugin, other = asking("metric_record"), asking("metric_record")
    for request, _ in AVAILABLE["metric_record"][1]:
        plugin.call("ask", request)
    assert plugin.metrics() == {
        Series("hits", "counter"): Reading(1, 1, 1, 1),
        Series("hits", "counter", (("a", "b"),)): Reading(2, 1, 2, 2),
    }
    assert other.metrics() == {}


WRONG = [
    ("log", None), ("log", [5, "level"]), ("log", [2, 1]), ("log", [True, "x"]), ("log", [2, "x", []]),
    ("log", [2, "x", {b"k": 1}]), ("log", [2, "x", {str(n): n for n in range(33)}]),
    ("metric_record", ["a b", "counter", 1, None]), ("metric_record", ["a", "sum", 1, None]),
    ("metric_record", ["a", "counter", -1, None]), ("metric_record", ["a", "gauge", float("nan"), None]),
    ("metric_record", ["a", "gauge", True, None]), ("metric_record", ["a", "gauge", 1, {"b": 1}]),
    ("state_get", None), ("state_get", ""), ("state_get", "k" * 513), ("state_get", 1),
    ("state_put", ["k"]), ("state_put", ["k", 1, 0]), ("state_put", ["k", 1, -1]), ("state_put", ["k", 1, 1.5]),
    ("state_put", ["k", 1, 2**63]), ("state_delete", []), ("state_add", ["k", 1.5]), ("state_add", ["k", True]),
    ("state_add", ["k", 2**63]), ("state_swap", ["k", 1]), ("state_keys", ["", None]), ("state_keys", ["", None, -1]),
    ("state_keys", ["", "", 1]), ("state_keys", ["", None, 10_001]),
    ("random_bytes", None), ("random_bytes", -1), ("random_bytes", 65_537), ("random_bytes", 1.0),
    ("random_bytes", True),
    ("emit", None), ("emit", {"data": 1}), ("emit", [1]), ("emit", [{}]), ("emit", [{"data": 1, "type": "x"}]),
    ("template_expand", None), ("template_expand", ["a"]), ("template_expand", "{{ absent }}"),
    ("template_expand", "{{ name"), ("template_expand", "{{ name() }}"), ("vars_get", None), ("vars_get", ""),
    ("vars_get", "a\nb"), ("vars_get", "n" * 201), ("vars_get", ["n"]), ("vars_set", ["v"]), ("vars_set", [1, 1]),
    ("vars_set", ["", 1]), ("vars_set", None), ("action_call", ["echo"]), ("action_call", [None, 1]),
    ("action_call", "echo"), ("extension_call", ["kv", "get"]), ("extension_call", ["kv", None, 1]),
    ("extension_call", ["kv", "", 1]), ("extension_call", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "request_"), WRONG, ids=[f"{name}-{str(given)[:30]}" for name, given in WRONG])
def test_a_request_of_the_wrong_shape_is_invalid_and_the_guest_goes_on(asking, name, request_):
    plugin = asking(name)
    with pytest.raises(GuestError) as caught:
        plugin.call("ask", request_)
    assert caught.value.kind == "invalid"
    assert caught.value.message
    for well, reply in AVAILABLE[name][1][:1]:
        assert plugin.call("ask", well) == reply


def test_adding_to_what_is_no_integer_or_beyond_64_bits_is_invalid(load):
    shared = {"name": "one", "grants": Grants(state=True)}
    put, add = (load("asks", importing(f"state_{name}"), **shared) for name in ("put", "add"))
    for kept in ("text", 1.0, True, [1]):
        put.call("ask", ["k", kept])
        with pytest.raises(GuestError) as caught:
            add.call("ask", ["k", 1])
        assert caught.value.kind == "invalid"
    put.call("ask", ["k", 2**63 - 1])
    with pytest.raises(GuestError) as caught:
        add.call("ask", ["k", 1])
    assert caught.value.kind == "invalid"


def test_a_metric_of_another_kind_is_a_conflict(asking):
    plugin = asking("metric_record")
    plugin.call("ask", ["a", "counter", 1, None])
    with pytest.raises(GuestError) as caught:
        plugin.call("ask", ["a", "gauge", 1, None])
    assert caught.value.kind == "conflict"


@pytest.mark.parametrize(
    "request_", [b"\xff", b"\x01\x01", b"\xf7", b"\x1c"], ids=["break", "two", "undefined", "reserved"]
)
def test_a_request_that_is_no_item_ends_the_call(asking, request_):
    with pytest.raises(AbiViolation) as caught:
        asking("log").call_bytes("ask", request_)
    assert caught.value.code == "bad_cbor"
    assert "wardian.log" in str(caught.value)


def test_a_function_of_the_application_takes_and_gives_any_item(load):
    seen = []
    plugin = load(
        "asks", importing("swap", "app"), functions={"swap": lambda value: seen.append(value) or [value, None]}
    )
    for value in (None, True, -1, 2**64 - 1, 1.5, "é", b"\0", [1], {"a": {"b": []}}):
        assert plugin.call("ask", value) == [value, None]
    now = dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC)
    assert plugin.call("ask", now) == [now, None]
    assert seen[-1] == now


@pytest.mark.parametrize(
    "kind",
    ["invalid", "config", "transient", "denied", "exhausted", "not_found", "conflict", "unimplemented", "internal"],
)
def test_an_error_of_the_host_reaches_the_guest_whole(load, kind):
    def refuse(_):
        raise CapabilityError(kind, "no", guest_code="E1", retry_after_ms=5, details={"a": [1]})

    with pytest.raises(GuestError) as caught:
        load("asks", importing("refuse", "app"), functions={"refuse": refuse}).call("ask")
    error = caught.value
    assert (error.kind, error.message, error.guest_code, error.retry_after_ms, error.details) == (
        kind, "no", "E1", 5, {"a": [1]},
    )  # fmt: skip


@pytest.mark.parametrize("name", [name for name, (needs, _) in AVAILABLE.items() if needs])
def test_without_its_grant_an_import_is_refused_at_load(load, name):
    (needed,) = AVAILABLE[name][0]
    with pytest.raises(PermissionDenied) as caught:
        load("asks", importing(name))
    assert caught.value.imports == (f"wardian.{name}",)
    written = "['HOST:PORT']" if needed == "http" else "True"
    assert f"Grants({needed}={written})" in caught.value.hint
    assert f"wardian.{name}" in caught.value.message


def test_a_function_of_the_application_that_was_not_passed_is_denied(load):
    with pytest.raises(PermissionDenied) as caught:
        load("asks", importing("lookup", "app"), grants=ALL, functions={"other": lambda _: None})
    assert caught.value.imports == ("app.lookup",)
    assert "functions={'lookup': …}" in caught.value.hint


def test_all_that_is_denied_is_named_at_once(load):
    more = '(import "wardian" "clock_now" (func $c (param i32 i32) (result i64)))'
    app = '(import "app" "f" (func $f (param i32 i32) (result i64)))'
    text = {'(import "wardian" "log" (func $ask': f'{more} {app} (import "wardian" "state_get" (func $ask'}
    with pytest.raises(PermissionDenied) as caught:
        load("asks", text)
    assert caught.value.imports == ("wardian.clock_now", "app.f", "wardian.state_get")
    assert "Grants(clock=True, state=True)" in caught.value.hint


SHAPE = """
    (memory (export "memory") 1)
    (func (export "wardian_abi_v1"))
    (func (export "wardian_alloc") (param i32) (result i32) i32.const 0)"""
REFUSED = {
    "unknown module": '(import "env" "system" (func (param i32 i32) (result i64)))',
    "unknown function": '(import "wardian" "system" (func (param i32 i32) (result i64)))',
    "unknown WASI": '(import "wasi_snapshot_preview1" "sock_open" (func (param i32) (result i32)))',
    "other WASI": '(import "wasi_unstable" "fd_write" (func (param i32 i32 i32 i32) (result i32)))',
    "fewer parameters": '(import "wardian" "log" (func (param i32) (result i64)))',
    "other parameters": '(import "wardian" "log" (func (param i64 i64) (result i64)))',
    "other result": '(import "wardian" "log" (func (param i32 i32) (result i32)))',
    "no result": '(import "wardian" "log" (func (param i32 i32)))',
    "two results": '(import "wardian" "log" (func (param i32 i32) (result i64 i64)))',
    "vectors": '(import "wardian" "log" (func (param v128 v128) (result v128)))',
    "references": '(import "wardian" "log" (func (param externref funcref)))',
    "take with a result": '(import "wardian" "take" (func (param i32) (result i32)))',
    "app of another type": '(import "app" "f" (func (param i32) (result i32)))',
    "a table": '(import "wardian" "log" (table 1 funcref))',
    "a global": '(import "wardian" "log" (global i32))',
    "a mutable global": '(import "env" "g" (global (mut i64)))',
    "nameless": '(import "" "" (func))',
    "unprintable": '(import "e\\1b[31m" "x\\0ay" (func))',
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_unknown_import_or_one_of_another_type_is_refused_at_load(runtime, name):
    with pytest.raises(PackageError) as caught:
        runtime.load(wasm_of(f"(module {REFUSED[name]} {SHAPE})"), grants=ALL, functions={"f": lambda _: None})
    assert caught.value.code == "missing_import"
    assert caught.value.hint
    assert str(caught.value).replace("\n", "").isprintable()


def test_an_imported_memory_is_refused(runtime):
    text = SHAPE.replace(
        '(memory (export "memory") 1)', '(import "env" "memory" (memory 1)) (export "memory" (memory 0))'
    )
    with pytest.raises(PackageError) as caught:
        runtime.load(wasm_of(f"(module {text})"))
    assert caught.value.code == "missing_import"


def test_a_refusal_names_at_most_twenty_of_the_unknown_imports(runtime):
    imports = " ".join(f'(import "env" "{"n" * 1000}{n}" (func))' for n in range(500))
    with pytest.raises(PackageError) as caught:
        runtime.load(wasm_of(f"(module {imports} {SHAPE})"))
    assert "480 more" in str(caught.value)
    assert len(str(caught.value)) < 4_000
