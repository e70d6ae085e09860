import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from support.wat import wasm_of
from wardian.sandbox.compile_child import NO_MEMORY
from wardian.sandbox.compiler import _CHILD

ORDER = {
    "text": False,
    "only_text": False,
    "metered": False,
    "artefact": 2**30,
    "cpu": 10,
    "memory": 2**31,
    "path": sys.path,
}
SECRET = "WARDIAN_TEST_SECRET"


def child(source, **changed):
    order = json.dumps(ORDER | changed).encode()
    done = subprocess.run(
        [sys.executable, "-I", _CHILD],
        input=order + b"\n" + source,
        capture_output=True,
        env={},
        check=False,
        timeout=60,
    )
    return done.returncode, done.stdout


def test_it_answers_with_a_plus_and_the_artefact():
    status, answer = child(wasm_of("(module)"))
    assert (status, answer[:1]) == (0, b"+")
    assert len(answer) > 100


def test_it_gives_the_wasm_of_a_text():
    assert child(b"(module)", only_text=True, text=True) == (0, b"+" + wasm_of("(module)"))


@pytest.mark.parametrize("mebibytes", [8, 32])
def test_it_says_by_its_exit_status_that_memory_ran_out(mebibytes):
    status, answer = child(wasm_of("(module)"), memory=mebibytes * 2**20)
    assert (status, answer) in ((NO_MEMORY, b""), (-signal.SIGABRT, b""))


def test_it_answers_with_a_minus_and_what_is_wrong():
    for source, changed in ((b"(module", {"text": True, "only_text": True}), (b"\0asm\x01\0\0\0\xff", {})):
        status, answer = child(source, **changed)
        assert (status, answer[:1]) == (0, b"-")
        assert 1 < len(answer) <= 4001


def test_it_answers_with_a_question_mark_for_what_is_only_off_here():
    status, answer = child(wasm_of("(module (memory 1) (memory 1))"))
    assert (status, answer[:1]) == (0, b"?")


def test_text_is_no_module_unless_it_is_asked_for_as_text():
    """The engine takes either; so what is no wasm has to be refused before it gets here, see `binary.check_magic`."""
    assert child(b"(module)")[1][:1] in (b"+", b"-")


@pytest.mark.parametrize("program", ["open(sys.argv[1], 'wb', 0).write(b'x')", "bytearray(2**31)"])
def test_its_limits_hold_for_whatever_runs_in_it(program, tmp_path):
    """What it would do is done under the same limits, set as it sets them."""
    script = f"import resource, sys\n{limits_of_the_child()}\n{program}"
    command = [sys.executable, "-I", "-c", script, str(tmp_path / "written")]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert done.returncode != 0
    assert re.search(rb"MemoryError|File too large", done.stderr)


def limits_of_the_child():
    """Its own lines that set the limits."""
    lines = Path(_CHILD).read_text("utf-8").splitlines()
    set_here = [line.strip() for line in lines if "setrlimit" in line]
    assert len(set_here) == 4
    return "cpu, memory = 5, 2**30\n" + "\n".join(set_here)


def test_it_is_loaded_without_the_rest_of_the_package():
    """Each compile starts one: what it needs not costs each of them."""
    script = (
        f"import sys; sys.path[:] = {sys.path!r}\nfrom wardian.sandbox import engine, growth\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('cbor2', 'yaml', 'sqlite3', 'asyncio')])"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
