import importlib.util
import sys

import pytest

import wardian
from wardian.errors import BuildError
from wardian.toolchain.build import build
from wardian.toolchain.project import find

MANIFEST = """\
name: acme/tiny
version: 0.1.0
symbols: [{kind: extension, name: tiny}]
build: {language: python}
"""
TINY = """\
import beside
from wardian_sdk import Extension, method

class Tiny(Extension):
    @method
    def ask(self, argument):
        return [argument, beside.VALUE]
"""


@pytest.fixture
def project(tmp_path):
    """Makes a folder with a plugin in Python."""

    def made(source=TINY, **others):
        (tmp_path / "plugin.yaml").write_text(MANIFEST)
        for name, text in {"tiny": source, **others}.items():
            (tmp_path / f"{name}.py").write_text(text)
        return tmp_path

    return made


def test_the_source_is_called_as_the_plugin_is_and_others_beside_it_come_along_but_for_tests(project):
    folder = project(beside="VALUE = 7\n", test_tiny="")
    (folder / "more").mkdir()
    (folder / "more" / "deep.py").touch()
    (folder / ".venv").mkdir()
    (folder / ".venv" / "no.py").touch()
    sources = [each.relative_to(folder).as_posix() for each in find(folder).sources]
    assert sources == ["tiny.py", "beside.py", "more/deep.py"]


def test_a_build_makes_a_core_module_and_writes_no_other_file(project, runtime):
    folder = project(beside="VALUE = 7\n")
    before = sorted(folder.iterdir())
    made = build(find(folder)).module
    assert sorted(folder.iterdir()) == sorted([*before, made])
    plugin = runtime.load(made, limits=wardian.Limits(deadline=20, start_deadline=20))
    assert plugin.call("extension_call", {"method": "ask", "argument": "x"}) == ["x", 7]


def test_what_python_says_of_a_plugin_that_cannot_be_imported_arrives_with_file_and_line(project):
    with pytest.raises(BuildError, match="cannot be imported") as caught:
        build(find(project("x = 1\nimport nosuch\n")))
    said = "\n".join(caught.value.problems)
    assert 'File "tiny.py", line 2' in said
    assert "ModuleNotFoundError: No module named 'nosuch'" in said
    assert "wardian_app" not in said


def test_a_plugin_without_entry_points_is_refused(project):
    with pytest.raises(BuildError) as caught:
        build(find(project("x = 1\n")))
    assert "no entry point" in "\n".join(caught.value.problems)


def test_without_componentize_py_the_error_says_what_installs_it(project, monkeypatch):
    folder = project()
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(BuildError) as caught:
        build(find(folder))
    assert caught.value.code == "toolchain_missing"
    assert caught.value.hint == f"{sys.executable} -m pip install componentize-py==0.25.1"
