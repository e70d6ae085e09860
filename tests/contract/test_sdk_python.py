"""The Python SDK: its own tests, what its page and its templates promise, and that hostile Python ends as any guest."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time

import pytest
import yaml

import wardian
from support.built import built
from support.c_guests import block
from support.probes import SDK
from wardian import Cancelled, DeadlineExceeded, GuestError, Limits, StackExhausted, Trap
from wardian.package.manifest import KINDS
from wardian.plugins.inspection import inspect
from wardian.toolchain.build import build
from wardian.toolchain.project import find

PYTHON = SDK / "python"
EXAMPLES = SDK.parent / "guest_examples"
PATIENT = Limits(deadline=20, start_deadline=20, compile_time=300)

WILD = """
import sys, time, random, datetime
from wardian_sdk import cancelled, entry, log

@entry
def echo(item):
    return item

@entry
def spin(_):
    while True:
        pass

@entry
def swallow(_):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass

@entry
def grow(_):
    kept = []
    while True:
        kept.append(bytearray(100_000))

@entry
def recurse(n):
    return recurse(n + 1) + 1

@entry
def nest(depth):
    made = []
    for _ in range(depth):
        made = [made]
    return len(repr(made))

@entry
def leave(_):
    sys.exit(3)

@entry
def reads(path):
    return open(path).read()

@entry
def late(_):
    from wardian_sdk import state
    return state.get("x")

@entry
def shout(lines):
    for number in range(lines):
        print("line", number)
    print("no end", end="")

@entry
def times(_):
    before = time.time()
    time.sleep(0.02)
    return [before, time.time() - before, random.random(), datetime.datetime.now(datetime.UTC)]

@entry
def unsayable(_):
    return {1: 2}

@entry
def unshowable(_):
    class Bad(Exception):
        def __str__(self):
            raise ValueError("no")
    raise Bad
