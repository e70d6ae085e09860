"""What plugins say of themselves is read once."""

from __future__ import annotations

import hashlib

import pytest

from support.plans import planned
from wardian.errors import PackageError


def test_a_module_is_read_once_with_its_digest(tmp_path):
    known = planned(tmp_path, "", "processor cut").descriptions
    digest = hashlib.sha256((tmp_path / "p.wasm").read_bytes()).hexdigest()
    assert known.digest("p") == digest
    (tmp_path / "p.wasm").unlink()
    assert (str(known.manifest("p").version), known.digest("p")) == ("1.2.3", digest)


def test_one_that_cannot_be_read_says_so_each_time(tmp_path):
    known = planned(tmp_path, "").descriptions
    (tmp_path / "p.wasm").unlink()
    for ask in (known.manifest, known.digest):
        with pytest.raises(PackageError, match="no such file"):
            ask("p")
