"""What an author has: a folder with a plugin in the text format, which builds without any tool."""

from __future__ import annotations

SOURCE = """\
(module
  (memory (export "memory") 2)
  (data (i32.const 8) "\\62Hi")
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32)
    (select (i32.const 1024) (i32.const 0) (i32.le_u (local.get 0) (i32.const 100000))))
  (func (export "action_call") (param i32 i32) (result i64) (i64.const 0x800000003)))
"""
DESCRIPTION = """\
name: acme/greet
version: 1.0.0
symbols: [{kind: action, name: greet}]
build: {language: wat}
"""
CASES = """\
cases:
  - {name: greets, entry: action_call, input: {params: null, vars: {}}, output: Hi}
  - {name: greets again, entry: action_call, input: {params: 1, vars: {}}, output: Hi}
"""


def begun(folder, *, cases=CASES):
    """The folder, with a plugin in it that says "Hi"."""
    folder.mkdir(exist_ok=True)
    (folder / "greet.wat").write_text(SOURCE)
    (folder / "plugin.yaml").write_text(DESCRIPTION)
    if cases:
        (folder / "cases.yaml").write_text(cases)
    return folder
