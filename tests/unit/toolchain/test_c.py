import pytest

from wardian.errors import BuildError
from wardian.toolchain import languages
from wardian.toolchain.workshop import Workshop


class Project:
    def __init__(self, *sources):
        self.sources = sources


def compiled(tmp_path, name, source, text):
    path = tmp_path / source
    path.write_text(text)
    output = tmp_path / "out.wasm"
    languages.language(name).compile(Project(path), output, Workshop(tmp_path, tmp_path))
    return output.read_bytes()


def test_a_source_is_compiled_with_the_sdk(tmp_path):
    text = '#include "wardian.h"\nWARDIAN_ENTRY(one) { return wardian_null(); }\n'
    wasm = compiled(tmp_path, "c", "one.c", text)
    assert wasm.startswith(b"\0asm")
    assert b"wardian:package" not in wasm


def test_what_is_wrong_is_told_in_the_compiler_s_words_with_its_line(tmp_path):
    with pytest.raises(BuildError) as failed:
        compiled(tmp_path, "c", "one.c", "int x = ;\n")
    assert "one.c:1:9: error: expected expression" in failed.value.problems[0]


def test_the_tools_come_from_python_packages_by_exact_version():
    for tool in languages.language("c").tools:
        assert "pip install" in tool.install
        assert "==" in tool.install
