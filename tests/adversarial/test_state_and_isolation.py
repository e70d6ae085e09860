"""State: each scope sees its own, whatever its keys are called, within its quota, and one change at a time."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import wardian
from support.wat import wasm_of
from wardian.errors import DeadlineExceeded, GuestError, HostCallsExceeded, LimitExceeded
from wardian.state.contract import MAX_TTL_MS, Quota, Scope
from wardian.state.memory import MemoryStore
from wardian.state.sqlite import SqliteStore

OPERATIONS = ("get", "put", "delete", "add", "swap", "keys")
STATE = wardian.Grants(state=True)
YEAR_MS = 365 * 86_400_000


def relay():
    """A guest whose entry points pass their request on to the state import of the same name.

    `flood` puts its request again and again without end, `put_and_spin` once before it spins.
    """
    imports = "".join(
        f'(import "wardian" "state_{name}" (func ${name} (param i32 i32) (result i64)))' for name in OPERATIONS
    )
    entries = "".join(
        f"""(func (export "{name}") (param i32 i32) (result i64)
          (call $answer (call ${name} (local.get 0) (local.get 1))))"""
        for name in OPERATIONS
    )
    return wasm_of(f"""(module {imports}
      (import "wardian" "take" (func $take (param i32)))
      (memory (export "memory") 64)
      (func (export "wardian_abi_v1"))
      (func (export "wardian_alloc") (param i32) (result i32) (i32.const 65536))
      (func $answer (param $result i64) (result i64)
        (if (i64.eqz (local.get $result)) (then (return (i64.const 0))))
        (call $take (i32.const 0x200000))
        (if (i64.lt_s (local.get $result) (i64.const 0))
          (then (return (i64.sub (i64.const 0x20000080000000) (local.get $result)))))
        (i64.or (i64.const 0x20000000000000) (local.get $result)))
      {entries}
      (func (export "flood") (param i32 i32) (result i64)
        (loop $again (drop (call $put (local.get 0) (local.get 1))) (br $again)) (unreachable))
      (func (export "put_and_spin") (param i32 i32) (result i64)
        (drop (call $put (local.get 0) (local.get 1))) (loop $again (br $again)) (unreachable)))""")


class Clock:
    now_ms = 1_800_000_000_000

    def __call__(self):
        return self.now_ms


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["memory", "sqlite"])
def store(request, tmp_path, clock):
    opened = MemoryStore(now_ms=clock) if request.param == "memory" else SqliteStore(tmp_path / "state", now_ms=clock)
    with opened as store:
        yield store


@pytest.fixture
def load(store, cache):
    """Loads the relay as a plugin of this name and instance, with limits as given."""
    with wardian.Runtime(cache=cache, state=store) as runtime:

        def load(name="mine", instance="default", instances=1, **limits):
            return runtime.load(
                relay(),
                name=name,
                instance=instance,
                grants=STATE,
                instances=instances,
                limits=wardian.Limits(**limits),
            )

        yield load


def kind(call, *arguments):
    """The kind of the error that the guest passes on."""
    with pytest.raises(GuestError) as refused:
        call(*arguments)
    return refused.value.kind


NAMES = [
    "../other/x",
    "other:x",
    "other/default/x",
    "\0",
    "a\0b",
    b"\xff",
    b"\xff\xfe",
    "%",
    "é",
    "e\u0301",
    b"x" * 512,
]
HOSTILE_SQL = "'; DROP TABLE entry; DELETE FROM scope; --"


def test_case_110_a_key_names_nothing_but_itself(load, healthy):
    plugins = [load("mine", "default"), load("other", "default"), load("mine", "other"), load("mine/default", "x")]
    for number, plugin in enumerate(plugins):
        for key in NAMES:
            plugin.call("put", [key, f"{number} {key!r}"])
    for number, plugin in enumerate(plugins):
        assert [plugin.call("get", key) for key in NAMES] == [f"{number} {key!r}" for key in NAMES]
        assert len(plugin.call("keys", [b"", None, 1000])) == len(NAMES)
    healthy()


@pytest.mark.parametrize("key", ["", b"", b"x" * 513, "é" * 257, "x" * 2**20, None, 1, ["a"], {"a": 1}, True])
def test_case_110_what_is_no_key_is_refused_and_nothing_is_kept(load, key):
    plugin = load(request="2MiB")
    for operation, request in (("get", key), ("put", [key, 1]), ("add", [key, 1]), ("swap", [key, None, 1])):
        assert kind(plugin.call, operation, request) == "invalid"
    assert plugin.call("keys", ["", None, 10]) == []


def test_case_111_a_listing_is_of_ones_own_keys_and_takes_no_letter_for_a_pattern(load):
    mine, other = load("mine"), load("other")
    keys = sorted(["a", "ab", "b", "%", "_", "*", "[a-z]", "?", "a%", "\\%"], key=str.encode)
    for key in keys:
        mine.call("put", [key, 1])
    for key in ("secret", "a secret", "%secret"):
        other.call("put", [key, 1])
    for prefix in ("", "a", "%", "_", "*", "[a-z]", "[", "?", "a%", "a_", "\\", "s", "%s"):
        assert mine.call("keys", [prefix, None, 100]) == [key for key in keys if key.startswith(prefix)], prefix
    assert mine.call("keys", ["", "zzz", 100]) == []


def test_case_112_a_quota_is_exact_to_the_byte(load):
    plugin = load(state_keys=2, state_bytes=20, state_value=10)
    plugin.call("put", ["a", b"x" * 9])  # a head of one byte, and nine
    with pytest.raises(LimitExceeded) as refused:
        plugin.call("put", ["a", b"x" * 10])
    assert (refused.value.limit, refused.value.asked) == ("state_value", 11)
    plugin.call("put", ["b", b"x" * 7])
    plugin.call("put", ["b", b"x" * 7])
    with pytest.raises(LimitExceeded) as refused:
        plugin.call("put", ["b", b"x" * 8])
    plugin.call("put", ["b", b"x"])
    with pytest.raises(LimitExceeded) as keys:
        plugin.call("put", ["c", 1])
    assert (refused.value.limit, keys.value.limit) == ("state_bytes", "state_keys")
    assert plugin.call("keys", ["", None, 10]) == ["a", "b"]


def test_case_112_writers_that_race_for_the_last_room_never_have_more(load, store, healthy):
    plugin = load(instances=8, state_keys=30, deadline=30)

    def put(number):
        try:
            plugin.call("put", [f"{number}", number])
        except LimitExceeded as error:
            return error.limit
        return "kept"

    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(put, range(120)))
    assert {end: ends.count(end) for end in set(ends)} == {"kept": 30, "state_keys": 90}
    assert [usage.keys for usage in store.scopes()] == [30]
    healthy()


def test_case_113_a_name_used_again_has_no_state_once_it_was_cleared(load, store):
    load().call("put", ["a", "old"])
    (usage,) = store.scopes()
    assert usage.scope == Scope("mine", "default")
    store.clear(usage.scope)
    again = load()
    assert (again.call("get", "a"), again.call("keys", ["", None, 10])) == (None, [])


def test_case_113_a_file_that_nobody_named_has_no_state_of_another_that_is_open(cache, store, guest, tmp_path):
    paths = [tmp_path / folder / "mine.wasm" for folder in ("one", "two")]
    for path, content in zip(paths, (relay(), wasm_of(guest("remembers").read_text())), strict=True):
        path.parent.mkdir()
        path.write_bytes(content)
    with wardian.Runtime(cache=cache, state=store) as runtime:
        first = runtime.load(paths[0], grants=STATE)
        first.call("put", ["n", 5])
        with pytest.raises(wardian.ConfigError, match="another plugin keeps its state"):
            runtime.load(paths[1], grants=STATE)
        assert runtime.load(paths[1], grants=STATE, name="other").call("add") == 1
        assert first.call("get", "n") == 5


@pytest.mark.parametrize(
    ("entry", "error"), [("flood", HostCallsExceeded), ("put_and_spin", DeadlineExceeded)], ids=["flood", "spin"]
)
def test_case_114_a_call_without_end_keeps_nothing_and_lets_its_scope_go(load, entry, error, healthy):
    plugin = load(deadline=30 if entry == "flood" else 0.2)
    with pytest.raises(error):
        plugin.call(entry, ["a", 1])
    assert plugin.call("get", "a") is None
    healthy()


def test_case_114_a_scan_of_many_keys_comes_in_pages(load, store):
    quota = Quota(keys=30_000, total=10**9, value=100)
    with store.begin(Scope("mine", "default"), quota, time.monotonic() + 30) as transaction:
        for number in range(25_000):
            transaction.put(b"%05d" % number, b"\0")
        transaction.commit()
    plugin = load(state_keys=30_000, state_bytes="1GiB", deadline=30)
    for most in (10_001, 10**9, -1, 2**63):
        assert kind(plugin.call, "keys", ["", None, most]) == "invalid"
    sizes, after = [], None
    while page := plugin.call("keys", ["", after, 10_000]):
        sizes.append(len(page))
        after = page[-1]
    assert sizes == [10_000, 10_000, 5_000]


def test_case_115_of_those_who_exchange_the_same_value_one_wins(load, healthy):
    plugins = [load(instances=4, deadline=30), load(instances=4, deadline=30)]
    rounds, barrier, won = 15, threading.Barrier(8), [[] for _ in range(8)]

    def exchange(number):
        for version in range(rounds):
            barrier.wait(60)
            if plugins[number % 2].call("swap", ["a", version or None, version + 1]):
                won[number].append(version)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(exchange, range(8)))
    assert sorted(version for versions in won for version in versions) == list(range(rounds))
    healthy()


def test_case_116_text_of_sql_is_a_name_like_any_other(load, store):
    plugin = load(HOSTILE_SQL, '"; ATTACH DATABASE ":memory:" AS x; --')
    neighbour = load("neighbour")
    neighbour.call("put", ["kept", 1])
    for key in (HOSTILE_SQL, "x' OR '1'='1", '"', "`", "?", ":name", "$1", "\\"):
        assert plugin.call("swap", [key, None, key])
        assert plugin.call("get", key) == key
        assert plugin.call("keys", [key, None, 10]) == [key]
        assert plugin.call("delete", key)
    assert plugin.call("keys", [HOSTILE_SQL, "x' OR '1'='1", 10]) == []
    assert neighbour.call("keys", ["", None, 10]) == ["kept"]
    assert sorted(usage.scope.plugin for usage in store.scopes()) == [HOSTILE_SQL, "neighbour"]


@pytest.mark.parametrize("ttl", [0, -1, -(2**63), MAX_TTL_MS + 1, 2**63, float("nan"), float("inf"), 1.5, "5", True])
def test_case_117_a_life_that_is_none_is_refused(load, ttl):
    plugin = load()
    assert kind(plugin.call, "put", ["a", 1, ttl]) == "invalid"
    assert plugin.call("get", "a") is None


def test_case_117_a_clock_gone_back_neither_revives_nor_purges(load, clock):
    plugin = load()
    plugin.call("put", ["short", 1, 1000])
    plugin.call("put", ["long", 1, 10_000])
    clock.now_ms -= YEAR_MS
    assert plugin.call("keys", ["", None, 10]) == ["long", "short"]
    clock.now_ms += YEAR_MS + 1000
    assert plugin.call("keys", ["", None, 10]) == ["long"]
    plugin.call("put", ["other", 1])
    clock.now_ms -= YEAR_MS
    assert plugin.call("keys", ["", None, 10]) == ["long", "other"]
    assert plugin.call("get", "short") is None


@pytest.mark.parametrize(
    "key", ["a\r\nDEL b", "{tag}a", "a.b.*", ">", "a>b", "\n", "\t", " ", "\u2028", "\u202e", "*", "$"]
)
def test_case_118_no_character_of_a_key_means_anything_to_a_store(load, key):
    plugin = load()
    plugin.call("put", ["beside", 0])
    plugin.call("put", [key, 1])
    assert (plugin.call("get", key), plugin.call("keys", [key, None, 10])) == (1, [key])
    assert plugin.call("delete", key)
    assert plugin.call("keys", ["", None, 10]) == ["beside"]
