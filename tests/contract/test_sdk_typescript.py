"""The TypeScript SDK: its types, and the plugin of its README."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import wardian
from wardian import Limits
from wardian.toolchain.build import build, cache
from wardian.toolchain.node import NODE, npm_package
from wardian.toolchain.project import find
from wardian.toolchain.workshop import Workshop

SDK = Path(__file__).parents[2] / "sdk"
README = (SDK / "typescript" / "README.md").read_text("utf-8")
MANIFEST = """name: acme/long_texts
version: 1.0.0
symbols:
  - {kind: processor, name: long_texts}
build: {language: typescript, sources: [long_texts.ts]}
"""


@pytest.fixture(scope="session")
def tsc(tmp_path_factory):
    """Checks the types of a folder with a `tsconfig.json`; gives what TypeScript says."""
    folder = npm_package("typescript", "5.9.3", Workshop(tmp_path_factory.mktemp("work"), cache()))
    command = [*NODE.find(), folder / "node_modules" / "typescript" / "bin" / "tsc"]

    def check(place):
        return subprocess.run([*command, "-p", place], capture_output=True, text=True, check=False).stdout

    return check


@pytest.fixture
def page(tmp_path):
    """The folder of the README's plugin, as its reader makes it."""
    (tmp_path / "long_texts.ts").write_text(re.search(r"```ts\n(.*?)```", README, re.DOTALL)[1])
    (tmp_path / "plugin.yaml").write_text(MANIFEST)
    (tmp_path / "tsconfig.json").write_text(re.search(r"```json\n(.*?)```", README, re.DOTALL)[1])
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "wardian").symlink_to(SDK / "javascript")
    return tmp_path


def test_the_types_of_templates_examples_and_probe_are_right(tsc):
    assert tsc(SDK / "typescript") == ""


def test_the_plugin_of_its_page_keeps_long_texts(page, tsc, runtime):
    assert tsc(page) == ""
    limits = Limits(deadline=20, start_deadline=20)  # other tests load this machine
    plugin = runtime.load(build(find(page)).module, config={"least": 3}, limits=limits)
    outcomes = plugin.call("processor_process", {"records": [{"data": {"text": each}} for each in ("ab", "abc", 5)]})
    assert outcomes[:2] == [[], [{"data": {"text": "abc"}}]]
    assert outcomes[2]["kind"] == "invalid"
    assert isinstance(plugin, wardian.Plugin)


def test_a_wrong_type_is_found(page, tsc):
    source = page / "long_texts.ts"
    source.write_text(source.read_text().replace("least = config.least ?? least", "least = config.most"))
    assert "long_texts.ts" in tsc(page)
