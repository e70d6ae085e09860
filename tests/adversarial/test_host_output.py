"""Cases 83 to 87: what a guest says through the host, in logs, records and metrics."""

import logging

import pytest

import wardian
from support.wat import wasm_of
from wardian import (
    DeadlineExceeded,
    Grants,
    GuestError,
    HostCallsExceeded,
    LimitExceeded,
    Limits,
    PackageError,
    ReplyTooLarge,
    RequestTooLarge,
    Trap,
)

HOSTILE_TEXT = "\x1b[2J\r\nERROR root: all is lost\u2028\u202eevil\0\x07\x9b31m"
ENTRY = '(func (export "wardian_abi_v1")) (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))'


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


def asking(name, module="app"):
    return {'"wardian" "log"': f'"{module}" "{name}"'}


@pytest.fixture
def said(cache):
    """Loads a plugin of its own runtime and gives it with the list of the lines that it logs."""
    runtimes = []

    def loaded(text, **arguments):
        lines = []
        runtime = wardian.Runtime(cache=cache, on_log=lines.append)
        runtimes.append(runtime)
        return runtime.load(wasm_of(text), **{"name": "talks", **arguments}), lines

    yield loaded
    for runtime in runtimes:
        runtime.close()


# 83 to 85: floods and lies in what is logged


# Logs a kilobyte a million times.
FLOODS = f"""(module
  (import "wardian" "log" (func $ask (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  {ENTRY}
  (data (i32.const 0) "\\82\\02\\79\\04\\00")
  (func (export "run") (param i32 i32) (result i64)
    (local $left i32)
    (memory.fill (i32.const 5) (i32.const 97) (i32.const 1024))
    (local.set $left (i32.const 1000000))
    (loop $again
      (drop (call $ask (i32.const 0) (i32.const 1029)))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $again (local.get $left)))
    (i64.const 0)))"""


def test_case_83_a_million_log_lines_are_bounded_in_lines_in_bytes_and_in_calls(said):
    plugin, lines = said(FLOODS, limits=Limits(deadline=20, host_calls=3_000))
    with pytest.raises(HostCallsExceeded):
        plugin.call("run")
    assert len(lines) == 64  # of 1 KiB each, as `log_bytes` allows
    assert {len(line.message) for line in lines} == {1024}
    assert sum(len(line.message) for line in lines) <= Limits().log_bytes


def test_case_83_what_was_dropped_is_counted(said):
    plugin, lines = said(FLOODS.replace("1000000", "1500"), limits=Limits(deadline=20))
    receipt = plugin.invoke("run").receipt
    assert (receipt.log_lines, receipt.log_dropped, len(lines)) == (64, 1436, 64)


@pytest.mark.parametrize("size", [2**16 + 1, 2**20, 2**23 - 100])
def test_case_83_a_line_of_megabytes_is_dropped_whole(load, size):
    plugin = load("asks", {'"memory") 4': '"memory") 160'})
    with pytest.raises(LimitExceeded) as caught:
        plugin.call("ask", [2, "x" * size])
    assert caught.value.limit == "log_bytes"
    assert plugin.call("ask", [2, "x"]) is None


def test_case_83_a_line_of_a_hundred_megabytes_is_not_even_read(load):
    plugin = load("lies_to_host", {'"memory") 1': '"memory") 1600'}, limits=Limits(memory="128MiB"))
    with pytest.raises(RequestTooLarge) as caught:
        plugin.call_bytes("ask", (0).to_bytes(4, "little") + (100 * 2**20).to_bytes(4, "little"))
    assert caught.value.asked == 100 * 2**20
    # Nor is it looked for: it would lie outside memory.
    with pytest.raises(RequestTooLarge):
        plugin.call_bytes("ask", (2**32 - 1).to_bytes(4, "little") + (100 * 2**20).to_bytes(4, "little"))


def test_case_83_standard_output_without_end_is_bounded_too(said, guest):
    # A program's output is its reply, so the flood ends there; a plugin's is log lines.
    text = guest("wasi_floods").read_text()
    program, lines = said(text.replace('(export "run")', '(export "_start")'), limits=Limits(deadline=20))
    with pytest.raises(ReplyTooLarge):
        program.call("run")
    assert lines == []
    marked = text.replace('(func (export "run")', f'{ENTRY} (func (export "run") (param i32 i32) (result i64)')
    plugin, lines = said(marked.replace("(br $again))", "(br $again)) (unreachable)"), limits=Limits(host_calls=50))
    with pytest.raises((HostCallsExceeded, DeadlineExceeded)):
        plugin.call("run")
    assert 0 < len(lines) <= Limits().log_lines


