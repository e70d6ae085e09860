import sys

import pytest

from wardian.errors import BuildError
from wardian.toolchain.workshop import Workshop


@pytest.fixture
def workshop(tmp_path):
    return Workshop(tmp_path, tmp_path)


def test_a_tool_runs_to_its_end_and_gives_what_it_printed(workshop, tmp_path):
    code = "import os, sys; print(os.getcwd(), os.environ['ONE'], repr(sys.stdin.read()))"
    assert workshop.run([sys.executable, "-c", code], cwd=tmp_path, env={"ONE": "1"}) == f"{tmp_path} 1 ''\n"


def test_a_tool_that_fails_is_told_with_all_that_it_said(workshop, tmp_path):
    script = tmp_path / "my-cc"
    script.write_text("import sys; print('out'); sys.exit('a.c:1: wrong\\n  here')")
    with pytest.raises(BuildError, match="`my-cc` failed") as failed:
        workshop.run([sys.executable, script, "a.c"])
    assert failed.value.problems == ("a.c:1: wrong", "  here", "out")


def test_a_module_of_python_is_called_by_its_own_name(workshop):
    with pytest.raises(BuildError, match="`no_such_module` failed"):
        workshop.run([sys.executable, "-m", "no_such_module"])


def test_a_tool_that_is_silent_is_told_by_its_exit_code(workshop):
    with pytest.raises(BuildError) as failed:
        workshop.run([sys.executable, "-c", "raise SystemExit(7)"])
    assert failed.value.problems == ("it ended with 7",)


def test_a_tool_that_is_not_there_is_told(workshop):
    with pytest.raises(BuildError, match="`/nowhere/cc` cannot be started"):
        workshop.run(["/nowhere/cc"])


def test_each_command_is_told_before_it_runs_as_a_shell_takes_it(tmp_path):
    said = []
    Workshop(tmp_path, tmp_path, said.append).run([sys.executable, "-c", "pass  # two words"])
    assert said == [f"{sys.executable} -c 'pass  # two words'"]
