"""Cases 8 to 13: small modules that cost a compiler seconds and gigabytes end within limits, and nobody notices."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import wardian
from support.bombs import many_functions, many_merges, many_values, nested_loops
from support.wat import wasm_of
from wardian.sandbox import compiler as compiling

MIB = 2**20
SMALL = wardian.Limits(compile_memory="256MiB", compile_time="10s")
GROWTH = 50 * MIB

# Refused by what they declare; and those of the same kinds that declare no more than a toolchain might.
DECLARED = {
    "case_08_parameters": many_values(5_000, 1_000),
    "case_09_more_parameters": many_values(20_000, 1_000),
    "case_10_functions": many_functions(1_000_000),
    "case_10_code": many_merges(200_000),
}
UNSUSPECTED = {
    "case_08_parameters": many_values(20_000),
    "case_10_loops": nested_loops(20_000, 2_000),
    "case_10_branches": many_merges(100_000),
    "case_10_functions": many_functions(100_000),
}


@pytest.fixture
def children(monkeypatch):
    """The compiling processes, in turn."""
    started = []

    class Watched(subprocess.Popen):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    return started


def resident():
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def refused(runtime, wasm, limits=SMALL):
    """The error of loading the module."""
    with pytest.raises(wardian.WardianError) as caught:
        runtime.load(wasm, limits=limits, name="bomb")
    return caught.value


def ends_well(runtime, wasm, healthy, limits=SMALL):
    """The error of loading the module, while another plugin answers all the time and this process does not grow."""
    before = peak = resident()
    longest = 0.0
    with ThreadPoolExecutor(1) as thread:
        loading = thread.submit(refused, runtime, wasm, limits)
        while not loading.done():
            began = time.monotonic()
            healthy()
            longest = max(longest, time.monotonic() - began)
            peak = max(peak, resident())
            time.sleep(0.002)
    assert peak - before < GROWTH
    assert longest < 2
    return loading.result()


@pytest.mark.parametrize("name", DECLARED)
def test_case_08_09_10_a_bomb_that_shows_what_it_is_starts_no_child(runtime, children, healthy, name):
    began = time.monotonic()
    error = ends_well(runtime, DECLARED[name], healthy)
    assert (type(error), error.code) == (wardian.PackageError, "too_complex")
    assert time.monotonic() - began < 2
    assert children == []


@pytest.mark.parametrize("name", UNSUSPECTED)
def test_case_08_10_a_bomb_that_looks_like_a_plugin_ends_within_its_limits(runtime, children, healthy, name):
    began = time.monotonic()
    error = ends_well(runtime, UNSUSPECTED[name], healthy)
    assert error.limit in ("compile_memory", "compile_time")
    assert time.monotonic() - began < 15
    assert [child.poll() is not None for child in children] == [True]


@pytest.mark.parametrize("name", ["case_08_parameters", "case_09_more_parameters", "case_10_functions"])
def test_case_08_09_10_the_childs_limits_are_the_real_bound(runtime, children, healthy, monkeypatch, name):
    monkeypatch.setattr(compiling.prescan, "check", lambda wasm: None)
    error = ends_well(runtime, DECLARED[name], healthy)
    assert error.limit in ("compile_memory", "compile_time")
    assert len(children) == 1


def test_case_09_a_compiler_that_aborts_is_a_typed_error(runtime, children, healthy):
    error = ends_well(runtime, nested_loops(5_000, 1_000), healthy)
    assert (children[0].returncode, error.limit) == (-signal.SIGABRT, "compile_memory")


def test_case_11_a_bomb_that_comes_a_hundred_times_is_compiled_once(runtime, children, healthy):
    wasm = nested_loops(5_000, 1_000)
    first = refused(runtime, wasm)
    began = time.monotonic()
    again = [refused(runtime, wasm) for _ in range(99)]
    assert time.monotonic() - began < 2
    assert len(children) == 1
    assert {(type(each), each.limit, each.message) for each in again} == {(type(first), first.limit, first.message)}
    healthy()


def test_case_12_of_ten_bombs_at_once_two_compile_some_wait_and_the_rest_are_told_to_come_again(
    runtime, children, healthy, monkeypatch
):
    monkeypatch.setattr(compiling, "_WAITING", 4)
    limits = wardian.Limits(compile_time="1s")
    together = threading.Barrier(10)
    most = 0

    def bomb(number):
        wasm = nested_loops(20_000, 2_000 - number)
        together.wait()
        return refused(runtime, wasm, limits)

    with ThreadPoolExecutor(10) as threads:
        calls = [threads.submit(bomb, number) for number in range(10)]
        while not all(call.done() for call in calls):
            most = max(most, sum(child.returncode is None for child in tuple(children)))
            healthy()
            time.sleep(0.01)
    codes = [call.result().code for call in calls]
    assert most == 2
    assert sorted(codes) == ["busy"] * 4 + ["limit_exceeded"] * 6
    assert len(children) == 6


def test_case_12_a_plugin_in_the_cache_does_not_wait_behind_bombs(runtime, guest, healthy):
    wasm = wasm_of(guest("echoes").read_text())
    runtime.load(wasm, name="first")
    limits = wardian.Limits(compile_time="2s")
    with ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(refused, runtime, nested_loops(20_000, 1_000 + n), limits) for n in range(4)]
        while runtime._shared.compiler._queue._waiting < 2:
            time.sleep(0.01)
        assert runtime.load(wasm, name="second").call("echo", 1) == 1
        assert not any(call.done() for call in calls)
        assert [call.result().limit for call in calls] == ["compile_time"] * 4
    healthy()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGTERM])
def test_case_13_a_compiler_that_is_killed_leaves_no_part_in_the_cache(tmp_path, monkeypatch, healthy, number):
    class Killed(subprocess.Popen):
        def communicate(self, given, **more):
            self.stdin.write(given[: len(given) // 2])
            self.stdin.flush()
            self.send_signal(number)
            self.wait()
            return super().communicate(b"", **more)

    cache = tmp_path / "cache"
    wasm = wasm_of("(module)")
    with wardian.Runtime(cache=cache) as runtime:
        with monkeypatch.context() as patch:
            patch.setattr(subprocess, "Popen", Killed)
            error = refused(runtime, wasm)
        # The engine aborts when it has no memory left, and nothing else does.
        code = "limit_exceeded" if number == signal.SIGABRT else "compile_crash"
        assert error.code == code
        assert [path for path in cache.rglob("*") if path.is_file()] == []
        if number in (signal.SIGKILL, signal.SIGTERM):
            runtime.compile(wasm)  # who killed it says nothing of the module
    healthy()
