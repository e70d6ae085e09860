"""What could end or hang the whole process, past any `try`: each is done to a process of its own, which has to live.

The numbers are those of the catalogue's process-killers.
"""

from __future__ import annotations

import pytest

import wardian
from support.programs import run
from wardian import ConfigError, Limits

BEGIN = """
import sys, threading
import wardian
from support.wat import wasm_of

CACHE, GUESTS = sys.argv[1], sys.argv[2]

def text_of(name):
    return open(f"{GUESTS}/{name}.wat").read()

def on_thread(kib, work):
    '''What the work gives on a thread of so much stack; raises what it raises.'''
    found, raised = [], []
    def target():
        try:
            found.append(work())
        except BaseException as error:
            raised.append(error)
    threading.stack_size(kib * 1024)
    thread = threading.Thread(target=target)
    thread.start()
    threading.stack_size(0)
    thread.join()
    if raised:
        raise raised[0]
    return found[0]

with wardian.Runtime(cache=CACHE) as runtime:
    healthy = runtime.load(wasm_of(text_of("echoes")), name="healthy", limits=wardian.Limits(deadline=30))
"""
END = """
    assert healthy.call("echo", "still here") == "still here"
print("lives")
"""


@pytest.fixture
def lives(cache, guest, healthy):
    """Runs the lines in a process that has a runtime, whose healthy plugin must answer at the end."""
    folder = guest("echoes").parent

    def check(lines, seconds=60):
        indented = "".join(f"    {line}\n" if line else "\n" for line in lines.strip("\n").split("\n"))
        assert run(BEGIN + indented + END, cache, folder, seconds=seconds) == "lives\n"
        healthy()

    return check


def test_killer_01_every_call_of_wasi_is_answered_in_a_guest_that_was_granted_nothing(lives):
    lives("""
from wardian.sandbox import wasi
functions = sorted(wasi.functions().values(), key=lambda each: each.name)
assert len(functions) > 40
imports, entries = "", ""
for each in functions:
    results = f"(result {' '.join(each.results)})" if each.results else ""
    imports += f'(import "{each.module}" "{each.name}" (func ${each.name} (param {" ".join(each.params)}) {results}))'
    for suffix, value in (("", 0), ("_high", -1), ("_end", 65_535)):
        given = " ".join(f"({kind}.const {value})" for kind in each.params)
        call = f"(call ${each.name} {given})"
        entries += (
            f'(func (export "{each.name}{suffix}") (param i32 i32) (result i64)'
            f' {f"(drop {call})" if results else call} (i64.const 0))'
        )
text = f'''(module {imports} (memory (export "memory") 1) (func (export "wardian_abi_v1"))
    (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024)) {entries})'''
plugin = runtime.load(wasm_of(text), name="asks")
for entry in plugin.entries:
    try:
        assert plugin.call(entry) is None
    except wardian.WardianError:
        pass
""")


def test_killer_02_threads_that_share_a_plugin_are_never_in_one_store(lives):
    lives("""
from concurrent.futures import ThreadPoolExecutor
sys.setswitchinterval(1e-6)
for instances in (1, 3):
    limits = wardian.Limits(deadline=30, start_deadline=30)
    plugin = runtime.load(wasm_of(text_of("echoes")), name="shared", instances=instances, limits=limits)
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda number: plugin.call("echo", number), range(2_000))) == list(range(2_000))
""")


def test_killer_03_closing_a_plugin_whose_guest_runs_ends_the_guest_first(lives):
    lives("""
for number in range(20):
    plugin = runtime.load(wasm_of(text_of("spins")), name=f"spins{number}", limits=wardian.Limits(deadline=30))
    ended = []
    def spin():
        try:
            plugin.call("spin")
        except wardian.WardianError as error:
            ended.append(error.code)
    threads = [threading.Thread(target=spin) for _ in range(3)]
    for thread in threads:
        thread.start()
    plugin.close()
    for thread in threads:
        thread.join()
    assert set(ended) <= {"cancelled", "closed"} and len(ended) == 3, ended
""")


@pytest.mark.parametrize("stack", ["64KiB", "512KiB", "2MiB"])
def test_killer_04_recursion_on_a_small_thread_is_a_spent_stack_or_refused(lives, stack):
    lives(f"""
limits = wardian.Limits(stack="{stack}", deadline=30)
plugin = runtime.load(wasm_of(text_of("recurses")), name="recurses", limits=limits)
for kib in (64, 128, 256, 320, 512, 768, 1024, 2304, 8192):
    for _ in range(3):
        try:
            on_thread(kib, lambda: plugin.call("run"))
            raise AssertionError(kib)
        except wardian.LimitExceeded as error:
            assert error.limit == "stack", (kib, error)
            assert kib < 8192 or type(error) is wardian.StackExhausted
""")