def test_case_84_log_lines_are_one_printable_line_each(said, guest):
    plugin, lines = said(guest("asks").read_text())
    for text in (HOSTILE_TEXT, "\x1b" * 10_000, "\u202e" * 5_000, "a\n" * 9_000):
        plugin.call("ask", [2, text])
        (line,) = lines
        lines.clear()
        assert line.message.isprintable()
        assert len(line.message) <= 4096


def test_case_84_names_in_a_trap_are_escaped_and_bounded(runtime):
    name = "\\1b[31m\\0aroot\\e2\\80\\ae" + "n" * 90_000
    nested = " ".join(f"(func $f{n} (call $f{n + 1}))" for n in range(30))
    text = f"""(module (memory (export "memory") 1) {ENTRY}
      (func (export "run") (param i32 i32) (result i64) (call $f0) (i64.const 0))
      {nested} (func $f30 (@name "{name}") (unreachable)))"""
    with pytest.raises(Trap) as caught:
        runtime.load(wasm_of(text), name="named").call("run")
    error = caught.value
    assert len(error.backtrace) <= 20
    assert all(frame.isprintable() and len(frame) < 150 for frame in error.backtrace)
    assert "\\x1b[31m\\nroot" in error.backtrace[0]
    assert len(str(error)) < 4_000


def test_case_84_what_a_guest_says_in_an_error_is_escaped_where_it_is_shown(load):
    plugin = load("asks", asking("refuse"), functions={"refuse": lambda _: refuse()})

    def refuse():
        raise wardian.CapabilityError("invalid", HOSTILE_TEXT)

    with pytest.raises(GuestError) as caught:
        plugin.call("ask")
    assert caught.value.message == HOSTILE_TEXT
    assert str(caught.value).isprintable()


def test_case_84_names_of_entry_points_are_escaped_where_they_are_shown(runtime):
    text = f"""(module (memory (export "memory") 1) {ENTRY}
      (func (export "a\\1b[31mb\\0ac") (param i32 i32) (result i64) (i64.const 0)))"""
    plugin = runtime.load(wasm_of(text), name="named")
    with pytest.raises(PackageError) as caught:
        plugin.call("nope")
    assert str(caught.value).replace("\n", "", 1).isprintable()
    assert repr(plugin).isprintable()
    assert plugin.call("a\x1b[31mb\nc") is None


def test_case_85_fields_cannot_take_the_hosts_place(load, guest, caplog, cache):
    forged = dict.fromkeys(
        ("level", "ts", "time", "instance", "plugin", "name", "msg", "message", "levelname", "exc_info"), "forged"
    )
    with wardian.Runtime(cache=cache) as runtime, caplog.at_level(logging.DEBUG, "wardian.plugin.honest"):
        plugin = runtime.load(guest("asks"), name="honest", instance="one")
        plugin.call("ask", [3, "said", forged])
    (record,) = (record for record in caplog.records if record.name == "wardian.plugin.honest")
    assert (record.levelname, record.getMessage(), record.exc_info) == ("WARNING", "said", None)
    line = record.wardian
    assert (line.plugin, line.instance, line.level, line.message) == ("honest", "one", "warn", "said")
    assert line.fields == forged


def test_case_85_a_message_is_no_format(load, caplog):
    with caplog.at_level(logging.DEBUG, "wardian.plugin.asks"):
        load("asks").call("ask", [2, "%s %(wardian)s {0.__class__} %n"])
    assert caplog.records[-1].getMessage() == "%s %(wardian)s {0.__class__} %n"


# 86, 87: what is handed out, and metrics


def test_case_86_what_a_guest_hands_out_is_bounded_in_bytes_and_in_records(runtime):
    text = f"""(module (memory (export "memory") 1700) {ENTRY}
      (func (export "large") (param i32 i32) (result i64) (i64.const {100 * 2**20}))
      (func (export "many") (param i32 i32) (result i64)
        (i32.store8 (i32.const 0) (i32.const 0x9a))
        (i32.store offset=1 (i32.const 0) (i32.const 0x40420f00))
        (i64.const 1000005))
      (func (export "empty") (param i32 i32) (result i64)
        (i32.store8 (i32.const 0) (i32.const 0x98))
        (i32.store8 (i32.const 1) (i32.const 100))
        (memory.fill (i32.const 2) (i32.const 0xa0) (i32.const 100))
        (i64.const 102)))"""
    plugin = runtime.load(wasm_of(text), name="gives", limits=Limits(memory="128MiB"))
    for entry, limit in (("large", "reply"), ("many", "items")):
        with pytest.raises(ReplyTooLarge) as caught:
            plugin.call(entry)
        assert caught.value.limit == limit
    assert plugin.call("empty") == [{}] * 100


