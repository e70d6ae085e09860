import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.bombs import I32, MAGIC, many_functions, many_values, module, number, section, vector
from support.wat import wasm_of
from wardian.errors import PackageError
from wardian.sandbox import prescan

NOTHING = b"\x60\0\0"  # the type of a function without parameters and results


def function_type(params, results=0):
    return b"\x60" + vector(*[I32] * params) + vector(*[I32] * results)


def with_body(body):
    return module([NOTHING], [0], [body])


def counted(kind, count):
    """A section of so many items, of which there is none."""
    return MAGIC + section(kind, number(count))


MOST_VALUES, MOST_LOCALS = prescan.MOST_VALUES, prescan.MOST_LOCALS
# What may be declared, and the least that may not: each pair differs by one.
EDGES = {
    "parameters": (module([function_type(MOST_VALUES)], [], []), module([function_type(MOST_VALUES + 1)], [], [])),
    "results": (
        module([NOTHING, function_type(1, MOST_VALUES - 1)], [], []),
        module([NOTHING, function_type(1, MOST_VALUES)], [], []),
    ),
    "variables": (
        with_body(vector(number(MOST_LOCALS - 1) + I32, b"\x01" + I32) + b"\x0b"),
        with_body(vector(number(MOST_LOCALS) + I32, b"\x01" + I32) + b"\x0b"),
    ),
    "empty groups of variables": (
        with_body(number(MOST_LOCALS) + (b"\0" + I32) * MOST_LOCALS + b"\x0b"),
        with_body(number(MOST_LOCALS + 1) + (b"\0" + I32) * (MOST_LOCALS + 1) + b"\x0b"),
    ),
    "code of one function": (
        with_body(b"\0" + b"\x01" * (prescan.MOST_BODY - 2) + b"\x0b"),
        with_body(b"\0" + b"\x01" * (prescan.MOST_BODY - 1) + b"\x0b"),
    ),
    **{what: (counted(kind, most), counted(kind, most + 1)) for kind, (most, what) in prescan.MOST.items()},
}


@pytest.mark.parametrize("name", EDGES)
def test_a_bound_is_met_and_one_more_is_refused(name):
    allowed, refused = EDGES[name]
    prescan.check(allowed)
    with pytest.raises(PackageError) as caught:
        prescan.check(refused)
    assert caught.value.code == "too_complex"
    assert len(caught.value.message) < 200


def test_groups_of_variables_are_counted_over_all_functions():
    groups = prescan.MOST_GROUPS // 20
    body = number(groups) + (b"\0" + I32) * groups + b"\x0b"
    prescan.check(module([NOTHING], [0] * 20, [body] * 20))
    with pytest.raises(PackageError, match="groups of local variables"):
        prescan.check(module([NOTHING], [0] * 21, [body] * 21))


@pytest.mark.parametrize(
    "wasm", [many_values(20_000, 1_000), many_functions(1_000_000), MAGIC + section(10, number(2**32 - 1))]
)
def test_a_bomb_costs_no_more_than_a_look(wasm):
    began = time.process_time()
    try:
        prescan.check(wasm)
    except PackageError as error:
        assert error.code in ("too_complex", "invalid_module")  # noqa: PT017 - the last is only broken
    assert time.process_time() - began < 0.1


FEATURES = {
    "a type of structures": "(type (struct (field i32))) (type (func))",
    "references to a type": f"(type $t (func)) (type (func (param{' (ref $t)' * 60})))",
    "variables of a type": f"(type $t (func)) (func (local{' (ref null $t)' * 60}) nop)",
    "a type within a group": "(rec (type (func)) (type (struct)))",
}


@pytest.mark.parametrize("name", FEATURES)
def test_what_is_written_by_rules_that_are_off_is_left_to_the_compiler(name):
    prescan.check(wasm_of(f"(module {FEATURES[name]})"))


@given(st.integers(0, 13), st.binary(max_size=200))
def test_any_section_passes_or_is_refused(kind, content):
    try:
        prescan.check(MAGIC + section(kind, content))
    except PackageError as error:
        assert error.code in ("too_complex", "invalid_module")  # noqa: PT017 - most of them pass


def test_every_cut_of_a_module_passes_or_is_refused():
    wasm = wasm_of(
        '(module (memory 1) (table 1 funcref) (func (export "f") (param i32) (result i32) (local i64) i32.const 7))'
    )
    for end in range(8, len(wasm)):
        for content in (wasm[:end], wasm[:end] + b"\xff" * 8):
            try:
                prescan.check(content)
            except PackageError as error:
                assert error.code == "invalid_module"  # noqa: PT017 - a cut between sections may be a module


PROGRAM = """
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
int main(int count, char **words) {
    while (count--) printf("%s %f %d\\n", words[count], pow(atof(words[count]), 3), rand());
}
"""


def test_a_program_built_without_optimisation_passes_in_an_instant(tmp_path):
    """Built so, it has the most functions, and the most variables in each."""
    (tmp_path / "a.c").write_text(PROGRAM)
    command = [sys.executable, "-m", "ziglang", "cc", "--target=wasm32-wasi", "-O0", "-g", "a.c", "-o", "a.wasm"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=300)
    wasm = (tmp_path / "a.wasm").read_bytes()
    began = time.process_time()
    prescan.check(wasm)
    assert time.process_time() - began < 0.05


@pytest.mark.parametrize("name", ["greet", "count_words"])
def test_the_example_plugins_pass(c_guest, name):
    prescan.check(c_guest(name).read_bytes())
