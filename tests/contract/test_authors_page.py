"""What docs/authors.md says of cases is so."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from wardian.cli import testing
from wardian.document.structs import Place
from wardian.toolchain import sdk
from wardian.toolchain.cases.document import Case, read

PAGE = (Path(__file__).parents[2] / "docs" / "authors.md").read_text("utf-8")
BLOCKS = re.findall(r"^```yaml\n(cases:.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("text", BLOCKS, ids=["cases", "host"])
def test_the_cases_that_the_page_shows_can_be_read(text, tmp_path):
    (tmp_path / "cases.yaml").write_text(text)
    assert read(tmp_path / "cases.yaml").cases


def test_the_cases_that_the_page_shows_pass(tmp_path):
    shutil.copytree(sdk.folder() / "c" / "templates" / "processor", tmp_path / "plugin")
    (tmp_path / "plugin" / "cases.yaml").write_text(BLOCKS[0])
    assert testing.test(testing.Asked(place=str(tmp_path / "plugin"), no_promises=True)) == 0


def test_the_table_has_every_key_of_a_case():
    table = PAGE.partition("| key of a case |")[2].partition("\n\n")[0]
    keys = {key for line in table.splitlines()[2:] for key in re.findall(r"`(\w+)`", line.split("|")[1])}
    known = {name for name, each in Case.__dataclass_fields__.items() if each.default_factory is not Place}
    assert keys == known
