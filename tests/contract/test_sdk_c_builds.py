"""Plugins that the C SDK's compiler makes: on the real runtime, in C++, small, and built without a warning."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import wasmtime

import wardian
from support.c_guests import ANSWERS, PROBE, SDK, block, compile_guest
from support.raw_guest import GuestFailed, RawGuest
from support.servers import reply
from wardian.abi.codec import Bounds

ROOT = Path(__file__).parents[2]
ABI = ROOT / "sdk" / "abi"
EXAMPLES = ROOT / "guest_examples"
BOUNDS = Bounds(size=2**20, items=100_000, depth=64)


def test_the_runtime_and_the_sdk_understand_each_other(tmp_path):
    wasm = compile_guest(PROBE, tmp_path / "probe.wasm", "-DPROBE_CALLED_DIRECTLY")
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
    heard = [(line.level, line.message) for line in lines]
    assert heard == [("info", "a line"), ("error", "with fields"), ("info", "closed")]


def test_a_guest_in_c_makes_requests_and_is_told_why_not(tmp_path, serve):
    server = serve(lambda asked: reply(asked.body + b" in " + asked.headers["x-lang"].encode(), X_A="1"))
    wasm = compile_guest(PROBE, tmp_path / "probe.wasm", "-DPROBE_CALLED_DIRECTLY")
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
