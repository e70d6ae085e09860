"""The Zig SDK: its own tests, what its page and its templates promise, and what the compiler says to an author."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys

import pytest

import wardian
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
    words = shlex.split(block(ZIG / "README.md", "sh", 1).replace("\\\n", "").replace("$SDK", str(ZIG / "src")))
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


@pytest.mark.parametrize("example", ["greet", "count_words"])
def test_an_example_tests_itself_natively(example, tmp_path):
    assert "passed" in own_tests(EXAMPLES / example / "zig" / f"{example}.zig", tmp_path)
