import pytest

from support.sandboxed import sandbox
from wardian.sandbox.scratch import TRAP, Scratch

TEXT = """(module (memory (export "memory") 1)
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "wide") (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1)))))"""


def test_what_a_closed_instance_leaves_is_taken_again_and_no_more_is_kept_than_may_be():
    with sandbox(TEXT) as made:
        for each in [made.start() for _ in range(100)]:
            each.close()
        assert len(made.prepared.spare) == 64
        last = made.prepared.spare[-1]
        assert made.start()._scratch is last


def test_the_words_the_halves_and_the_address_of_a_trap_are_the_slots():
    scratch = Scratch()
    scratch.words[0] = 7 << 32 | 9
    scratch.trap[0] = 5
    assert list(scratch.answer) == [9, 7]
    assert scratch.words[TRAP] == 5
    assert [scratch.slots[0], scratch.slots[TRAP]] == [7 << 32 | 9, 5]


def test_a_function_keeps_its_place():
    with sandbox(TEXT) as made:
        one = made.start()
        handle = one.function("add")
        assert one.function("add") is handle
        assert one.function("wide") is not handle
        one.close()
        assert made.start().function("add") is handle


def test_instances_that_live_at_once_have_a_scratch_each_and_later_ones_have_theirs():
    with sandbox(TEXT) as made:
        one, two = made.start(), made.start()
        assert one._scratch is not two._scratch
        assert made.run(one, "add", 1, 2) & 0xFFFFFFFF == 3
        assert made.run(two, "wide", 1, 2) == 1 << 32 | 2
        left = one._scratch
        one.close()
        three = made.start()
        assert three._scratch is left
        assert made.run(three, "add", 3, 4) & 0xFFFFFFFF == 7
        assert made.run(two, "add", 5, 6) & 0xFFFFFFFF == 11


def test_a_closed_instance_has_none_so_that_a_late_call_hits_no_other():
    with sandbox(TEXT) as made:
        one = made.start()
        handle, call = one.function("add"), one.begin(10**9)
        one.close()
        two = made.start()
        for late in (lambda: one.run(call, handle, 1, 2), lambda: one.exchange(call, 0, handle, 0, b"", 1)):
            with pytest.raises((AttributeError, TypeError)):
                late()
        assert made.run(two, "add", 1, 2) & 0xFFFFFFFF == 3
