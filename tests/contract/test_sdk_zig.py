"""The Zig SDK: its own tests, what its page and its templates promise, and what the compiler says to an author."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys

import pytest

import wardian
from support.built import built
from support.c_guests import block
from support.probes import SDK
from support.raw_guest import GuestFailed, GuestOutOfMemory, RawGuest
from wardian.errors import BuildError
from wardian.package.manifest import KINDS
from wardian.toolchain.build import build
from wardian.toolchain.project import find

ZIG = SDK / "zig"
EXAMPLES = SDK.parent / "guest_examples"
MANIFEST = "name: acme/tiny\nversion: 0.1.0\nsymbols: [{kind: extension, name: tiny}]\nbuild: {language: zig%s}\n"


def own_tests(source, cache):
    """Runs what a source tests natively; what was printed."""
    command = [
        sys.executable, "-m", "ziglang", "test", "--dep", "wardian", f"-Mroot={source}",
        f"-Mwardian={ZIG / 'src' / 'wardian.zig'}", "--cache-dir", str(cache),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=SDK, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.fixture
def tiny(tmp_path):
    """Builds a source as an extension."""

    def made(source, more=""):
        (tmp_path / "plugin.yaml").write_text(MANIFEST % more)
        (tmp_path / "tiny.zig").write_text(f'const wardian = @import("wardian");\n{source}')
        return build(find(tmp_path)).module

    return made


def test_its_own_tests_pass_natively(tmp_path):
    said = own_tests(ZIG / "tests" / "all.zig", tmp_path)
    assert "All 20 tests passed" in said


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_plugin_to_begin_with_passes_its_cases_and_its_own_tests(kind, tmp_path):
    folder = tmp_path / kind
    shutil.copytree(ZIG / "templates" / kind, folder)
    command = [sys.executable, "-m", "wardian", "test", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1/1" in own_tests(folder / "new_plugin.zig", tmp_path)


def test_the_plugin_of_its_page_is_built_answers_and_tests_itself(tmp_path):
    (tmp_path / "counter.zig").write_text(block(ZIG / "README.md", "zig"))
    assert "1/1" in own_tests(tmp_path / "counter.zig", tmp_path / "cache")
    words = shlex.split(block(ZIG / "README.md", "sh", 1).replace("$SDK", str(ZIG / "src")))
    subprocess.run([sys.executable, *words[1:]], cwd=tmp_path, check=True)
    guest = RawGuest(tmp_path / "counter.wasm")
    guest.call("plugin_open", {"config": {"step": 2}})
    assert [guest.call("count", "visits") for _ in range(2)] == [2, 4]
    with pytest.raises(GuestFailed, match=r"\[config\] `config.step` must be an integer"):
        guest.call("plugin_open", {"config": {"step": "two"}})


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("wardian.sink(@This());", "this sink has no `pub fn write`"),
        (
            "wardian.sink(struct { pub fn write(_: u8) void {} pub fn flsh() void {} });",
            "no `flsh` of a sink, but `write`",
        ),
        ("wardian.entries(.{ .a = struct { fn a(x: *u8) u8 { return x.*; } }.a });", "`*u8` cannot be read"),
        ("wardian.entries(.{ .a = struct { fn a() anyopaque {} }.a });", "anyopaque"),
        ("wardian.entries(.{ .a = struct { fn a(_: anytype) void {} }.a });", "parameters of known types"),
        ("wardian.entries(.{ .a = struct { fn a(_: u8, _: u8) void {} }.a });", "put the values into a struct"),
        ("wardian.entries(.{ .a = 5 });", "an entry point must be a function"),
    ],
)  # fmt: skip
def test_the_compiler_says_what_is_wrong_in_words_of_the_sdk(tiny, source, said):
    with pytest.raises(BuildError) as caught:
        tiny(f"comptime {{ {source} }}\n")
    assert said in "\n".join(caught.value.problems)


FIRST = """
comptime { wardian.methods(.{ .letter = letter, .give_up = giveUp }); }
fn letter(at: usize) u8 { return "abc"[at]; }
fn giveUp() !void { return error.NoMore; }
"""


def test_a_module_made_safe_says_what_went_wrong_before_it_traps(tiny):
    lines = []
    with wardian.Runtime(cache=None, on_log=lines.append) as runtime:
        plugin = runtime.load(tiny(FIRST, ", optimize: ReleaseSafe"))
        assert plugin.call("extension_call", {"method": "letter", "argument": 2}) == ord("c")
        with pytest.raises(wardian.Trap):
            plugin.call("extension_call", {"method": "letter", "argument": 7})
    assert [(line.level, line.message) for line in lines] == [("error", "index out of bounds: index 7, len 3")]


def test_an_error_of_ones_own_is_internal_and_has_its_name(tiny):
    guest = RawGuest(tiny(FIRST))
    with pytest.raises(GuestFailed, match=r"\[internal\] NoMore"):
        guest.call("extension_call", {"method": "give_up", "argument": None})


def test_memory_is_flat_over_many_calls_and_too_little_of_it_fails_a_call_alone(probe_wasm):
    guest = RawGuest(probe_wasm("zig"), functions={"probe": lambda item: item}, memory=1_000_000)
    request = {"list": list(range(50)), "text": "some text " * 10}
    guest.call("probe_echo", request)
    before = guest.memory_size
    for _ in range(20_000):
        guest.call("probe_echo", request)
    assert guest.memory_size == before
    for entry, asked in (("probe_large", 2_000_000), ("probe_many", 1_000_000), ("probe_echo", "x" * 500_000)):
        with pytest.raises(GuestFailed, match=r"\[exhausted\] out of memory"):
            guest.call(entry, asked)
    with pytest.raises(GuestOutOfMemory):
        guest.call("probe_echo", b"x" * 2_000_000)
    assert guest.call("probe_echo", "still here") == "still here"


def test_greet_imports_what_it_uses_and_says_what_the_other_languages_say(shared_folder):
    wasm = built(EXAMPLES / "greet" / "zig", shared_folder)
    guest = RawGuest(wasm, functions={"lookup_user": {"Ada": {"id": 7, "full_name": "Ada Lovelace"}}.get})
    assert {(one.module, one.name) for one in guest.module.imports} == {("wardian", "take"), ("app", "lookup_user")}
    asked = json.loads((EXAMPLES / "greet" / "input.json").read_text("utf-8"))
    guest.call("plugin_open", {"config": {"greeting": "Welcome"}})
    assert guest.call("greet", asked) == json.loads((EXAMPLES / "greet" / "expected.json").read_text("utf-8"))
    assert guest.call("extension_call", {"method": "greet", "argument": {"name": "Bob"}})["text"] == "Welcome, Bob!"
    for entry, request, said in (
        ("plugin_open", {"config": {"greeting": ""}}, "[config] `greeting` must be a text that is not empty"),
        ("greet", {"name": 1}, "[invalid] `name` must be a text"),
        ("extension_call", {"method": "sing"}, "[unimplemented] the only method is `greet`"),
    ):
        with pytest.raises(GuestFailed, match=re.escape(said)):
            guest.call(entry, request)
    assert wasm.stat().st_size < 24_000
    assert guest.memory_size == 2 * 65536


def test_count_words_answers_as_expected_and_keeps_totals(shared_folder):
    folder = EXAMPLES / "count_words"
    guest = RawGuest(built(folder / "zig", shared_folder))
    lines = (folder / "input.jsonl").read_text("utf-8").splitlines()
    replies = "".join(json.dumps(guest.call("count", json.loads(line))) + "\n" for line in lines)
    assert replies == (folder / "expected.jsonl").read_text("utf-8")
    assert guest.logs[0] == [2, "counted 10 words in 2 lines"]
    assert guest.metrics[0] == ["words_counted", "counter", 10.0, None]
    assert guest.call("totals") == {"words": 13, "lines": 3, "bytes": 64, "calls": 3}
    assert guest.call("extension_call", {"method": "reset", "argument": None}) is None
    guest.call("plugin_open", {"config": {"min_length": 3}})
    assert guest.call("count", "äöü ab abc\u00a0d")["words"] == 2
    for wrong in (0, -1, "3", 1.5):
        with pytest.raises(GuestFailed, match=r"\[config\]"):
            guest.call("plugin_open", {"config": {"min_length": wrong}})
    with pytest.raises(GuestFailed, match="must be a text, or a map with a text under `text`"):
        guest.call("count", 7)


@pytest.mark.parametrize("example", ["greet", "count_words"])
def test_an_example_tests_itself_natively(example, tmp_path):
    assert "passed" in own_tests(EXAMPLES / example / "zig" / f"{example}.zig", tmp_path)
