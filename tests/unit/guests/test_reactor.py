from types import SimpleNamespace

import pytest

import wardian
from support.lies import told
from support.wat import wasm_of
from wardian.errors import AbiViolation, CapabilityError, HostFunctionError, PackageError, StateError, Trap
from wardian.guests import reactor
from wardian.policy import Grants
from wardian.sandbox import instance
from wardian.sandbox.interface import Export
from wardian.sandbox.module import Module
from wardian.state.memory import MemoryStore

ENTRY = (("i32", "i32"), ("i64",))

# Counts in its state, writes `last words` to standard error without a line end, and then does as its entry point says.
SPEAKS = """(module
  (import "wardian" "state_add" (func $add (param i32 i32) (result i64)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (data (i32.const 0) "\\82\\61n\\01last words\\04\\00\\00\\00\\0a\\00\\00\\00")
  (func $say (drop (call $add (i32.const 0) (i32.const 4)))
    (drop (call $write (i32.const 2) (i32.const 14) (i32.const 1) (i32.const 40))))
  (func (export "answer") (param i32 i32) (result i64) (call $say) (i64.const 0))
  (func (export "trap") (param i32 i32) (result i64) (call $say) (unreachable))
  (func (export "lie") (param i32 i32) (result i64) (call $say) (i64.const 0xffffffff00000001))
  (func (export "state_only") (param i32 i32) (result i64) (drop (call $add (i32.const 0) (i32.const 4))) (i64.const 0))
  %s)"""


def module(**exports):
    """A module as `check` sees it: exports by name, each a kind or the parameters and results of a function."""
    made = {}
    for name, given in exports.items():
        kind, params, results = (given, (), ()) if isinstance(given, str) else ("func", *given)
        made[name] = Export(name, kind, params, results)
    return Module(None, None, "", 0, 0, (), made)


RIGHT = {"memory": "memory", "wardian_abi_v1": ((), ()), "wardian_alloc": (("i32",), ("i32",)), "run": ENTRY}


def test_a_module_of_the_abi_is_taken():
    reactor.check(module(**RIGHT))
    reactor.check(module(**RIGHT, _initialize=((), ()), plugin_open=ENTRY, plugin_close=ENTRY))


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"memory": None}, "abi_error"),
        ({"memory": "global"}, "abi_error"),
        ({"wardian_abi_v1": None}, "abi_error"),
        ({"wardian_abi_v1": None, "wardian_abi_v2": ((), ())}, "abi_version_unsupported"),
        ({"wardian_abi_v1": ((), ("i32",))}, "abi_error"),
        ({"wardian_abi_v1": "global"}, "abi_error"),
        ({"wardian_alloc": None}, "abi_error"),
        ({"wardian_alloc": (("i64",), ("i64",))}, "abi_error"),
        ({"_initialize": (("i32",), ())}, "abi_error"),
        ({"plugin_open": (("i32",), ("i64",))}, "abi_error"),
        ({"plugin_open": "memory"}, "abi_error"),
        ({"plugin_close": ((), ())}, "abi_error"),
    ],
)
def test_an_export_that_is_missing_or_of_another_type_is_refused_by_its_name(changed, code):
    exports = {name: given for name, given in (RIGHT | changed).items() if given is not None}
    with pytest.raises(PackageError) as raised:
        reactor.check(module(**exports))
    assert raised.value.code == code
    assert next(iter(changed)) in raised.value.message or code == "abi_version_unsupported"
    assert raised.value.hint


def test_entry_points_are_the_functions_of_their_type_that_the_host_does_not_call_itself():
    hosts = {"plugin_open": ENTRY, "plugin_close": ENTRY}
    more = {**hosts, "plugin_check": ENTRY, "other": (("i32",), ("i64",)), "g": "global"}
    assert reactor.entries(module(**RIGHT, **more)) == ("run", "plugin_check")


@pytest.fixture
def store():
    with MemoryStore() as store:
        yield store


