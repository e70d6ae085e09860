"""`wardian build` with a real `wasm-opt`, that of the package of AssemblyScript: smaller modules that do the same."""

from __future__ import annotations

import json
import os
import shlex

import pytest

from support.built import built
from support.examples import EXAMPLES
from wardian import Grants
from wardian.toolchain.assemblyscript import VERSION
from wardian.toolchain.build import build, cache
from wardian.toolchain.node import node, npm_package
from wardian.toolchain.project import find
from wardian.toolchain.workshop import Workshop

COUNT_WORDS = EXAMPLES / "count_words"


@pytest.fixture(scope="session")
def wasm_opt(tmp_path_factory):
    """A folder with a program of that name."""
    folder = tmp_path_factory.mktemp("binaryen")
    package = npm_package("assemblyscript", VERSION, Workshop(folder, cache()))
    command = [*node(), str(package / "node_modules" / "binaryen" / "bin" / "wasm-opt")]
    program = folder / "wasm-opt"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(command)} "$@"\n')
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize("language", ["assemblyscript", "c", "go", "lua", "rust", "zig"])
def test_a_module_is_smaller_and_answers_as_it_did(language, wasm_opt, shared_folder, tmp_path, runtime, monkeypatch):
    plain = built(COUNT_WORDS / language, shared_folder)
    monkeypatch.setenv("PATH", f"{wasm_opt}{os.pathsep}{os.environ['PATH']}")
    made = build(find(COUNT_WORDS / language), tmp_path / "smaller.wasm")
    assert made.optimised
    assert made.module.stat().st_size < plain.stat().st_size
    with runtime.load(made.module, grants=Grants(state=True)) as plugin:
        lines = (COUNT_WORDS / "input.jsonl").read_text("utf-8").splitlines()
        replies = [plugin.call("count", json.loads(line)) for line in lines]
    expected = (COUNT_WORDS / "expected.jsonl").read_text("utf-8").splitlines()
    assert replies == [json.loads(line) for line in expected]
