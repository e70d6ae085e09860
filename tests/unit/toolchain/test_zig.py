import importlib.util
import sys
import textwrap

import pytest

from wardian.errors import BuildError, ConfigError
from wardian.toolchain.build import build
from wardian.toolchain.project import find

MANIFEST = """\
name: acme/tiny
version: 0.1.0
symbols: [{{kind: extension, name: tiny}}]
build: {build}
"""
TINY = """\
const wardian = @import("wardian");

comptime {
    wardian.methods(.{ .nothing = nothing });
}

fn nothing() void {}
"""


@pytest.fixture
def project(tmp_path):
    """Makes a folder with a plugin in Zig; `build` is what its description says of that."""

    def made(source=TINY, build="{language: zig}", **others):
        (tmp_path / "plugin.yaml").write_text(MANIFEST.format(build=build))
        (tmp_path / "tiny.zig").write_text(textwrap.dedent(source))
        for name, text in others.items():
            (tmp_path / f"{name}.zig").write_text(text)
        return tmp_path

    return made


def test_the_source_is_called_as_the_plugin_is(project):
    assert [each.name for each in find(project()).sources] == ["tiny.zig"]


def test_a_build_gives_the_same_module_each_time_and_writes_to_no_other_file(project):
    folder = project()
    before = sorted(folder.iterdir())
    first = build(find(folder)).module.read_bytes()
    assert sorted(folder.iterdir()) == sorted([*before, folder / "tiny.wasm"])
    assert build(find(folder)).module.read_bytes() == first


def test_a_file_beside_the_first_is_imported_by_its_path(project):
    source = TINY.replace("fn nothing() void {}", 'const nothing = @import("other.zig").nothing;')
    folder = project(source, other="pub fn nothing() void {}\n")
    assert build(find(folder)).size > 0


def test_an_error_of_the_compiler_arrives_with_its_words_and_its_line(project):
    with pytest.raises(BuildError) as caught:
        build(find(project(TINY + "fn wrong() u8 {\n    return true;\n}\ncomptime {\n    _ = wrong();\n}\n")))
    assert any("tiny.zig:9:12: error: expected type 'u8', found 'bool'" in each for each in caught.value.problems)


def test_the_mode_may_be_chosen_and_one_that_zig_has_not_is_refused(project):
    small = build(find(project())).size
    safe = build(find(project(build="{language: zig, optimize: ReleaseSafe}"))).size
    assert safe > small
    with pytest.raises(ConfigError, match="no mode `fastest`") as caught:
        build(find(project(build="{language: zig, optimize: fastest}")))
    assert "ReleaseSmall, ReleaseSafe, ReleaseFast, Debug" in caught.value.hint


def test_without_zig_the_error_says_what_installs_it(project, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(BuildError) as caught:
        build(find(project()))
    assert caught.value.code == "toolchain_missing"
    assert caught.value.hint == f"{sys.executable} -m pip install ziglang==0.17.0"
