import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.sandboxed import sandbox
from wardian.errors import (
    Cancelled,
    DeadlineExceeded,
    FuelExhausted,
    HostFunctionError,
    MemoryExceeded,
    StackExhausted,
    Trap,
)
from wardian.policy import Limits
from wardian.sandbox import faults
from wardian.sandbox.faults import Fault, explain, explain_end, explain_raise, printable

TRAPS = {
    "memory_out_of_bounds": "(drop (i32.load (i32.const -1)))",
    "table_out_of_bounds": "(drop (table.get 0 (i32.const 9)))",
    "indirect_call_to_null": "(call_indirect (type $t) (i32.const 0))",
    "bad_signature": "(call_indirect (type $other) (i32.const 1) (i32.const 1))",
    "integer_overflow": "(drop (i32.div_s (i32.const 0x80000000) (i32.const -1)))",
    "integer_division_by_zero": "(drop (i32.div_s (i32.const 1) (i32.const 0)))",
    "bad_conversion_to_integer": "(drop (i32.trunc_f32_s (f32.const nan)))",
    "unreachable": "(unreachable)",
}


@pytest.mark.parametrize("code", TRAPS)
def test_each_trap_of_the_engine_has_its_code(code):
    text = f"""(module (type $t (func)) (type $other (func (param i32))) (table 2 funcref) (elem (i32.const 1) $f)
      (memory (export "memory") 1) (func $f) (func $inner {TRAPS[code]}) (func (export "run") (call $inner)))"""
    with sandbox(text) as made:
        instance = made.start()
        with pytest.raises(Trap) as caught:
            made.run(instance, "run")
        assert caught.value.code == code
        assert [frame.split("+")[0] for frame in caught.value.backtrace] == ["inner", "func[2]"]
        assert caught.value.hint
        assert instance.broken


@given(st.integers(0, 255) | st.none())
def test_every_number_of_a_trap_is_told(number):
    error = explain(Fault(number, "text", ()), Limits(fuel=5), where="w", grow=None)
    assert isinstance(error, (Trap, StackExhausted, FuelExhausted))
    assert error.code
    assert error.hint


@pytest.mark.parametrize(("number", "kind"), [(9, MemoryExceeded), (1, MemoryExceeded), (7, Trap), (0, StackExhausted)])
def test_a_refused_growth_explains_only_the_traps_that_it_may_have_caused(number, kind):
    error = explain(Fault(number, "", ("f",)), Limits(), where="w", grow=2**30)
    assert type(error) is kind
    assert kind is not MemoryExceeded or error.asked == 2**30


def test_what_ended_a_call_is_told():
    limits = Limits(deadline="20ms", start_deadline="3s")
    error = explain_end("deadline", limits, limit="start_deadline", where="w", backtrace=("f",))
    assert (type(error), error.limit, error.value, error.backtrace) == (DeadlineExceeded, "start_deadline", 3, ("f",))
    for reason in ("cancelled", "closed"):
        assert type(explain_end(reason, limits, limit="deadline", where="w", backtrace=())) is Cancelled


def test_what_a_function_raised_is_the_cause_and_its_text_is_printable():
    raised = ValueError("a\nb\x1b[31m" + "x" * 1_000)
    error = explain_raise(raised, where="w")
    assert type(error) is HostFunctionError
    assert error.__cause__ is raised
    assert error.message.isprintable()
    assert len(error.message) < 400
    own = Trap("own")
    assert explain_raise(own, where="w") is own
    assert own.where == "w"


@given(st.text(), st.integers(2, 200))
def test_printable_text_is_one_line_and_no_longer_than_asked_for(text, most):
    shown = printable(text, most)
    assert shown.isprintable()
    assert len(shown) <= most
    if text.isprintable() and len(text) <= most:
        assert shown == text


@given(st.text(alphabet=st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"])))
def test_no_control_character_passes(text):
    assert printable(text, 10_000).isascii()


def test_names_of_a_module_cannot_forge_lines_or_colours():
    name = "\\0a\\1b[31mforged\\e2\\80\\ae" + "n" * 5_000
    functions = "".join(f'(func $"f{number}{name}" (call $"f{number + 1}{name}"))' for number in range(30))
    ends = f'(func $"f30{name}" unreachable) (func (export "run") (call $"f0{name}"))'
    text = f'(module (memory (export "memory") 1) {functions} {ends})'
    with sandbox(text) as made:
        instance = made.start()
        with pytest.raises(Trap) as caught:
            made.run(instance, "run")
    assert len(caught.value.backtrace) == 20
    assert all(frame.isprintable() and len(frame) < faults.NAME_LENGTH + 20 for frame in caught.value.backtrace)
    assert len(str(caught.value)) < 4_000
    assert str(caught.value).count("\n") == 21
