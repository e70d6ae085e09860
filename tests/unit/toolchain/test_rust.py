import shutil
import stat
from pathlib import Path

import pytest

from wardian.errors import BuildError
from wardian.plugins.inspection import callable_names
from wardian.toolchain import languages, rust
from wardian.toolchain.build import cache
from wardian.toolchain.workshop import Workshop

ADD = """#[wardian::function]
fn add(numbers: (i64, i64)) -> i64 {
    numbers.0 + numbers.1
}
"""
MANIFEST = """[package]
name = "an-adder"
version = "0.1.0"
edition = "2021"

[lib]
crate-type = ["cdylib"]

[dependencies]
wardian = "0.1"
twice = { path = "../twice" }

[profile.release]
opt-level = 1
"""


class Project:
    def __init__(self, folder):
        self.folder, self.name, self.sources = folder, "adder", (folder / "src" / "lib.rs",)


@pytest.fixture
def project(tmp_path):
    """Gives a project of files, by their paths."""

    def of(**files):
        for path, text in files.items():
            file = tmp_path / "project" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return Project(tmp_path / "project")

    return of


def compiled(project, folder):
    work, output = folder / "work", folder / "out.wasm"
    work.mkdir()
    rust.LANGUAGE.compile(project, output, Workshop(work, cache()))
    shutil.rmtree(work)
    return output.read_bytes()


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_source_alone_becomes_a_module_the_same_each_time_and_nothing_is_written_beside_it(project, tmp_path):
    adder = project(**{"src/lib.rs": ADD})
    before = files(adder.folder)
    first = compiled(adder, tmp_path)
    assert "add" in callable_names(first)
    assert compiled(adder, tmp_path) == first
    assert files(adder.folder) == before
    assert str(tmp_path).encode() not in first


def test_a_package_with_a_manifest_of_its_own_finds_the_sdk_and_crates_beside_it(project, tmp_path):
    beside = tmp_path / "twice"
    (beside / "src").mkdir(parents=True)
    (beside / "Cargo.toml").write_text('[package]\nname = "twice"\nversion = "0.1.0"\nedition = "2021"\n')
    (beside / "src" / "lib.rs").write_text("pub fn twice(n: i64) -> i64 { 2 * n }\n")
    text = "#[wardian::function]\nfn double(n: i64) -> i64 { twice::twice(n) }\n"
    own = project(**{"src/lib.rs": text, "Cargo.toml": MANIFEST})
    before = files(tmp_path)
    made = compiled(own, tmp_path)
    (tmp_path / "out.wasm").unlink()
    assert "double" in callable_names(made)
    assert files(tmp_path) == before


def test_what_is_wrong_is_told_in_the_compiler_s_words(project, tmp_path):
    with pytest.raises(BuildError) as failed:
        compiled(project(**{"src/lib.rs": ADD.replace("numbers.1", "numbers.2")}), tmp_path)
    assert any("no field `2`" in each for each in failed.value.problems)
    assert any("src/lib.rs:3:" in each for each in failed.value.problems)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#[wardian::function]\nfn two(a: u8, b: u8) {}", "an entry point takes"),
        ("#[wardian::function]\nasync fn late() {}", "neither `async` nor `unsafe`"),
        ("#[wardian::plugin]\nimpl Clone for S {}", "`Clone` is no kind of plugin; these are: Plugin, Source"),
        ("#[wardian::plugin]\nimpl wardian::Processor for S {}", "this `Processor` has no `process`"),
    ],
)
def test_a_mistake_with_an_attribute_is_told_at_its_place(text, words, project, tmp_path):
    with pytest.raises(BuildError) as failed:
        compiled(project(**{"src/lib.rs": f"struct S;\n{text}\n"}), tmp_path)
    said = "\n".join(failed.value.problems)
    assert words in said
    assert "src/lib.rs:" in said


def test_a_manifest_that_cannot_be_read_is_an_error_that_says_where(project, tmp_path):
    with pytest.raises(BuildError, match=r"Cargo.toml cannot be read: .*line 1"):
        compiled(project(**{"src/lib.rs": ADD, "Cargo.toml": "[package\n"}), tmp_path)


def test_a_package_that_makes_no_module_is_told_what_to_say(project, tmp_path):
    manifest = MANIFEST.replace('crate-type = ["cdylib"]', "").replace('twice = { path = "../twice" }', "")
    with pytest.raises(BuildError) as failed:
        compiled(project(**{"src/lib.rs": ADD, "Cargo.toml": manifest}), tmp_path)
    assert "cdylib" in failed.value.hint


def a_rustc(folder, *, target):
    """A program that says of itself what a rustc says, with the target's library or without."""
    (folder / "bin").mkdir(parents=True)
    for name in ("rustc", "cargo"):
        program = folder / "bin" / name
        program.write_text(f'#!/bin/sh\necho "{folder}"\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    if target:
        library = folder / "lib" / "rustlib" / rust.TARGET / "lib"
        library.mkdir(parents=True)
        (library / "libstd-0123.rlib").touch()
    return folder / "bin"


def test_the_first_rust_that_has_the_target_is_taken(tmp_path, monkeypatch):
    without, having = a_rustc(tmp_path / "a", target=False), a_rustc(tmp_path / "b", target=True)
    monkeypatch.setenv("PATH", f"{without}:{having}:/usr/bin:/bin")
    assert rust.RUST.find() == (str(having / "cargo"), str(having / "rustc"))


def test_a_machine_without_one_is_told_what_installs_it(tmp_path, monkeypatch, project):
    monkeypatch.setenv("PATH", str(a_rustc(tmp_path / "a", target=False)))
    monkeypatch.setattr(rust, "DEBIANS", tmp_path / "none")
    assert rust.RUST.find() is None
    with pytest.raises(BuildError) as failed:
        compiled(project(**{"src/lib.rs": ADD}), tmp_path)
    assert failed.value.code == "toolchain_missing"
    assert failed.value.hint == rust.RUST.install
    assert "rustup" in rust.RUST.install or "libstd-rust-dev-wasm32" in rust.RUST.install


def test_the_source_is_where_cargo_has_it():
    assert languages.language("rust").sources(Path(), "greet") == ("src/lib.rs",)
