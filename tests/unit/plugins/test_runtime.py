import gc
import os
import threading
import time
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import wardian
from support.wat import wasm_of
from wardian.sandbox import instance
from wardian.state.memory import MemoryStore
from wardian.state.sqlite import SqliteStore


def echoes(guest):
    return wasm_of(guest("echoes").read_text())


def test_what_is_closed_loads_nothing_and_says_what_to_do(cache, guest):
    runtime = wardian.Runtime(cache=cache)
    assert not runtime.closed
    runtime.close()
    runtime.close()
    assert runtime.closed
    for ask in (runtime.load, runtime.compile):
        with pytest.raises(wardian.WardianError, match="this runtime is closed") as raised:
            ask(echoes(guest))
        assert (raised.value.code, raised.value.hint) == ("closed", "make a new `Runtime`")
    assert repr(runtime) == "<Runtime: this runtime is closed>"


def test_closing_ends_its_plugins_its_thread_and_frees_their_instances(cache, guest):
    before = -len(instance._places)
    runtime = wardian.Runtime(cache=cache)
    plugins = [runtime.load(echoes(guest)) for _ in range(3)]
    assert -len(instance._places) == before + 3
    ticker = runtime._shared.ticker._thread
    runtime.close()
    assert -len(instance._places) == before
    assert not ticker.is_alive()
    for plugin in plugins:
        with pytest.raises(wardian.Cancelled):
            plugin.call("echo", 1)


def collected(is_gone):
    """Collect until it is: nothing is collected while another thread does that, and has let go of the GIL in it."""
    until = time.monotonic() + 30
    while not is_gone() and time.monotonic() < until:
        gc.collect()
        time.sleep(0.001)
    assert is_gone()


def test_a_runtime_that_is_forgotten_warns_and_one_that_never_opened_does_not(cache, tmp_path):
    def forget():
        made = wardian.Runtime(cache=cache)
        ticker, watched = made._shared.ticker, weakref.ref(made)
        del made  # a collection may come at any moment from here on
        collected(lambda: watched() is None)
        return ticker

    with pytest.warns(ResourceWarning, match="was not closed"):
        forget().close()
    unsafe = tmp_path / "unsafe"
    unsafe.mkdir()
    unsafe.chmod(0o777)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(wardian.ConfigError) as raised:
            wardian.Runtime(cache=unsafe)
        assert (raised.value.where, raised.value.code) == (str(unsafe), "config")
        gc.collect()


def test_a_plugin_that_is_forgotten_does_not_keep_its_instance(runtime, guest):
    before = -len(instance._places)
    for _ in range(5):
        runtime.load(echoes(guest))
    collected(lambda: -len(instance._places) == before)


def test_the_default_cache_is_where_xdg_says(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    wardian.Runtime().close()
    assert (tmp_path / "xdg" / "wardian").is_dir()
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    wardian.Runtime().close()
    assert (tmp_path / "home" / ".cache" / "wardian").is_dir()


def test_without_a_cache_nothing_is_written(tmp_path, monkeypatch, guest):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with wardian.Runtime(cache=None) as runtime:
        runtime.load(echoes(guest))
    assert list(tmp_path.iterdir()) == []


def test_state_is_a_path_a_store_or_memory_and_only_its_own_is_closed(cache, tmp_path):
    with wardian.Runtime(cache=cache) as runtime:
        assert isinstance(runtime._store, MemoryStore)
    with wardian.Runtime(cache=cache, state=str(tmp_path / "state.db")) as runtime:
        assert isinstance(runtime._store, SqliteStore)
    assert (tmp_path / "state.db").exists()
    with MemoryStore() as mine:
        with wardian.Runtime(cache=cache, state=mine) as runtime:
            assert runtime._store is mine
        assert mine.scopes() == []  # it can still be asked


def test_a_state_file_that_cannot_be_used_is_an_error_and_no_thread_is_left(cache, tmp_path):
    before = threading.active_count()
    with pytest.raises(wardian.StateError):
        wardian.Runtime(cache=cache, state=tmp_path)
    assert threading.active_count() == before


def test_many_threads_load_and_call_on_one_runtime(runtime, guest):
    def work(number):
        with runtime.load(echoes(guest), name=f"plugin {number}") as plugin:
            return [plugin.call("echo", [number, turn]) for turn in range(20)]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(work, range(16)))
    assert answers == [[[number, turn] for turn in range(20)] for number in range(16)]


def test_three_hundred_plugins_opened_and_closed_leave_nothing(runtime, guest):
    def held():
        gc.collect()
        return len(Path("/proc/self/maps").read_text().splitlines()), len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    wasm = echoes(guest)
    for _ in range(30):
        runtime.load(wasm).close()
    (maps, files), threads = held(), threading.active_count()
    for _ in range(300):
        runtime.load(wasm).close()
    after_maps, after_files = held()
    assert after_files == files
    assert after_maps <= maps + 30
    assert threading.active_count() <= threads


def test_a_failed_load_leaves_no_instance(runtime, guest):
    before = -len(instance._places)
    for name, error in {
        "spins_in_open": wardian.DeadlineExceeded,
        "spins_in_start": wardian.DeadlineExceeded,
        "needs_memory": wardian.MemoryExceeded,
        "takes": wardian.PermissionDenied,
    }.items():
        with pytest.raises(error):
            runtime.load(wasm_of(guest(name).read_text()), limits=wardian.Limits(start_deadline="20ms", memory="64KiB"))
    gc.collect()
    assert -len(instance._places) == before
