import dataclasses

import pytest

from wardian.errors import BuildError, ConfigError
from wardian.plugins import description
from wardian.toolchain import build, languages
from wardian.toolchain.language import Language
from wardian.toolchain.project import find
from wardian.toolchain.tool import Tool

GREET = """\
(module (memory (export "memory") 1) (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 0))
  (func (export "action_call") (param i32 i32) (result i64) (i64.const 0)))
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "greet.wat").write_text(GREET)
    (tmp_path / "plugin.yaml").write_text(
        "name: acme/greet\nversion: 1.0.0\nsymbols: [{kind: action, name: greet}]\nbuild: {language: wat}\n"
    )
    return find(tmp_path)


def test_a_build_is_a_module_that_says_what_it_is(project):
    made = build.build(project)
    wasm = made.module.read_bytes()
    assert (made.module, made.size, made.optimised) == (project.folder / "greet.wasm", len(wasm), False)
    assert description.read(wasm).name == "acme/greet"
    assert {each.name for each in project.folder.iterdir()} == {"greet.wat", "greet.wasm", "plugin.yaml"}


def test_equal_sources_give_equal_modules_wherever_they_are_put(project, tmp_path):
    first = build.build(project).module.read_bytes()
    assert build.build(project, tmp_path / "other.wasm").module.read_bytes() == first


def test_a_failure_leaves_the_former_module_as_it_was(project):
    former = build.build(project).module.read_bytes()
    (project.folder / "greet.wat").write_text("(module (oops))")
    with pytest.raises(BuildError) as failed:
        build.build(project)
    assert "greet.wat" in failed.value.where
    assert project.module.read_bytes() == former


def test_a_description_of_another_module_is_refused(project):
    (project.folder / "greet.wat").write_text(GREET.replace("action_call", "greet"))
    with pytest.raises(ConfigError, match="exports `action_call`"):
        build.build(project)
    assert not project.module.exists()


def test_a_missing_tool_is_told_with_what_installs_it():
    tools = (Tool("cc", lambda: None, "apt-get install cc"), Tool("ld", lambda: None, "apt-get install cc"),
             Tool("sh", lambda: ("sh",), "apt-get install sh"))  # fmt: skip
    lacking = Language("x", "X", tools, lambda *_: (), lambda *_: None)
    with pytest.raises(BuildError) as failed:
        build.require(lacking)
    assert failed.value.code == "toolchain_missing"
    assert "cc, ld" in failed.value.message
    assert failed.value.hint == "apt-get install cc"
    build.require(dataclasses.replace(lacking, tools=tools[2:]))


def test_the_cache_is_where_the_user_s_caches_are(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert build.cache() == tmp_path / "wardian" / "toolchain"
    assert build.cache().stat().st_mode & 0o777 == 0o700
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert build.cache() == tmp_path / ".cache" / "wardian" / "toolchain"


def test_every_language_is_built_by_its_own_file():
    assert all(languages.language(name).compile.__module__.startswith("wardian.toolchain.") for name in languages.NAMES)
