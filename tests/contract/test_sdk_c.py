"""The C SDK, compiled with the real toolchain and driven through the ABI alone."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import cbor2
import pycddl
import pytest
import wasmtime
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import wardian
from support.raw_guest import GuestFailed, GuestOutOfMemory, RawGuest, Refused
from support.servers import reply
from wardian.abi.codec import Bounds, CodecError, decode

ROOT = Path(__file__).parents[2]
SDK = ROOT / "sdk" / "c"
ABI = ROOT / "sdk" / "abi"
EXAMPLES = ROOT / "guest_examples"
BOUNDS = Bounds(size=2**20, items=100_000, depth=64)
KINDS = (
    "invalid", "config", "transient", "denied", "exhausted", "not_found", "conflict", "unimplemented", "internal",
)  # fmt: skip


def compile_guest(source, output, *options):
    command = [sys.executable, str(SDK / "wardian-cc"), str(source), "-o", str(output), *options]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return output


@pytest.fixture(scope="session")
def probe_wasm(tmp_path_factory):
    return compile_guest(SDK / "probe" / "probe.c", tmp_path_factory.mktemp("c") / "probe.wasm")


@pytest.fixture(scope="session")
def checked_probe_wasm(tmp_path_factory):
    """The probe with a trap wherever C leaves behaviour undefined."""
    output = tmp_path_factory.mktemp("c") / "checked_probe.wasm"
    return compile_guest(SDK / "probe" / "probe.c", output, "-fsanitize=undefined", "-fsanitize-trap=undefined")


@pytest.fixture
def probe(probe_wasm):
    return RawGuest(probe_wasm, functions={"probe": lambda item: item})


@pytest.fixture(scope="module")
def checked_probe(checked_probe_wasm):
    return RawGuest(checked_probe_wasm, functions={"probe": lambda item: item})


def vectors(folder):
    return [
        pytest.param(bytes.fromhex(vector["hex"]), id=f"{path.stem}: {vector['name']}")
        for path in sorted((ABI / "vectors" / folder).glob("*.json"))
        for vector in json.loads(path.read_text("utf-8"))
    ]


def meaning(data):
    """What the bytes mean, as a text that tells 1, 1.0 and True apart, 0.0 and -0.0, and shows NaN equal to NaN."""
    return repr(decode(data, BOUNDS))


# ---- CBOR ----


@pytest.mark.parametrize("data", vectors("accept"))
def test_an_accepted_item_is_read_and_written_with_its_meaning(checked_probe, data):
    failed, reply = checked_probe.call_bytes("probe_echo", data)
    assert (failed, meaning(reply)) == (False, meaning(data))
    failed, reply = checked_probe.call_bytes("probe_decode", cbor2.dumps(data))
    assert (failed, meaning(reply)) == (False, meaning(data))


@pytest.mark.parametrize("data", vectors("reject"))
def test_a_rejected_item_fails_the_call_and_the_instance_lives_on(checked_probe, data):
    failed, reply = checked_probe.call_bytes("probe_echo", data)
    assert failed
    assert cbor2.loads(reply)["kind"] == "invalid"
    assert checked_probe.call("probe_echo", "still here") == "still here"


@pytest.mark.parametrize("data", vectors("accept"))
def test_a_part_of_an_item_or_more_than_it_is_refused(checked_probe, data):
    for wrong in [data[:size] for size in range(len(data))] + [data + b"\0", data + b"\xff", data + data]:
        assert checked_probe.call_bytes("probe_echo", wrong)[0], wrong.hex()


items = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text() | st.binary(), inner, max_size=20),
    max_leaves=60,
)


@settings(deadline=None)
@given(item=items)
def test_any_item_comes_back_as_it_was(checked_probe, item):
    assert repr(checked_probe.call("probe_echo", item)) == repr(item)


@settings(deadline=None, max_examples=500)
@given(item=items, changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=4))
def test_host_and_guest_agree_on_what_an_item_is(checked_probe, item, changes):
    data = bytearray(cbor2.dumps(item))
    for place, byte in changes:
        data[place % len(data)] = byte
    try:
        expected = meaning(bytes(data))
    except CodecError:
        expected = None
    failed, reply = checked_probe.call_bytes("probe_echo", bytes(data))
    assert (None if failed else meaning(reply)) == expected, bytes(data).hex()


def test_a_large_map_is_checked_for_duplicates_in_reasonable_time(probe):
    keys = {f"key {number}": number for number in range(50_000)}
    started = time.perf_counter()
    assert probe.call("probe_echo", keys) == keys
    assert time.perf_counter() - started < 2
    pairs = b"".join(cbor2.dumps(key) + cbor2.dumps(value) for key, value in [*keys.items(), ("key 7", 0)])
    failed, reply = probe.call_bytes("probe_echo", b"\xbf" + pairs + b"\xff")
    assert failed
    assert "twice" in cbor2.loads(reply)["message"]


def test_a_time_is_read_as_seconds_and_nanoseconds(probe):
    assert cbor2.loads(probe.call_bytes("probe_time", b"\xc1\x19\x03\xe8")[1]) == [1000, 0]
    assert cbor2.loads(probe.call_bytes("probe_time", b"\xc1" + cbor2.dumps(-0.25))[1]) == [-1, 750_000_000]
    text = cbor2.dumps("2000-02-29T12:30:45.123456789-01:30")
    assert cbor2.loads(probe.call_bytes("probe_time", b"\xc0" + text)[1]) == [951_832_845, 123_456_789]


# ---- Replies and errors ----


def test_null_has_no_bytes(probe):
    assert probe.call_bytes("probe_null", b"\xf6") == (False, b"")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_error_arrives_with_all_it_says(probe, kind):
    least = {"kind": kind, "message": "why ü"}
    for error in (least, {**least, "code": "E1", "retry_after_ms": 250, "details": {"at": [1, 2]}}):
        with pytest.raises(GuestFailed) as failed:
            probe.call("probe_fail", error)
        assert failed.value.error == error


@pytest.mark.parametrize("mistake", ["no end", "stray end", "two items", "bad text", "bad key", "no value"])
def test_a_mistake_in_writing_is_an_internal_error_and_not_a_broken_reply(probe, mistake):
    with pytest.raises(GuestFailed, match=r"\[internal\]"):
        probe.call("probe_mistake", mistake)


def test_replies_may_be_as_deep_as_the_abi_allows_and_no_deeper(probe):
    reply = probe.call_bytes("probe_deep", cbor2.dumps(64))[1]
    assert reply == b"\x9f" * 64 + b"\xff" * 64
    with pytest.raises(GuestFailed, match="nests too deep"):
        probe.call("probe_deep", 65)


def test_replies_and_requests_may_be_large(probe):
    assert probe.call("probe_large", 5_000_000) == b"w" * 5_000_000
    assert probe.call("probe_many", 100_000) == list(range(100_000))
    assert probe.call("probe_echo", "ü" * 1_000_000) == "ü" * 1_000_000


def test_formats_what_printf_formats(probe):
    assert probe.call("probe_format") == ("-1 -9223372036854775808 4294967295 18446744073709551615 ff text cut c 4 -2%")


# ---- Memory ----


def test_no_call_leaves_memory_behind(probe):
    probe.call("probe_echo", list(range(1000)))
    before = probe.memory_size
    for _ in range(2_000):
        probe.call("probe_echo", list(range(1000)))
    probe.call("probe_asks", 100_000)
    assert probe.memory_size == before


def test_what_was_kept_outlives_calls_and_larger_requests(probe):
    probe.call("plugin_open", {"config": {"greeting": "Grüße", "list": [1, 2]}})
    probe.call("probe_echo", b"x" * 300_000)
    assert probe.call("probe_config") == {"greeting": "Grüße", "list": [1, 2]}
    assert [probe.call("probe_calls") for _ in range(3)] == [1, 2, 3]


def test_out_of_memory_fails_the_call_and_the_instance_lives_on(probe_wasm):
    guest = RawGuest(probe_wasm, functions={"probe": lambda item: item}, memory=1_000_000)
    for entry, request in (("probe_large", 2_000_000), ("probe_many", 1_000_000), ("probe_large", 2**32 - 1)):
        with pytest.raises(GuestFailed, match=r"\[exhausted\] out of memory"):
            guest.call(entry, request)
    with pytest.raises(GuestFailed, match=r"\[exhausted\] out of memory"):
        guest.call("probe_echo", "x" * 700_000)  # there is room for the request, but not for the reply as well
    with pytest.raises(GuestOutOfMemory):
        guest.call("probe_echo", b"x" * 2_000_000)
    assert guest.call("probe_echo", "still here") == "still here"


# ---- Imports ----

ANSWERS = [
    ("log", [2, "a line"], None),
    ("log", [4, "with fields", {"user": 7}], None),
    ("state_put", ["a", {"n": [1]}], None),
    ("state_put", ["b", 1, 60_000], None),
    ("state_get", "a", {"n": [1]}),
    ("state_get", "absent", None),
    ("state_add", ["counter", 5], 5),
    ("state_add", ["counter", -7], -2),
    ("state_swap", ["c", None, "new"], True),
    ("state_swap", ["c", "old", "newer"], False),
    ("state_keys", ["", None, 10], ["a", "b", "c", "counter"]),
    ("state_keys", ["c", "c", 10], ["counter"]),
    ("state_delete", "a", True),
    ("state_delete", "a", False),
    ("emit", [{"data": 1}, {"data": None}], 2),
    ("random_bytes", 5, b"\0\1\2\3\4"),
    ("http_request", {"method": "GET", "url": "http://x/"}, {"status": 200, "headers": {}, "body": b"http://x/"}),
    ("metric_record", ["seconds", "histogram", 0.5, {"path": "/"}], None),
    ("metric_record", ["seen", "counter", 1, None], None),
    ("template_expand", "for {name}", "for Ada"),
    ("vars_set", ["v", [1]], None),
    ("vars_get", "v", [1]),
    ("action_call", ["notify", {"to": "x"}], {"action": "notify", "params": {"to": "x"}}),
    ("extension_call", ["kv", "get", "k"], ["kv", "get", "k"]),
    ("cancelled", None, False),
]


def test_each_import_asks_as_the_abi_says_and_gives_the_answer(probe):
    cddl = (ABI / "abi.cddl").read_text("utf-8")
    for name, request, answer in ANSWERS:
        assert probe.call(f"probe_{name}", request) == answer, name
        asked, sent = probe.asked[-1]
        assert asked == name
        shared = {"action_call": "action-call-host", "extension_call": "extension-call-host"}
        rule = shared.get(name, name.replace("_", "-"))
        pycddl.Schema(f"start = {rule}-request\n{cddl}").validate_cbor(sent)
    assert probe.logs == [[2, "a line"], [4, "with fields", {"user": 7}]]
    assert probe.metrics == [["seconds", "histogram", 0.5, {"path": "/"}], ["seen", "counter", 1.0, None]]


def test_the_clock_gives_both_times(probe_wasm):
    guest = RawGuest(probe_wasm, functions={"probe": None}, host={"clock_now": lambda _: [2**62, 7]})
    assert guest.call("probe_clock_now") == [2**62, 7]


def test_a_guest_learns_that_it_is_cancelled(probe_wasm):
    guest = RawGuest(probe_wasm, functions={"probe": None}, host={"cancelled": lambda _: True})
    assert guest.call("probe_cancelled") is True


@pytest.mark.parametrize("item", [None, 0, "text", b"bytes", {"a": [1.5, None]}, "x" * 200_000])
def test_a_function_of_the_application_takes_and_gives_any_item(probe, item):
    assert probe.call("probe_app", item) == item


@pytest.mark.parametrize("name", sorted({name for name, _, _ in ANSWERS} - {"cancelled"} | {"clock_now"}))
def test_an_error_of_the_host_is_passed_on_whole(probe_wasm, name):
    error = {"kind": "exhausted", "message": "enough", "code": "quota", "retry_after_ms": 5, "details": {"left": 0}}

    def refuse(_):
        raise Refused(**error)

    guest = RawGuest(probe_wasm, functions={"probe": None}, host={name: refuse})
    request = next((request for one, request, _ in ANSWERS if one == name), None)
    with pytest.raises(GuestFailed) as failed:
        guest.call(f"probe_{name}", request)
    assert failed.value.error == error


def test_an_answer_of_another_type_is_an_error_and_no_guess(probe_wasm):
    guest = RawGuest(probe_wasm, functions={"probe": None}, host={"state_add": lambda _: "many"})
    with pytest.raises(GuestFailed, match="wrong type"):
        guest.call("probe_state_add", ["key", 1])


def test_the_runtime_and_the_sdk_understand_each_other(tmp_path):
    wasm = compile_guest(SDK / "probe" / "probe.c", tmp_path / "probe.wasm", "-DPROBE_CALLED_DIRECTLY")
    grants = wardian.Grants(state=True, clock=True, random=True, http=["127.0.0.1:9"])
    item = {"text": "ü", "list": [1, -1, 2**64 - 1, 1.5, None, True, b"\xff"]}
    lines = []
    with wardian.Runtime(cache=None, on_log=lines.append) as runtime:
        plugin = runtime.load(wasm, config=item, grants=grants, functions={"probe": lambda given: [given]})
        assert plugin.call("probe_echo", item) == plugin.call("probe_config") == item
        assert plugin.call("probe_app", item) == [item]
        for name, request, answer in ANSWERS:
            if name.startswith(("state", "log", "metric", "cancelled")):
                assert plugin.call(f"probe_{name}", request) == answer, name
        assert len(plugin.call("probe_random_bytes", 16)) == 16
        assert plugin.call("probe_clock_now")[0] // 10**9 == pytest.approx(time.time(), abs=10)
        with pytest.raises(wardian.GuestError, match="what this call changed is undone"):
            plugin.call("probe_state_undone", "counter")
        assert plugin.call("probe_state_get", "counter") == -2
        with pytest.raises(wardian.GuestError, match="integer"):
            plugin.call("probe_state_add", ["c", 1])
    assert [(line.level, line.message) for line in lines] == [("info", "a line"), ("error", "with fields")]


def test_a_guest_in_c_makes_requests_and_is_told_why_not(tmp_path, serve):
    server = serve(lambda asked: reply(asked.body + b" in " + asked.headers["x-lang"].encode(), X_A="1"))
    wasm = compile_guest(SDK / "probe" / "probe.c", tmp_path / "probe.wasm", "-DPROBE_CALLED_DIRECTLY")
    grants = wardian.Grants(state=True, clock=True, random=True, http=[server.authority])
    asked = {"method": "POST", "url": f"{server.url}/x", "headers": {"X-Lang": "C"}, "body": "made", "timeout_ms": 9000}
    with wardian.Runtime(cache=None) as runtime:
        limits = wardian.Limits(deadline=20, http_time=10)
        plugin = runtime.load(wasm, config={}, grants=grants, functions={"probe": lambda _: None}, limits=limits)
        answer = plugin.call("probe_http_request", asked)
        assert answer == {"status": 200, "headers": {"content-length": "9", "x-a": "1"}, "body": b"made in C"}
        with pytest.raises(wardian.GuestError) as caught:
            plugin.call("probe_http_request", {"method": "GET", "url": "http://127.0.0.2/"})
    assert (caught.value.kind, caught.value.guest_code) == ("denied", "destination")


# ---- The module ----


def test_a_module_imports_only_what_its_plugin_uses(tmp_path):
    source = tmp_path / "least.c"
    source.write_text('#include "wardian.h"\nWARDIAN_ENTRY(nothing) { return wardian_null(); }\n')
    guest = RawGuest(compile_guest(source, tmp_path / "least.wasm"))
    assert [one.name for one in guest.module.imports] == []
    assert {one.name for one in guest.module.exports} == {"memory", "wardian_abi_v1", "wardian_alloc", "nothing"}
    assert guest.call("nothing", [1, 2]) is None
    assert guest.memory_size == 2 * 65536
    assert (tmp_path / "least.wasm").stat().st_size < 10_000


def test_a_trap_shows_the_names_of_functions(probe):
    with pytest.raises(wasmtime.Trap, match="wardian_entry_probe_trap"):
        probe.call("probe_trap")


def test_a_stack_overflow_traps_before_it_reaches_the_data(tmp_path):
    source = tmp_path / "deep.c"
    source.write_text("""
        #include "wardian.h"
        static volatile int64_t turns = INT64_MAX;
        __attribute__((noinline)) static int64_t fall(int64_t depth) {
            volatile char page[1024];
            page[depth & 1023] = 1;
            return depth >= turns ? page[0] : fall(depth + 1) + page[depth & 1023];
        }
        WARDIAN_ENTRY(fall) { return (wardian_result)fall(0); }
    """)
    guest = RawGuest(compile_guest(source, tmp_path / "deep.wasm"))
    with pytest.raises(wasmtime.Trap, match="out of bounds"):
        guest.call("fall")


def test_a_plugin_may_be_written_in_cpp(tmp_path):
    source = tmp_path / "plugin.cpp"
    source.write_text("""
        #include "wardian.h"
        WARDIAN_APP_IMPORT(twice)
        namespace {
        struct Reply {
            wardian_writer writer = wardian_write();
            Reply() { wardian_put_list(&writer); }
            wardian_result done() { wardian_put_end(&writer); return wardian_reply(&writer); }
        };
        }
        WARDIAN_ENTRY(size) {
            wardian_text text;
            wardian_item doubled;
            if (!wardian_as_text(request, &text)) return wardian_fail(WARDIAN_INVALID, "expected a text");
            Reply reply;
            wardian_put_uint(&reply.writer, text.size);
            wardian_writer argument = wardian_write();
            wardian_put_text(&argument, text);
            if (!app_twice(&argument, &doubled)) return wardian_pass_on();
            wardian_put_item(&reply.writer, doubled);
            return reply.done();
        }
    """)
    wasm = compile_guest(source, tmp_path / "plugin.wasm", "-Wpedantic")
    assert RawGuest(wasm, functions={"twice": lambda text: 2 * text}).call("size", "ab") == [2, "abab"]


# ---- wardian-cc ----


def test_a_missing_package_is_named_with_the_command_that_installs_it(tmp_path):
    command = [sys.executable, "-I", "-S", str(SDK / "wardian-cc"), str(tmp_path / "guest.c")]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "hint: " in refused.stderr
    assert "pip install ziglang==" in refused.stderr


def test_a_warning_ends_the_build(tmp_path):
    source = tmp_path / "guest.c"
    source.write_text('#include "wardian.h"\nWARDIAN_ENTRY(x) { int unused; return wardian_null(); }\n')
    command = [sys.executable, str(SDK / "wardian-cc"), "-v", str(source)]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "unused variable" in refused.stderr
    assert "ziglang cc --target=wasm32-freestanding" in refused.stderr
    assert not (tmp_path / "guest.wasm").exists()


# ---- What the pages show ----


def block(page, language, number=0):
    """A fenced block of a page."""
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)[number]


def test_the_plugin_of_the_readme_builds_and_counts(tmp_path):
    source = tmp_path / "counter.c"
    source.write_text(block(SDK / "README.md", "c"), "utf-8")
    guest = RawGuest(compile_guest(source, tmp_path / "counter.wasm"))
    guest.call("plugin_open", {"config": {"step": 2}})
    assert [guest.call("count", "visits") for _ in range(2)] == [2, 4]
    assert guest.state == {"counter/visits": 4}
    assert {one.name for one in guest.module.imports} == {"take", "state_add"}
    with pytest.raises(GuestFailed, match=r"\[config\]"):
        guest.call("plugin_open", {"config": {"step": "two"}})


@pytest.fixture(scope="session")
def greet_wasm(tmp_path_factory):
    return compile_guest(EXAMPLES / "greet" / "c" / "greet.c", tmp_path_factory.mktemp("greet") / "greet.wasm")


@pytest.fixture(scope="session")
def count_words_wasm(tmp_path_factory):
    output = tmp_path_factory.mktemp("count_words") / "count_words.wasm"
    return compile_guest(EXAMPLES / "count_words" / "c" / "count_words.c", output)


@pytest.mark.parametrize("example", ["greet", "count_words"])
def test_an_examples_description_is_a_package_of_the_abi(example):
    described = yaml.safe_load((EXAMPLES / example / "plugin.yaml").read_text("utf-8"))
    cddl = (ABI / "abi.cddl").read_text("utf-8")
    pycddl.Schema(f"start = package\n{cddl}").validate_cbor(cbor2.dumps(described))
    assert all((EXAMPLES / example / source).is_file() for source in described["build"]["sources"])


def test_greet_uses_configuration_and_application(greet_wasm):
    users = {"Ada": {"full_name": "Ada Lovelace"}}
    guest = RawGuest(greet_wasm, functions={"lookup_user": users.get})
    assert guest.call("greet", {"name": "Ada"})["text"] == "Hello, Ada Lovelace!"
    guest.call("plugin_open", {"config": {"greeting": "Grüße"}})
    assert guest.call("greet", {"name": "Bob"}) == {"text": "Grüße, Bob!", "user": None}
    assert guest.call("extension_call", {"method": "greet", "argument": {"name": "Bob"}})["text"] == "Grüße, Bob!"
    for entry, request, kind in (
        ("plugin_open", {"config": {"greeting": ""}}, "config"),
        ("greet", {"name": 1}, "invalid"),
        ("greet", None, "invalid"),
        ("extension_call", {"method": "sing"}, "unimplemented"),
    ):
        with pytest.raises(GuestFailed) as failed:
            guest.call(entry, request)
        assert failed.value.error["kind"] == kind
    assert {(one.module, one.name) for one in guest.module.imports} == {("wardian", "take"), ("app", "lookup_user")}


def test_the_program_of_greets_readme_prints_what_the_page_says(greet_wasm):
    page = EXAMPLES / "greet" / "README.md"
    program = block(page, "python").replace("wardian.Runtime()", "wardian.Runtime(cache=None)")
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, cwd=greet_wasm.parent, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == block(page, "json") == (EXAMPLES / "greet" / "expected.json").read_text("utf-8")


def test_count_words_replies_as_expected_and_keeps_totals(count_words_wasm):
    folder = EXAMPLES / "count_words"
    guest = RawGuest(count_words_wasm)
    guest.call("plugin_open", {"config": {"min_length": 1}})
    lines = (folder / "input.jsonl").read_text("utf-8").splitlines()
    replies = "".join(json.dumps(guest.call("count", json.loads(line))) + "\n" for line in lines)
    assert replies == (folder / "expected.jsonl").read_text("utf-8") == block(folder / "README.md", "json")
    assert guest.logs[0] == [2, "counted 10 words in 2 lines"]
    assert guest.metrics[0] == ["words_counted", "counter", 10.0, None]
    again = RawGuest(count_words_wasm, state=guest.state)
    assert again.call("totals") == {"words": 13, "lines": 3, "bytes": 64, "calls": 3}
    assert again.call("extension_call", {"method": "reset", "argument": None}) is None
    assert again.state == {}


def test_count_words_leaves_words_shorter_than_min_length_out(count_words_wasm):
    guest = RawGuest(count_words_wasm)
    guest.call("plugin_open", {"config": {"min_length": 3}})
    assert guest.call("count", "äöü ab abc\u00a0d")["words"] == 2
    for wrong in (0, -1, "3", 1.5):
        with pytest.raises(GuestFailed, match=r"\[config\]"):
            guest.call("plugin_open", {"config": {"min_length": wrong}})


def test_the_examples_are_small_modules_with_little_memory(greet_wasm, count_words_wasm):
    for wasm in (greet_wasm, count_words_wasm):
        assert wasm.stat().st_size < 17_000
        guest = RawGuest(wasm, functions={"lookup_user": lambda _: None})
        assert guest.memory_size == 2 * 65536