"""


@pytest.fixture(scope="session")
def wild_wasm(shared_folder):
    folder = shared_folder / "wild_python"
    if not folder.is_dir():
        made = shared_folder / f"wild_python.{os.getpid()}"
        made.mkdir()
        (made / "plugin.yaml").write_text(
            "name: acme/wild\nversion: 0.1.0\nsymbols: [{kind: extension, name: wild}]\nbuild: {language: python}\n"
        )
        (made / "wild.py").write_text(WILD + "\n@entry\ndef extension_call(_):\n    return None\n")
        build(find(made))
        if not folder.is_dir():
            made.rename(folder)
    return folder / "wild.wasm"


@pytest.fixture
def lines():
    return []


@pytest.fixture
def wild(wild_wasm, cache, lines):
    """Loads the wild plugin."""
    with wardian.Runtime(cache=cache, on_log=lines.append) as runtime:
        yield lambda **limits: runtime.load(
            wild_wasm, name="wild", limits=Limits(**{"deadline": 20, "start_deadline": 20, **limits})
        )


def test_its_own_tests_pass_natively():
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(PYTHON / "tests")]
    env = {**os.environ, "PYTHONPATH": str(PYTHON), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=PYTHON, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_plugin_to_begin_with_passes_its_cases_and_keeps_its_promises(kind, tmp_path):
    folder = tmp_path / kind
    shutil.copytree(PYTHON / "templates" / kind, folder)
    command = [sys.executable, "-m", "wardian", "test", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_plugin_of_its_page_is_built_answers_and_is_tested(tmp_path, runtime):
    (tmp_path / "plugin.yaml").write_text(block(PYTHON / "README.md", "yaml"))
    (tmp_path / "shout.py").write_text(block(PYTHON / "README.md", "python"))
    plugin = runtime.load(build(find(tmp_path)).module, limits=PATIENT)
    assert yaml.safe_load((tmp_path / "plugin.yaml").read_text())["name"] == "acme/shout"
    outcomes = plugin.call("processor_process", {"records": [{"data": "hey"}, {"data": 1}]})
    assert outcomes == [[{"data": "HEY!"}], {"kind": "invalid", "message": "`data` must be a text"}]
    (tmp_path / "test_shout.py").write_text(block(PYTHON / "README.md", "python", 1))
    env = {**os.environ, "PYTHONPATH": f"{PYTHON}:{tmp_path}", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_shout.py"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_greet_says_what_it_says_in_c(shared_folder, runtime):
    wasm = built(EXAMPLES / "greet" / "python", shared_folder)
    users = {"Ada": {"id": 7, "full_name": "Ada Lovelace"}}
    plugin = runtime.load(wasm, limits=PATIENT, functions={"lookup_user": users.get}, config={"greeting": "Welcome"})
    asked = json.loads((EXAMPLES / "greet" / "input.json").read_text("utf-8"))
    assert plugin.call("greet", asked) == json.loads((EXAMPLES / "greet" / "expected.json").read_text("utf-8"))
    assert plugin.call("extension_call", {"method": "greet", "argument": {"name": "Bob"}})["text"] == "Welcome, Bob!"
    for entry, request, said in (
        ("greet", {"name": 1}, "`name` must be a text"),
        ("extension_call", {"method": "sing", "argument": None}, "the only method is `greet`"),
    ):
        with pytest.raises(GuestError, match=said):
            plugin.call(entry, request)


def test_count_words_answers_as_expected_and_keeps_totals(shared_folder, runtime, lines):
    folder = EXAMPLES / "count_words"
    wasm = built(folder / "python", shared_folder)
    plugin = runtime.load(wasm, limits=PATIENT, grants=wardian.Grants(state=True))
    asked = [json.loads(line) for line in (folder / "input.jsonl").read_text("utf-8").splitlines()]
    replies = "".join(json.dumps(plugin.call("count", each)) + "\n" for each in asked)
    assert replies == (folder / "expected.jsonl").read_text("utf-8")
    assert plugin.call("totals") == {"words": 13, "lines": 3, "bytes": 64, "calls": 3}
    assert plugin.call("extension_call", {"method": "reset", "argument": None}) is None
    assert plugin.call("totals")["calls"] == 0


# ---- Hostile Python ----


@pytest.mark.parametrize("entry", ["spin", "swallow"])
def test_a_loop_ends_at_its_deadline_whatever_it_catches(wild, entry):
    plugin = wild(deadline=0.3)
    with pytest.raises(DeadlineExceeded):
        plugin.call(entry)
    assert plugin.call("echo", "on") == "on"


def test_a_loop_ends_when_it_is_cancelled(wild):
    plugin, caught = wild(), []

    def call():
        with pytest.raises(Cancelled) as error:
            plugin.call("swallow")
        caught.append(error.value)

    thread = threading.Thread(target=call)
    thread.start()
    while not plugin.cancel():
        time.sleep(0.001)
    thread.join(30)
    assert len(caught) == 1


def test_a_metered_loop_ends_when_its_fuel_is_spent(wild):
    with pytest.raises(wardian.FuelExhausted):
        wild(fuel=50_000_000).call("spin")


def test_what_grows_without_end_is_out_of_memory_and_the_next_call_is_not(wild):
    plugin = wild(memory="24MiB")
    with pytest.raises(GuestError, match="out of memory") as caught:
        plugin.call("grow")
    assert caught.value.kind == "exhausted"
    assert plugin.call("echo", "on") == "on"


def test_recursion_without_end_is_an_error_of_python_or_of_the_limit(wild):
    plugin = wild()
    with pytest.raises(GuestError, match="RecursionError"):
        plugin.call("recurse", 0)
    with pytest.raises((GuestError, StackExhausted, Trap)):
        plugin.call("nest", 1_000_000)
    assert plugin.call("nest", 50) == 102


def test_what_a_plugin_cannot_do_is_an_error_with_a_reason(wild):
    plugin = wild()
    for entry, request, said in (
        ("leave", None, r"called exit\(3\)"),
        ("reads", "/etc/passwd", "FileNotFoundError"),
        ("late", None, "at the top of the plugin's module"),
        ("unsayable", None, "expected a text or bytes as key of a map, got int"),
        ("unshowable", None, "Bad"),
    ):
        with pytest.raises(GuestError, match=said) as caught:
            plugin.call(entry, request)
        assert caught.value.kind == "internal"


def test_what_is_printed_is_logged_line_by_line_within_the_limits(wild, lines):
    wild(log_lines=3).call("shout", 2)
    assert [(line.level, line.message) for line in lines] == [
        ("info", "line 0"),
        ("info", "line 1"),
        ("info", "no end"),
    ]
    lines.clear()
    wild(log_lines=3).call("shout", 1_000)
    assert len([line for line in lines if line.message.startswith("line")]) == 3


def test_time_stands_still_but_for_its_own_waits_and_random_numbers_can_be_had(wild):
    before, passed, number, now = wild().call("times")
    assert (before, now.year) == (0.0, 1970)
    assert 0.019 < passed < 0.021
    assert 0 <= number < 1


def test_threads_have_instances_of_their_own_at_once(wild):
    plugin, failed = wild(), []

    def call(number):
        failed.extend(turn for turn in range(200) if plugin.call("echo", [number, turn]) != [number, turn])

    threads = [threading.Thread(target=call, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_it_imports_only_what_it_uses(wild_wasm, cache):
    with wardian.Runtime(cache=cache) as runtime:
        found = inspect(runtime, wild_wasm)
    needed = {need.capability for need in found.imports if need.access in ("granted", "function")}
    assert needed == set()
