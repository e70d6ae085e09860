import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import wasmtime

from support.bombs import many_values
from support.wat import wasm_of
from wardian.errors import LimitExceeded, PackageError
from wardian.policy import Limits
from wardian.sandbox import compiler as compiling
from wardian.sandbox.artefacts import Artefacts
from wardian.sandbox.compiler import Compiler
from wardian.sandbox.engine import Engines, Settings

LIMITS = Limits()
WASM = wasm_of('(module (func (export "f") (result i32) i32.const 7))')


@pytest.fixture(scope="module")
def engine():
    return Engines().get(Settings(), LIMITS.stack)


@pytest.fixture
def started(monkeypatch):
    """The child processes that were started, in turn."""
    children = []

    class Watched(subprocess.Popen):
        def __init__(self, *arguments, **named):
            super().__init__(*arguments, **named)
            children.append(self)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    return children


def with_child(monkeypatch, tmp_path, program):
    """Let this program be the compiler's child."""
    script = tmp_path / "child.py"
    script.write_text(program)
    monkeypatch.setattr(compiling, "_CHILD", str(script))


def test_a_module_is_compiled_and_says_what_it_exports(engine):
    module = Compiler(None).compile(WASM, engine, LIMITS)
    assert [(each.name, each.kind, each.results) for each in module.exports.values()] == [("f", "func", ("i32",))]


def test_a_compiled_module_is_taken_from_the_cache(engine, tmp_path, started):
    for _ in range(3):
        Compiler(Artefacts(tmp_path / "cache", tmp_path / "key")).compile(WASM, engine, LIMITS)
    assert len(started) == 1


def test_an_artefact_that_was_changed_is_compiled_anew(engine, tmp_path, started):
    artefacts = Artefacts(tmp_path / "cache", tmp_path / "key")
    Compiler(artefacts).compile(WASM, engine, LIMITS)
    (path,) = artefacts.directory.iterdir()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    Compiler(artefacts).compile(WASM, engine, LIMITS)
    assert len(started) == 2


def test_metered_and_plain_forms_are_kept_apart(engine, tmp_path, started):
    compiler = Compiler(Artefacts(tmp_path / "cache", tmp_path / "key"))
    metered = Engines().get(Settings(metered=True), LIMITS.stack)
    for form in (engine, metered, engine, metered):
        compiler.compile(WASM, form, LIMITS)
    assert len(started) == 2


@pytest.mark.parametrize("cached", [True, False])
def test_many_threads_share_one_compile(engine, tmp_path, started, cached):
    compiler = Compiler(Artefacts(tmp_path / "cache", tmp_path / "key") if cached else None)
    wasm = wasm_of(f"(module {'(func nop)' * 50})")
    together = threading.Barrier(8)

    def compile_(_):
        together.wait()
        return compiler.compile(wasm, engine, LIMITS)

    with ThreadPoolExecutor(8) as threads:
        modules = list(threads.map(compile_, range(8)))
    assert len({module.digest for module in modules}) == 1
    assert len(started) == 1


def test_at_most_two_children_compile_at_once(started, monkeypatch, tmp_path):
    with_child(monkeypatch, tmp_path, "import sys, time; sys.stdin.buffer.read(); time.sleep(0.2)")
    compiler = Compiler(None)
    most = []
    with ThreadPoolExecutor(6) as threads:
        calls = [threads.submit(compiler.parse_text, b"%d" % number, LIMITS) for number in range(6)]
        while not all(call.done() for call in calls):
            most.append(sum(child.returncode is None for child in started))
            time.sleep(0.01)
    assert max(most) <= 2
    assert len(started) == 6


def test_what_failed_once_is_not_tried_again(engine, started):
    compiler = Compiler(None)
    for _ in range(100):
        with pytest.raises(PackageError):
            compiler.compile(WASM[:-1] + b"\x00", engine, LIMITS)
    assert len(started) == 1


def test_what_failed_for_its_budget_is_tried_again_with_another(engine, started):
    compiler, wasm = Compiler(None), many_values(20_000)
    for seconds in ("100ms", "100ms", "200ms"):
        with pytest.raises(LimitExceeded):
            compiler.compile(wasm, engine, Limits(compile_time=seconds))
    assert len(started) == 2


