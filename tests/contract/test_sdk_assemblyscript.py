"""The AssemblyScript SDK: its own tests, its page, and what is its alone; `test_sdks.py` has what all SDKs promise."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import wardian
from support.built import built
from wardian import ConfigError, Grants, GuestError, Trap
from wardian.plugins.inspection import inspect
from wardian.toolchain.build import build
from wardian.toolchain.node import NODE, node
from wardian.toolchain.project import find

SDK = Path(__file__).parents[2] / "sdk"
OWN = SDK / "assemblyscript"
DESCRIPTION = """\
name: acme/counter
version: 1.0.0
symbols: [{kind: extension, name: counter}]
build: {language: assemblyscript}
"""


@pytest.fixture
def load_text(runtime, tmp_path):
    """Builds a plugin of a text and loads it."""

    def loaded(text, **more):
        (tmp_path / "plugin.yaml").write_text(DESCRIPTION)
        # What makes it an extension, which it does not have to be.
        (tmp_path / "counter.ts").write_text(text + "\n@entry\nfunction extension_call(): void {}\n")
        return runtime.load(build(find(tmp_path)).module, **more)

    return loaded


def test_its_own_tests_pass_in_a_host_that_knows_nothing_of_the_runtime(shared_folder):
    module = built(OWN / "tests", shared_folder)
    command = node()
    assert command, f"install it: {NODE.install}"
    done = subprocess.run(
        [*command, OWN / "tests" / "run.mjs", module, SDK / "abi" / "vectors"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    tests, vectors = map(int, re.match(r"(\d+) tests, (\d+) vectors, 0 wrong", done.stdout).groups())
    written = "".join((OWN / "tests" / name).read_text("utf-8") for name in ("tests.ts", "messages.ts"))
    assert tests == written.count("function test_")
    assert vectors == sum(
        each.read_text("utf-8").count('"hex"')
        for folder in ("accept", "reject")
        for each in (SDK / "abi" / "vectors" / folder).glob("*.json")
    )


def test_the_plugin_of_its_page_counts(load_text):
    (text,) = re.findall(r"```ts\n(.*?)```", (OWN / "README.md").read_text("utf-8"), re.DOTALL)
    plugin = load_text(text, grants=Grants(state=True), config={"step": 2})
    assert [plugin.call("count", "visits") for _ in range(2)] == [2, 4]
    with pytest.raises(GuestError, match="the request must be a text"):
        plugin.call("count", 7)
    with pytest.raises(ConfigError, match="`step` must be at least 1"):
        load_text(text, grants=Grants(state=True), config={"step": 0}).call("count", "visits")


def test_what_a_plugin_does_not_use_is_no_import_of_it(shared_folder, runtime):
    found = inspect(runtime, built(OWN / "templates" / "action", shared_folder))
    assert [each.name for each in found.imports] == ["wardian.log"]  # where what is thrown is told
    found = inspect(runtime, built(OWN / "templates" / "extension", shared_folder))
    assert {each.name for each in found.imports} == {
        f"wardian.{name}" for name in ("log", "take", "state_get", "state_add")
    }


@pytest.mark.parametrize(
    ("entry", "request_", "said"),
    [("probe_panic", "ü" * 3000, "?????"), ("probe_beyond", "abc", "Index out of range")],
)
def test_what_is_thrown_is_logged_with_its_place_however_long_it_is(load_probe_alone, lines, entry, request_, said):
    with pytest.raises(Trap):
        load_probe_alone.call(entry, request_)
    (line,) = lines
    assert line.level == "error"
    assert said in line.message
    assert re.search(r"\(\S+\.ts:\d+:\d+\)$", line.message)


@pytest.fixture
def load_probe_alone(probe_wasm, cache, lines):
    """The probe in this language."""
    with wardian.Runtime(cache=cache, on_log=lines.append) as runtime:
        grants = Grants(
            state=True, clock=True, random=True, emit=True, template=True, vars=True, actions=True, extensions=True,
            http=["127.0.0.1:1"],
        )  # fmt: skip
        yield runtime.load(
            probe_wasm("assemblyscript"), name="probe", grants=grants, functions={"probe": id}, on_emit=id,
            actions={}, extensions={}, variables={},
        )  # fmt: skip


@pytest.mark.parametrize("mistake", ["bad text", "bad key", "endless"])
def test_a_reply_that_cannot_be_written_is_an_internal_error(load_probe_alone, mistake):
    with pytest.raises(GuestError, match="the reply cannot be written") as caught:
        load_probe_alone.call("probe_mistake", mistake)
    assert caught.value.kind == "internal"


def test_after_a_failure_nothing_more_happens_and_the_first_one_is_told(load_probe_alone, lines):
    with pytest.raises(GuestError, match="the first failure"):
        load_probe_alone.call("probe_logged_twice", "ü😀")
    assert [line.message for line in lines] == ["3"]
