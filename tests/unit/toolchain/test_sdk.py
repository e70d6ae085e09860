import pytest

import wardian
from wardian.errors import BuildError
from wardian.toolchain import sdk


def test_in_a_clone_the_sdks_are_beside_the_sources():
    assert (sdk.folder() / "abi" / "ABI.md").is_file()


def test_in_an_installed_package_they_are_within_it(tmp_path, monkeypatch):
    (tmp_path / "wardian" / "sdk" / "abi").mkdir(parents=True)
    monkeypatch.setattr(wardian, "__file__", str(tmp_path / "wardian" / "__init__.py"))
    assert sdk.folder.__wrapped__() == tmp_path / "wardian" / "sdk"


def test_without_them_it_is_said_so(tmp_path, monkeypatch):
    monkeypatch.setattr(wardian, "__file__", str(tmp_path / "a" / "wardian" / "__init__.py"))
    with pytest.raises(BuildError, match="not installed"):
        sdk.folder.__wrapped__()
