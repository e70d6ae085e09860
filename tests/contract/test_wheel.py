"""The wheel has all that an author needs: what is begun and built with it alone, without a clone."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support.commands import wardian
from wardian.toolchain import languages, sdk

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, unpacked; its build tool is the installed one, or else comes from the registry."""
    made = tmp_path_factory.mktemp("wheel")
    own = ["--no-build-isolation"] if importlib.util.find_spec("hatchling") else []
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", *own, "-w", made, ROOT]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    (path,) = made.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(made / "site")
    return made / "site"


def test_it_has_the_sdk_of_every_language_and_nothing_that_was_built(wheel):
    packed, clone = wheel / "wardian" / "sdk", sdk.folder()
    for name in languages.NAMES:
        own = [{each.relative_to(place) for each in (place / languages.folder(name)).rglob("*.yaml")}
               for place in (packed, clone)]  # fmt: skip
        assert own[0] == own[1], name
    names = [each.relative_to(wheel).as_posix() for each in wheel.rglob("*") if each.is_file()]
    assert not [name for name in names if name.endswith((".wasm", ".pyc", ".o", ".a"))]
    assert not [name for name in names if {"node_modules", "target", "__pycache__"} & set(name.split("/"))]


def test_a_plugin_is_begun_built_and_tested_with_it_alone(wheel, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(wheel))
    where = [sys.executable, "-c", "import wardian, wardian.toolchain.sdk as s; print(wardian.__file__, s.folder())"]
    told = subprocess.run(where, capture_output=True, text=True, check=True, env=os.environ).stdout.split()
    assert told == [str(wheel / "wardian" / "__init__.py"), str(wheel / "wardian" / "sdk")]
    for words in (
        ("new", "word-count", "--language", "c", "--kind", "processor"),
        ("build", "word-count"),
        ("test", "word-count", "--no-promises"),
    ):
        done = wardian(*words)
        assert done.returncode == 0, done.stderr.decode()
    assert (tmp_path / "word-count" / "word-count.wasm").is_file()