@pytest.mark.parametrize("stack", [2 * 2**20 + 1, "4MiB", "1GiB", 2**62])
def test_killer_05_a_stack_that_the_engine_would_abort_for_is_refused(healthy, stack):
    with pytest.raises(ConfigError, match="stack"):
        Limits(stack=stack)
    healthy()


def test_killer_06_a_guests_fault_is_a_trap_whenever_faulthandler_is_enabled(lives):
    lives("""
import faulthandler
faults = {
    "memory_out_of_bounds": "(drop (i32.load (i32.const -1)))",
    "integer_division_by_zero": "(drop (i32.div_u (i32.const 1) (local.get 2)))",
    "unreachable": "unreachable",
    "stack_exhausted": "(drop (call $run (i32.const 0) (i32.const 0)))",
    "indirect_call_to_null": "(call_indirect (i32.const 0))",
}
def load(code):
    text = f'''(module (memory (export "memory") 1) (table 1 funcref) (func (export "wardian_abi_v1"))
        (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
        (func $run (export "run") (param i32 i32) (result i64) (local i32) {faults[code]} (i64.const 0)))'''
    return runtime.load(wasm_of(text), name=code)
plugins = {code: load(code) for code in faults}
def fail():
    for code, plugin in plugins.items():
        try:
            plugin.call("run")
            raise AssertionError(code)
        except wardian.WardianError as error:
            assert error.code == code, error.code
fail()
faulthandler.enable()
fail()
on_thread(8192, fail)
with wardian.Runtime(cache=CACHE) as second:
    assert second.load(wasm_of(text_of("echoes"))).call("echo", 1) == 1
fail()
faulthandler.disable()
fail()
""")


def test_killer_07_what_ends_a_program_passes_through_a_guests_output(lives):
    lives("""
text = '''(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (func (export "wardian_abi_v1"))
    (data (i32.const 0) "\\\\10\\\\00\\\\00\\\\00\\\\03\\\\00\\\\00\\\\00") (data (i32.const 16) "hi\\\\n")
    (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
    (func (export "run") (param i32 i32) (result i64)
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (i64.const 0)))'''
for kind in (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, RecursionError, ValueError):
    def refuse(line):
        raise kind
    with wardian.Runtime(cache=CACHE, on_log=refuse) as second:
        plugin = second.load(wasm_of(text), name="writes")
        for _ in range(10):
            try:
                plugin.call("run")
            except (kind, wardian.WardianError) as error:
                # What would end the program does so; anything else is one failed call at most.
                assert issubclass(kind, Exception) or type(error) is kind, error
            else:
                assert issubclass(kind, Exception), kind
""")


def test_killer_08_a_compiler_that_aborts_takes_only_its_own_process(lives):
    lives("""
from support.bombs import many_values, nested_loops
limits = wardian.Limits(compile_memory="256MiB", compile_time="20s")
for wasm in (many_values(20_000), nested_loops(5_000, 1_000), many_values(20_000, 1_000)):
    try:
        runtime.load(wasm, limits=limits, name="bomb")
        raise AssertionError("it compiled")
    except wardian.LimitExceeded as error:
        assert error.limit == "compile_memory"
    except wardian.PackageError as error:
        assert error.code == "too_complex"
""")


@pytest.mark.parametrize("kib", [256, 400, 512, 1024, 8192])
def test_killer_09_a_value_of_any_depth_is_encoded_or_refused_on_any_thread(lives, kib):
    lives(f"""
def nested(depth, wrap):
    value = None
    for _ in range(depth):
        value = wrap(value)
    return value

deep = None
limits = wardian.Limits(stack="64KiB", deadline=30)
text = text_of("takes")
answers = {{"one": lambda _: deep, "two": lambda _: None}}
plugin = runtime.load(wasm_of(text), name="takes", functions=answers, limits=limits)
echoes = runtime.load(wasm_of(text_of("echoes")), name="shallow", limits=limits)

kept = []  # freed on the main thread: to free what is so deep takes Python itself more than a small stack has
def give(depth, wrap):
    global deep
    deep = nested(depth, wrap)
    kept.append(deep)
    for work in (
        lambda: echoes.call("echo", deep),
        lambda: plugin.call("leave"),
        lambda: runtime.load(wasm_of(text_of("opens")), name="opens", config={{"deep": deep}}, limits=limits).close(),
        lambda: echoes.call_bytes("echo", b"\\x81" * depth + b"\\x00"),
        lambda: echoes.call("echo", None),
    ):
        try:
            work()
        except (wardian.WardianError, TypeError, ValueError):
            pass

for depth in (60, 64, 65, 400, 1_000, 10_000, 100_000):
    for wrap in (lambda value: [value], lambda value: {{"a": value}}, lambda value: (value,)):
        on_thread({kib}, lambda: give(depth, wrap))
""")


