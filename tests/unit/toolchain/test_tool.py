import sys

from wardian.toolchain.tool import program, python_package


def test_a_package_of_this_python_is_started_as_a_module():
    tool = python_package("pytest", "8.3")
    assert tool.find() == (sys.executable, "-m", "pytest")
    assert tool.install == f"{sys.executable} -m pip install pytest==8.3"


def test_a_package_that_is_not_installed_is_not_found():
    assert python_package("no_such_package_anywhere", "1").find() is None


def test_a_program_is_found_on_the_search_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    tool = program("my-cc", "apt-get install my-cc")
    assert tool.find() is None
    (tmp_path / "my-cc").touch(mode=0o755)
    assert tool.find() == (str(tmp_path / "my-cc"),)
