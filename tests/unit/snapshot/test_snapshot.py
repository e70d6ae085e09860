"""A snapshot: what is carried, what is taken out, what is refused and why."""

import pytest

from support.snapshots import answers, exports, of_text
from support.wat import wasm_of
from wardian.errors import AbiViolation, DeadlineExceeded, GuestError, MemoryExceeded, PackageError
from wardian.policy import Limits
from wardian.snapshot.snapshot import snapshot

EVERYTHING = """(module
  (import "wardian" "log" (func $log (param i32 i32) (result i64)))
  (memory (export "memory") 1 9)
  (data (i32.const 16) "kept") (data (i32.const 20) "gone")
  (global $i (mut i32) (i32.const 1)) (global $l (mut i64) (i64.const 1))
  (global $f (mut f32) (f32.const 1)) (global $d (mut f64) (f64.const 1))
  (global $v (mut v128) (v128.const i64x2 1 1)) (global $same i32 (i32.const 6))
  (global $r (mut funcref) (ref.null func))
  (table 4 funcref) (elem (i32.const 1) $one) (func $one (result i32) (i32.const 1))
  (func $early (i32.store (i32.const 400) (i32.const 400)))
  (start $early)
  (func (export "_initialize") (global.set $i (i32.const -7)) (global.set $l (i64.const 0x8000000000000000))
    (global.set $f (f32.const nan:0x200001)) (global.set $d (f64.const -0)))
  (func (export "wardian_snapshot") (global.set $v (i32x4.splat (i32.const -3)))
    (i32.store (i32.const 20) (i32.const 0))
    (drop (memory.grow (i32.const 2))) (i64.store (i32.const 190000) (i64.const -1)))
  (func (export "i") (result i32) (global.get $i)) (func (export "l") (result i64) (global.get $l))
  (func (export "f") (result i32) (i32.reinterpret_f32 (global.get $f)))
  (func (export "d") (result i64) (i64.reinterpret_f64 (global.get $d)))
  (func (export "v") (result i64) (i64x2.extract_lane 1 (global.get $v)))
  (func (export "same") (result i32) (global.get $same))
  (func (export "one") (result i32) (call_indirect (result i32) (i32.const 1)))
  (func (export "pages") (result i32) (memory.size)) (func (export "grow") (result i32) (memory.grow (i32.const 1))))"""
CALLS = [(name,) for name in ("i", "l", "f", "d", "v", "same", "one", "pages", "grow", "pages")]


def module(code="", more="", memory='(memory (export "memory") 1)', result="", parameters=""):
    return f'(module {more} {memory} (func (export "init") {parameters} {result} {code}))'


def test_memory_and_globals_of_each_type_are_carried():
    made = of_text(EVERYTHING)
    assert answers(made, CALLS) == answers(wasm_of(EVERYTHING), CALLS, ["_initialize", "wardian_snapshot"])


def test_what_was_run_is_taken_out_and_nothing_is_added():
    assert exports(of_text(EVERYTHING)) == [
        each for each in exports(wasm_of(EVERYTHING)) if each not in ("_initialize", "wardian_snapshot")
    ]


def test_what_is_to_be_kept_stays():
    assert "_initialize" in exports(of_text(EVERYTHING, keep=["_initialize"]))
    with pytest.raises(PackageError, match="exports no `nobody` to keep"):
        of_text(EVERYTHING, keep=["nobody"])


def test_equal_modules_give_equal_snapshots():
    assert of_text(EVERYTHING) == of_text(EVERYTHING)


def test_a_snapshot_can_be_taken_again():
    text = module("(i32.store (i32.const 8) (i32.add (i32.load (i32.const 8)) (i32.const 1)))")
    once = of_text(text, entry="init", keep=["init"])
    twice = snapshot(once, entry="init", keep=["init"])
    assert answers(twice, [])[1] == answers(wasm_of(text), [], ["init", "init"])[1]


def test_passive_segments_keep_their_places():
    text = """(module (memory (export "memory") 1) (data (i32.const 0) "active")
      (data $late "late!") (data (i32.const 9) "x")
      (func (export "init") (i32.store (i32.const 100) (i32.const 1)))
      (func (export "use") (memory.init $late (i32.const 50) (i32.const 0) (i32.const 5)))
      (func (export "drop") (data.drop $late)))"""
    calls = [("use",), ("drop",), ("use",)]
    assert answers(of_text(text, entry="init"), calls) == answers(wasm_of(text), calls, ["init"])


def test_names_and_custom_sections_stay_but_for_names_of_data():
    text = '(module (@custom "mine" (after func) "content") (memory (export "memory") 1)'
    text += '(data $named (i32.const 0) "x")'
    text += '(func $readable (export "init") (i32.store (i32.const 9) (i32.const 9))))'
    assert b"named" in wasm_of(text)
    made = of_text(text, entry="init")
    assert b"readable" in made
    assert b"\x04minecontent" in made
    assert b"named" not in made


def test_few_zeros_do_not_split_a_segment_and_many_do():
    text = module("(i32.store8 (i32.const 0) (i32.const 1)) (i32.store8 (i32.const {at}) (i32.const 1))")
    near, far = (of_text(text.format(at=at), entry="init") for at in (8, 60))
    assert b"\x0b\x09\x01\0\0\0\0\0\0\0\x01" in near
    assert b"\x01\0\0" not in far[far.index(b"\x0b\x01\x01") :]


def test_memory_that_is_all_scattered_is_carried_in_few_segments():
    text = module("""(local i32) (loop (i32.store8 (local.get 0) (i32.const 7))
        (local.set 0 (i32.add (local.get 0) (i32.const 60))) (br_if 0 (i32.lt_u (local.get 0) (i32.const 1200000))))""",
        memory='(memory (export "memory") 20)')  # fmt: skip
    made = of_text(text, entry="init")
    assert answers(made, []) == answers(wasm_of(text), [], ["init"])
    assert made.count(b"\x0b\x01\x07\x00\x41") < 10_000