@pytest.fixture
def speaking(cache, store):
    """Loads the guest above on a runtime whose log raises while `lines.broken` is true."""
    lines = SimpleNamespace(broken=False, said=[])

    def on_log(line):
        lines.said.append(line.message)
        if lines.broken:
            raise OSError("the log is gone")

    with wardian.Runtime(cache=cache, state=store, on_log=on_log) as runtime:

        def load(more=""):
            return runtime.load(wasm_of(SPEAKS % more), name="speaks", grants=Grants(state=True))

        yield lines, load


@pytest.mark.parametrize("entry", ["answer", "trap", "lie"])
def test_a_log_that_raises_at_the_end_of_a_call_keeps_no_state_locked(speaking, entry):
    """The guest's last words are logged once it has ended, however it did; its state is let go nevertheless."""
    lines, load = speaking
    plugin = load()
    lines.broken = True
    with pytest.raises(OSError, match="the log is gone"):
        plugin.call(entry)
    lines.broken = False
    assert plugin.call("state_only") is None
    assert plugin.call("answer") is None
    assert lines.said == ["last words"] * 2


def test_the_last_words_of_a_guest_that_fails_are_logged(speaking):
    lines, load = speaking
    with pytest.raises(Trap):
        load().call("trap")
    assert lines.said == ["last words"]


def test_a_log_that_raises_while_a_guest_opens_leaves_no_instance_behind(speaking):
    lines, load = speaking
    before = -len(instance._places)
    lines.broken = True
    opening = '(func (export "plugin_open") (param i32 i32) (result i64) (call $say) (unreachable))'
    with pytest.raises(OSError, match="the log is gone"):
        load(opening)
    assert -len(instance._places) == before
    lines.broken = False
    load().call("state_only")


def test_a_guest_that_fails_to_close_is_freed_and_a_warning(speaking, caplog):
    _, load = speaking
    plugin = load('(func (export "plugin_close") (param i32 i32) (result i64) (unreachable))')
    plugin.call("state_only")
    plugin.close()
    assert "speaks did not close: " in caplog.text


def test_whatever_a_guests_end_raises_it_is_freed(speaking):
    lines, load = speaking
    before = -len(instance._places)
    plugin = load('(func (export "plugin_close") (param i32 i32) (result i64) (call $say) (i64.const 0))')
    lines.broken = True
    with pytest.raises(OSError, match="the log is gone"):
        plugin.close()
    assert -len(instance._places) == before


def test_what_a_store_cannot_keep_fails_the_call_and_breaks_no_other(cache, monkeypatch, store):
    with wardian.Runtime(cache=cache, state=store, on_log=lambda _: None) as runtime:
        plugin = runtime.load(wasm_of(SPEAKS % ""), name="speaks", grants=Grants(state=True))
        begin = store.begin

        def failing(*given, **more):
            transaction = begin(*given, **more)

            def commit():
                transaction.rollback()
                raise StateError("the disk is full")

            return SimpleNamespace(
                commit=commit, rollback=transaction.rollback, get=transaction.get, put=transaction.put, written=0
            )

        with monkeypatch.context() as patch:
            patch.setattr(store, "begin", failing)
            with pytest.raises(StateError, match="the disk is full") as raised:
                plugin.call("state_only")
        assert raised.value.where == "speaks: state_only"
        assert plugin.call("state_only") is None


def test_an_error_item_of_no_bytes_or_of_another_shape_is_the_guests_fault(load):
    plugin = load("obeys")
    for reply in (b"", b"\xf6", b"\xa0", b"\x01"):
        with pytest.raises(AbiViolation) as raised:
            plugin.call("answer", told(reply, failed=True))
        assert raised.value.code in {"bad_error", "bad_cbor"}
        assert raised.value.where == "obeys: answer"


def test_a_nested_failure_leaves_the_plugin_that_asked_usable(load):
    inner, asked = load("spins", limits=wardian.Limits(deadline="20ms")), []

    def ask(request):
        asked.append(request)
        with pytest.raises(wardian.DeadlineExceeded):
            inner.call("spin")
        raise CapabilityError("transient", "not now")

    takes = load("takes", functions={"one": ask, "two": lambda _: 1})
    assert takes.call("leave") is None
    assert takes.call("leave") is None
    assert asked == [None, None]
    with pytest.raises(HostFunctionError):
        load("takes", functions={"one": lambda _: inner.call("spin"), "two": id}).call("leave")