def test_case_86_records_cannot_be_emitted_where_nobody_takes_them(load):
    with pytest.raises(GuestError) as caught:
        load("emits", grants=Grants(emit=True)).call("once", [{"data": 1}])
    assert caught.value.kind == "denied"


@pytest.mark.parametrize("most", [0, 1, 10_000, 30_000])
def test_case_86_a_million_emitted_records_end_at_the_limit_and_none_is_delivered(load, most):
    delivered = []
    plugin = load("emits", grants=Grants(emit=True), on_emit=delivered.append, limits=Limits(emitted=most, deadline=30))
    with pytest.raises(LimitExceeded) as caught:
        plugin.call("insist", [{"data": n} for n in range(5_000)])
    assert (caught.value.limit, caught.value.value) == ("emitted", most)
    assert delivered == []


@pytest.mark.parametrize(
    ("record", "limit"),
    [({"data": b"x" * 150_000}, "request"), ({"data": [[]] * 900}, "items"), ({"data": {b"k": [[]] * 900}}, "items")],
    ids=["large", "of many values", "of many values under keys of bytes"],
)
def test_case_86_what_is_kept_of_emitted_records_is_bounded_however_often_they_come(load, record, limit):
    delivered = []
    limits = Limits(emitted=2**31 - 1, items=1_000, request="160KiB", deadline=30)
    plugin = load("emits", grants=Grants(emit=True), on_emit=delivered.append, limits=limits)
    with pytest.raises(LimitExceeded) as caught:
        plugin.call("insist", [record])
    assert (caught.value.limit, caught.value.value) == (limit, getattr(limits, limit))
    assert delivered == []


def test_case_86_empty_records_are_no_records_and_no_records_are_for_ever_none(load):
    delivered = []
    plugin = load("emits", grants=Grants(emit=True), on_emit=delivered.append)
    with pytest.raises(GuestError) as caught:
        plugin.call("insist", [{}] * 1_000)
    assert caught.value.kind == "invalid"
    with pytest.raises(HostCallsExceeded):
        plugin.call("insist", [])
    assert delivered == []


# Records 5,000 counters, each of another name of four letters.
COUNTERS = f"""(module
  (import "wardian" "metric_record" (func $ask (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  {ENTRY}
  (data (i32.const 0) "\\84\\64aaaa\\67counter\\01\\f6")
  (func (export "run") (param i32 i32) (result i64)
    (local $n i32)
    (loop $again
      (i32.store8 (i32.const 2) (i32.add (i32.const 97) (i32.and (local.get $n) (i32.const 15))))
      (i32.store8 (i32.const 3)
        (i32.add (i32.const 97) (i32.and (i32.shr_u (local.get $n) (i32.const 4)) (i32.const 15))))
      (i32.store8 (i32.const 4)
        (i32.add (i32.const 97) (i32.and (i32.shr_u (local.get $n) (i32.const 8)) (i32.const 15))))
      (i32.store8 (i32.const 5)
        (i32.add (i32.const 97) (i32.and (i32.shr_u (local.get $n) (i32.const 12)) (i32.const 15))))
      (drop (call $ask (i32.const 0) (i32.const 16)))
      (local.set $n (i32.add (local.get $n) (i32.const 1)))
      (br_if $again (i32.lt_u (local.get $n) (i32.const 5000))))
    (i64.const 0)))"""


def test_case_87_series_of_metrics_are_a_thousand_at_most(runtime):
    plugin = runtime.load(wasm_of(COUNTERS), name="counts", limits=Limits(deadline=20))
    for _ in range(2):
        assert plugin.call("run") is None
    readings = plugin.metrics()
    assert len(readings) == 1_000
    assert {reading.value for reading in readings.values()} == {2}  # what was there goes on


def test_case_87_labels_are_series_too_and_the_guest_is_told(load):
    plugin = load("asks", asking("metric_record", "wardian"))
    for number in range(1_000):
        assert plugin.call("ask", ["hits", "counter", 1, {"user": str(number)}]) is None
    with pytest.raises(LimitExceeded) as caught:
        plugin.call("ask", ["hits", "counter", 1, {"user": "1000"}])
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("metric_series", 1_000, 1_001)
    assert plugin.call("ask", ["hits", "counter", 1, {"user": "7"}]) is None
    for name in ("a\x1b[31m", "a" * 129, "", "a b", "ä", 'a{x="y"}'):
        with pytest.raises(GuestError):
            plugin.call("ask", [name, "counter", 1, None])
