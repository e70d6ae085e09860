"""Each example, found by its folder: it is described, small, does what its page says, and survives any request."""

from __future__ import annotations

import contextlib
import re
import shlex
import subprocess
import sys

import cbor2
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from support.examples import EXAMPLES, NAMES, ROOT, SPOKEN, description, schema
from support.raw_guest import GuestFailed
from wardian.plugins.inspection import inspect


def block(page, language):
    """All fenced blocks of a language, joined."""
    return "".join(re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL))


@pytest.mark.parametrize("name", NAMES)
class TestEach:
    def test_it_has_a_page_a_description_and_short_sources(self, name):
        folder = EXAMPLES / name
        assert len((folder / "README.md").read_text("utf-8").splitlines()) <= 40
        described = yaml.safe_load((folder / "plugin.yaml").read_text("utf-8"))
        schema("package").validate_cbor(cbor2.dumps(described))
        assert described["build"]["sources"] == [f"c/{name}.c"]
        for source in described["build"]["sources"]:
            assert len((folder / source).read_text("utf-8").splitlines()) <= 120

    def test_its_module_says_what_its_description_says_and_keeps_it(self, name, c_guest, runtime):
        described = yaml.safe_load((EXAMPLES / name / "plugin.yaml").read_text("utf-8"))
        assert description(c_guest(name).read_bytes()) == described
        found = inspect(runtime, c_guest(name))
        assert found.package_fault == ""
        assert {symbol["kind"] for symbol in described["symbols"]} == set(found.kinds)
        needed = {need.capability for need in found.imports if need.access in ("granted", "function")}
        assert needed == set(described.get("capabilities", {}))

    def test_it_is_a_small_module_with_little_memory(self, name, c_guest, example):
        assert c_guest(name).stat().st_size < (8_000 if name == "greet" else 10_500)
        assert example(name).memory_size == 2 * 65536

    def test_its_page_prints_what_it_shows(self, name, c_guest, tmp_path):
        folder = tmp_path / "guest_examples" / name
        (folder / "c").mkdir(parents=True)
        (folder / "c" / f"{name}.wasm").write_bytes(c_guest(name).read_bytes())
        page = EXAMPLES / name / "README.md"
        for module in set(re.findall(r'"(\w+)\.wasm"', block(page, "python"))):
            (tmp_path / f"{module}.wasm").write_bytes(c_guest(module).read_bytes())
        for each in EXAMPLES.joinpath(name).glob("input.json*"):
            (folder / each.name).write_bytes(each.read_bytes())
        lines = block(page, "sh").replace("\\\n", "").splitlines()
        commands = [shlex.split(line)[1:] for line in lines if line.startswith("wardian ")]
        calls = [["-m", "wardian", *words] for words in commands]
        calls += [["-c", program] for program in filter(None, [block(page, "python")])]
        assert calls
        printed = ""
        for words in calls:
            done = subprocess.run([sys.executable, *words], cwd=tmp_path, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            printed += done.stdout
        (expected,) = EXAMPLES.joinpath(name).glob("expected.*")
        assert printed == block(page, "json") + block(page, "text") == expected.read_text("utf-8")

    def test_its_page_builds_it_by_its_path(self, name):
        words = [
            shlex.split(line) for line in block(EXAMPLES / name / "README.md", "sh").replace("\\\n", "").splitlines()
        ]
        built = [ROOT / line[1] for line in words if line[0] == "sdk/c/wardian-cc"]
        assert EXAMPLES / name / "c" / f"{name}.c" in built
        assert all(source.is_file() for source in built)


# What may stand anywhere in a request: any item, and often what some example looks for.
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(max_size=20)
    | st.sampled_from(["a=1 b", '"', "1m30s", "192.0.2.1", "code", "locate", "greet", b"bytes"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["name", "interval", "pattern", "seed", "raw", "status", "url", "source.ip", "Message"])
        | st.text(max_size=5),
        inner,
        max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip
maps = st.dictionaries(st.text(max_size=8), anything, max_size=3)
record = st.fixed_dictionaries(
    {"data": anything},
    optional={
        "type": st.sampled_from(["log", "metric", "span", "bytes", "event"]), "time": st.integers(0, 2**62),
        "key": st.text(max_size=9) | st.binary(max_size=9), "tags": maps, "meta": maps, "path": st.text(max_size=9),
        "message": st.text(max_size=9),
    },
)  # fmt: skip
records = st.fixed_dictionaries({"records": st.lists(record, max_size=4)})
argument = st.fixed_dictionaries({"literal": anything}) | st.just({"column": "a", "type": "text"})
context = dict.fromkeys(("plugin", "version", "symbol", "instance"), "any")
names = st.lists(st.sampled_from(["code", "name", "continent", "population"]), max_size=3)
REQUESTS = {
    "plugin_open": st.fixed_dictionaries(
        {"config": maps | anything, "context": st.just(context)}, optional={"layers": st.lists(maps, max_size=3)}
    ),
    "plugin_check": st.fixed_dictionaries({"config": maps | anything}),
    "source_poll": st.fixed_dictionaries({"now": st.integers(0, 2**62), "demand": st.integers(0, 9)}),
    "action_call": st.fixed_dictionaries({"params": maps | anything, "vars": maps}),
    "action_cancel": st.fixed_dictionaries({"reason": st.text(max_size=9), "params": anything}),
    "processor_process": records,
    "function_call": st.fixed_dictionaries({"rows": st.lists(st.lists(anything, max_size=3), max_size=4)}),
    "function_validate": st.fixed_dictionaries({"args": st.lists(argument, max_size=3)}),
    "aggregator_add": records,
    "aggregator_flush": st.none(),
    "aggregator_reset": st.none(),
    "sink_write": records,
    "sink_flush": st.fixed_dictionaries({"urgent": st.booleans()}),
    "lookup_rows": st.fixed_dictionaries({"fields": names, "keys": names, "values": st.lists(anything, max_size=3)}),
    "extension_call": st.fixed_dictionaries(
        {"method": st.sampled_from(["locate", "count", "x"]), "argument": anything}
    ),
}


@pytest.fixture(scope="session")
def instances(example):
    """One instance of each example for all requests that are tried: none of them may spoil it."""
    return {name: example(name) for name in NAMES}


def entries(guest):
    return sorted(SPOKEN & {export.name for export in guest.module.exports})


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25)
@given(data=st.data())
def test_a_right_request_is_answered_by_a_message_of_the_abi(instances, name, data):
    guest = instances[name]
    for entry in entries(guest):
        # A reply that is no message, and an error that is none, fail in here.
        with contextlib.suppress(GuestFailed):
            guest.call(entry, data.draw(REQUESTS[entry], label=entry))


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25)
@given(asked=anything)
def test_a_wrong_request_is_no_end_of_an_instance(instances, name, asked):
    guest = instances[name]
    for entry in entries(guest):
        for item in (asked, *({field: asked} for field in ("records", "rows", "args", "config", "params", "argument"))):
            failed, reply = guest.call_bytes(entry, cbor2.dumps(item))
            if failed:
                schema("error").validate_cbor(reply)


@pytest.mark.parametrize("name", NAMES)
def test_no_records_are_no_outcomes(instances, name):
    for entry, field in (("processor_process", "records"), ("function_call", "rows")):
        if entry in entries(instances[name]):
            assert instances[name].call(entry, {field: []}) == []
