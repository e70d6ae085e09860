import pytest

from wardian.errors import BuildError
from wardian.toolchain import languages
from wardian.toolchain.workshop import Workshop


class Project:
    def __init__(self, *sources):
        self.sources = sources


def compiled(tmp_path, text):
    path, output = tmp_path / "one.wat", tmp_path / "out.wasm"
    path.write_text(text)
    languages.language("wat").compile(Project(path), output, Workshop(tmp_path, tmp_path))
    return output.read_bytes()


def test_the_text_becomes_a_module_without_any_tool(tmp_path):
    assert languages.language("wat").tools == ()
    assert compiled(tmp_path, '(module (func (export "a")))').startswith(b"\0asm")


def test_what_is_wrong_is_told_with_its_place(tmp_path):
    with pytest.raises(BuildError) as failed:
        compiled(tmp_path, "(module\n  (oops))")
    assert any("2:4" in each for each in failed.value.problems)