CRASHES = {
    "aborts": ("import os; os.abort()", LimitExceeded, "compile_memory"),
    "runs out of memory": ("sys.exit(12)", LimitExceeded, "compile_memory"),
    "raises what nobody expects": ("1 / 0", PackageError, "compile_crash"),
    "crashes": ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", PackageError, "compile_crash"),
    "spends its time": ("import os, signal; os.kill(os.getpid(), signal.SIGXCPU)", LimitExceeded, "compile_time"),
    "sleeps": ("import time; time.sleep(60)", LimitExceeded, "compile_time"),
    "exits in silence": ("import sys; sys.exit(3)", PackageError, "compile_crash"),
    "says success and crashes": (
        "import os, signal; sys.stdout.write('+x'); sys.stdout.flush(); os.kill(os.getpid(), signal.SIGSEGV)",
        PackageError,
        "compile_crash",
    ),
}


@pytest.mark.parametrize("name", CRASHES)
def test_whatever_becomes_of_the_child_is_a_typed_error_and_leaves_nothing(
    engine, monkeypatch, tmp_path, started, name
):
    program, kind, code = CRASHES[name]
    with_child(monkeypatch, tmp_path, f"import sys; sys.stdin.buffer.read(); {program}")
    artefacts = Artefacts(tmp_path / "cache", tmp_path / "key")
    with pytest.raises(kind) as caught:
        Compiler(artefacts).compile(WASM, engine, Limits(compile_time="500ms"))
    assert code in (caught.value.code, getattr(caught.value, "limit", ""))
    assert list(artefacts.directory.iterdir()) == []
    assert started[0].returncode is not None


def test_the_child_has_neither_environment_nor_open_files_of_ours(monkeypatch, tmp_path):
    with_child(
        monkeypatch,
        tmp_path,
        "import os, sys; sys.stdin.buffer.read(); "
        "found = [os.readlink(f'/proc/self/fd/{n}') for n in range(3, 64) if os.path.exists(f'/proc/self/fd/{n}')]; "
        "sys.stdout.buffer.write(b'+' + repr((dict(os.environ), found)).encode())",
    )
    monkeypatch.setenv("SECRET", "s3cret")
    with (tmp_path / "open").open("w"):
        told = Compiler(None).parse_text(b"", LIMITS).decode()
    assert "s3cret" not in told
    assert str(tmp_path / "open") not in told


TEXT = {
    "no module": b"(list)",
    "unbalanced": b"(module",
    "empty": b"\xff\xfe",
    "NUL": b"(module)\0",
    "unknown instruction": b"(module (func i32.bogus))",
}


@pytest.mark.parametrize("name", TEXT)
def test_text_that_is_no_module_is_refused_with_what_the_parser_says(name):
    with pytest.raises(PackageError) as caught:
        Compiler(None).parse_text(TEXT[name], LIMITS)
    assert caught.value.code == "invalid_module"
    assert "\n" not in caught.value.message


def test_text_is_parsed_to_the_same_wasm_as_anywhere():
    assert Compiler(None).parse_text(b'(module (func (export "f")))', LIMITS) == wasmtime.wat2wasm(
        '(module (func (export "f")))'
    )


FEATURES = {
    "shared memory": "(memory 1 1 shared)",
    "two memories": "(memory 1) (memory 1)",
    "64-bit memory": "(memory i64 1)",
    "64-bit table": "(table i64 1 funcref)",
    "garbage collection": "(type (struct (field i32)))",
    "exceptions": "(tag)",
    "typed function references": "(type $t (func)) (func (param (ref $t)))",
    "tail calls": "(func $f return_call $f)",
    "relaxed SIMD": "(func (param v128 v128) (result v128) local.get 0 local.get 1 i8x16.relaxed_swizzle)",
    "wide arithmetic": "(func (result i64 i64) i64.const 0 i64.const 0 i64.const 0 i64.const 0 i64.add128)",
    "custom page sizes": "(memory 1 (pagesize 1))",
}


@pytest.mark.parametrize("name", FEATURES)
def test_a_feature_that_is_off_is_named(engine, name):
    with pytest.raises(PackageError) as caught:
        Compiler(None).compile(wasm_of(f"(module {FEATURES[name]})"), engine, LIMITS)
    assert caught.value.code == "unsupported_feature"


def test_every_cut_of_a_module_is_refused_and_no_crash(engine):
    wasm = wasm_of('(module (memory 1) (table 1 funcref) (func (export "f") (result i32) i32.const 7))')
    compiler = Compiler(None)
    refused = 0
    for end in range(len(wasm)):
        try:
            compiler.compile(wasm[:end], engine, LIMITS)
        except PackageError as error:
            assert error.code in ("invalid_module", "abi_error")  # noqa: PT017 - a cut between sections may be a module
            refused += 1
    assert refused > len(wasm) - 8


def test_the_script_of_the_child_needs_nothing_but_its_path():
    done = subprocess.run([sys.executable, "-I", compiling._CHILD], input=b"", capture_output=True, check=False)
    assert done.returncode == 1
    assert b"JSONDecodeError" in done.stderr