def test_an_argument_reaches_the_entry_through_memory():
    text = module(
        "(i32.store (i32.const 8) (i32.load (local.get 0))) (i64.const 0)", parameters="(param i32 i32)",
        result="(result i64)", more='(func (export "wardian_alloc") (param i32) (result i32) (i32.const 64))',
    )  # fmt: skip
    made = of_text(text, entry="init", argument=b"ABCD")
    assert answers(made, [])[1][8:12] == b"ABCD"


def test_the_entry_answers_with_an_error():
    text = """(module (memory (export "memory") 1) (data (i32.const 40) "\\a2\\64kind\\67invalid\\67message\\62no")
      (func (export "wizer_initialize") (param i32 i32) (result i64) (i64.const 0x2880000019)))"""
    with pytest.raises(GuestError, match=r"wizer_initialize: \[invalid\] no"):
        of_text(text)


def test_log_lines_are_shown_and_other_host_calls_end_it():
    imports = '(import "wardian" "{name}" (func $ask (param i32 i32) (result i64)))'
    data = '(data (i32.const 8) "\\82\\02\\62hi")'
    code = "(drop (call $ask (i32.const 8) (i32.const 5)))"
    said = []
    of_text(module(code, imports.format(name="log") + data), entry="init", name="mine", log=said.append)
    assert [(line.plugin, line.level, line.message) for line in said] == [("mine", "info", "hi")]
    with pytest.raises(AbiViolation, match=r"called `wardian.state_get`: nothing can be reached"):
        of_text(module(code, imports.format(name="state_get") + data), entry="init")


def test_time_and_chance_are_always_the_same():
    text = module(
        "(drop (call $time (i32.const 0) (i64.const 0) (i32.const 8)))"
        "(drop (call $random (i32.const 16) (i32.const 32)))",
        '(import "wasi_snapshot_preview1" "clock_time_get" (func $time (param i32 i64 i32) (result i32)))'
        '(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))',
    )
    memory = answers(of_text(text, entry="init"), [])[1]
    assert memory[8:16] == bytes(8)
    assert memory[16:48] != bytes(32)
    assert of_text(text, entry="init") == of_text(text, entry="init")


REFUSED = {
    "an imported memory": ('(module (import "a" "b" (memory 1)) (func (export "init")))', "imports a memory, `a.b`"),
    "an imported global": ('(module (import "a" "b" (global i32)) (func (export "init")))', "imports a global, `a.b`"),
    "an imported table": ('(module (import "a" "b" (table 1 funcref)) (func (export "init")))', "imports a table"),
    "no memory": ('(module (func (export "init")))', "has 0 memories"),
    "two memories": ('(module (memory 1) (memory 1) (func (export "init")))', "has 2 memories"),
    "a shared memory": ('(module (memory 1 2 shared) (func (export "init")))', "shared, or of 64 bits"),
    "a memory of 64 bits": ('(module (memory i64 1) (func (export "init")))', "shared, or of 64 bits"),
    "a table that changes": (
        module("(table.set 0 (i32.const 0) (ref.func 0))", "(table 1 funcref)"), "the initialiser changes its tables",
    ),
    "elements that are dropped": (module("(elem.drop 0)", "(elem func 0)"), "the initialiser changes its tables"),
    "data that is dropped": (module("(data.drop 0)", '(data "x")'), "drops a passive data segment"),
    "a global that holds a reference": (
        module("(global.set 0 (ref.func 0))", "(global (mut funcref) (ref.null func))"), "sets a global that holds",
    ),
    "a name of ours": ('(module (memory 1) (func (export "wardian:x")) (func (export "init")))', "kept for the host"),
    "an entry of another type": ('(module (memory 1) (func (export "init") (param f32)))', "no `init` of the type"),
    "an entry that is not there": ("(module (memory 1))", "exports no `init`"),
    "an import of no host": (
        module("", '(import "env" "f" (func (param f64)))'), r"imports `env.f` as func \(f64\) -> \(\), which no host",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_carried_is_refused_with_the_reason(text, why):
    with pytest.raises(PackageError, match=why):
        of_text(text, entry="init")


def test_what_could_change_tables_and_does_not_is_carried():
    text = """(module (memory (export "memory") 1) (table 2 funcref) (elem declare func $f)
      (global $r (mut funcref) (ref.func $f))
      (func (export "init") (i32.store (i32.const 0) (i32.const 5))) (func $f (result i32) (i32.const 3))
      (func (export "later") (result i32) (table.set 0 (i32.const 0) (global.get $r))
        (global.set $r (ref.null func)) (call_indirect (result i32) (i32.const 0))))"""
    assert answers(of_text(text, entry="init"), [("later",)]) == answers(wasm_of(text), [("later",)], ["init"])


def test_nothing_to_run_is_said():
    with pytest.raises(PackageError, match="nothing to run"):
        of_text('(module (memory (export "memory") 1))')


def test_the_initialiser_is_under_limits():
    with pytest.raises(DeadlineExceeded):
        of_text(module("(loop (br 0))"), entry="init", limits=Limits(start_deadline=0.2))
    with pytest.raises(MemoryExceeded):
        of_text(module(memory='(memory (export "memory") 100)'), entry="init", limits=Limits(memory="1MiB"))


def test_what_is_no_module_is_refused():
    for broken in (b"", b"\0asm\x0d\0\x01\0", wasm_of(EVERYTHING)[:60], wasm_of(EVERYTHING)[:-1]):
        with pytest.raises(PackageError):
            snapshot(broken)