@pytest.mark.parametrize("kib", [256, 512, 8192])
def test_killer_10_a_configuration_of_any_depth_is_refused_on_any_thread(lives, tmp_path, kib):
    deep = {
        "flow.yaml": "a: " + "[" * 50_000,
        "closed.yaml": "a: " + "[" * 50_000 + "]" * 50_000,
        "map.yaml": "a: " + "{a: " * 50_000 + "1" + "}" * 50_000,
        "block.yaml": "\n".join(" " * level + "a:" for level in range(1_000)),
        "dashes.yaml": "a:\n" + "- " * 50_000 + "1",
        "list.json": '{"a": ' + "[" * 50_000 + "]" * 50_000 + "}",
        "map.json": '{"a":' * 50_000 + "1" + "}" * 50_000,
    }
    for name, text in deep.items():
        (tmp_path / name).write_text(text)
    lives(f"""
from pathlib import Path
from wardian.cli import config_file
for name in {sorted(deep)}:
    try:
        on_thread({kib}, lambda: config_file.read(Path("{tmp_path}") / name))
        raise AssertionError(name)
    except wardian.ConfigError as error:
        assert len(str(error)) < 2_000
""")


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
def test_killer_11_a_forked_process_compiles_with_a_runtime_of_its_own_and_never_hangs(lives, tmp_path, method):
    if method == "fork":
        lives("""
import os, signal, warnings
warnings.simplefilter("ignore", DeprecationWarning)  # Python's own, of forks beside threads
runtime.compile(wasm_of("(module (func))"))
for _ in range(5):
    child = os.fork()
    if child == 0:
        signal.alarm(30)  # ends a child that hangs
        code = 1
        try:
            try:
                healthy.call("echo", 1)
            except wardian.WardianError as error:
                code = 2 if "fork" in str(error) else 3
            with wardian.Runtime(cache=None) as own:
                plugin = own.load(wasm_of(text_of("echoes")), name="own")
                code = 0 if code == 2 and plugin.call("echo", 1) == 1 else code
        finally:
            os._exit(code)
    assert os.waitpid(child, 0)[1] == 0
""")
        return
    (tmp_path / "work.py").write_text("""
import wardian
from support.wat import wasm_of

def answer(path, number):
    with wardian.Runtime(cache=None) as runtime:
        return runtime.load(wasm_of(open(path).read()), name="own").call("echo", number)
""")
    lives(f"""
import multiprocessing
sys.path.insert(0, "{tmp_path}")
import work
with multiprocessing.get_context("{method}").Pool(2) as pool:
    pending = pool.starmap_async(work.answer, [(f"{{GUESTS}}/echoes.wat", number) for number in range(4)])
    assert pending.get(timeout=60) == list(range(4))
""")


def test_killer_12_instances_end_at_their_number_and_not_with_the_process(healthy):
    """Each has a memory, of which the kernel maps more parts than of anything else in it."""
    program = """
from support.sandboxed import sandbox
from wardian import LimitExceeded
from wardian.sandbox.instance import MOST_INSTANCES

with sandbox('(module (memory (export "memory") 1) (func (export "run") (result i64) (i64.const 7)))') as box:
    for _ in range(MOST_INSTANCES):
        last = box.start()
    for _ in range(3):
        try:
            box.start()
            raise AssertionError("one more")
        except LimitExceeded as error:
            assert (error.limit, error.value) == ("instances", MOST_INSTANCES)
    assert last.run(last.begin(10**10), last.function("run")) == 7
    box.instances.pop(0).close()
    box.start()
print("lives")
"""
    assert run(program, seconds=90) == "lives\n"
    assert wardian.Limits.instances <= 15_000
    healthy()
