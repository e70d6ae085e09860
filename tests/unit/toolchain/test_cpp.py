import pytest

from wardian.errors import BuildError
from wardian.toolchain import languages
from wardian.toolchain.workshop import Workshop


class Project:
    def __init__(self, *sources):
        self.sources = sources


def compiled(tmp_path, text):
    path, output = tmp_path / "one.cpp", tmp_path / "out.wasm"
    path.write_text(text)
    languages.language("c++").compile(Project(path), output, Workshop(tmp_path, tmp_path))
    return output.read_bytes()


def test_a_source_is_compiled_as_cpp_17(tmp_path):
    text = """#include "wardian.h"
template <typename T> static constexpr T twice(T x) { return x + x; }
WARDIAN_ENTRY(two) {
    wardian_writer reply = wardian_write();
    wardian_put_int(&reply, twice(1));
    return wardian_reply(&reply);
}
"""
    assert compiled(tmp_path, text).startswith(b"\0asm")


def test_what_is_wrong_is_told_in_the_compiler_s_words(tmp_path):
    with pytest.raises(BuildError) as failed:
        compiled(tmp_path, "int f() { throw 1; }\n")
    assert "exceptions disabled" in failed.value.problems[0]


def test_the_source_is_named_as_the_plugin(tmp_path):
    assert languages.language("c++").sources(tmp_path, "greet") == ("greet.cpp",)
