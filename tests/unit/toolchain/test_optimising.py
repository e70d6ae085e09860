import os
import sys

import pytest

from wardian.toolchain.optimising import optimise
from wardian.toolchain.workshop import Workshop


@pytest.fixture
def module(tmp_path):
    path = tmp_path / "module.wasm"
    path.write_bytes(b"a large module")
    return path


@pytest.fixture
def workshop(tmp_path):
    said = []
    folder = tmp_path / "work"
    folder.mkdir()
    made = Workshop(folder, tmp_path, said.append)
    made.said = said
    return made


@pytest.fixture
def wasm_opt(tmp_path, monkeypatch):
    """Puts a program called `wasm-opt` on the search path, which is this one line of Python."""

    def put(line):
        folder = tmp_path / "bin"
        folder.mkdir()
        path = folder / "wasm-opt"
        path.write_text(f"#!{sys.executable}\nimport sys\n{line}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")

    return put


def test_without_the_tool_nothing_is_done(module, workshop, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert not optimise(module, workshop)
    assert module.read_bytes() == b"a large module"


def test_a_smaller_module_takes_the_place_of_the_larger_one(module, workshop, wasm_opt):
    wasm_opt("open(sys.argv[-1], 'wb').write(b'small')")
    assert optimise(module, workshop)
    assert module.read_bytes() == b"small"


def test_a_module_that_became_no_smaller_is_left_as_it_is(module, workshop, wasm_opt):
    wasm_opt("open(sys.argv[-1], 'wb').write(b'as large as it was')")
    assert not optimise(module, workshop)
    assert module.read_bytes() == b"a large module"


def test_a_tool_that_fails_is_no_failure_of_the_build_but_told(module, workshop, wasm_opt):
    wasm_opt("sys.exit('it does not know this feature')")
    assert not optimise(module, workshop)
    assert module.read_bytes() == b"a large module"
    assert workshop.said[-1] == "# wasm-opt was of no use: it does not know this feature"


def test_nothing_is_asked_for_that_the_sandbox_refuses(module, workshop, wasm_opt):
    wasm_opt("open(sys.argv[-1], 'w').write('')")
    optimise(module, workshop)
    asked = [word for word in workshop.said[0].split() if word.startswith(("--enable", "--mvp", "--all"))]
    assert asked[0] == "--mvp-features"
    for feature in ("threads", "tail-call", "exception", "gc", "memory64", "multimemory", "relaxed-simd", "all"):
        assert not [word for word in asked if feature in word]
