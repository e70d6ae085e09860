"""The first examples in C, as their pages and files say that they answer."""

import json
import subprocess
import sys
from pathlib import Path

import cbor2
import pycddl
import pytest
import yaml

from support.c_guests import block, compile_guest
from support.raw_guest import GuestFailed, RawGuest
from wardian.abi.codec import Bounds

ROOT = Path(__file__).parents[2]
ABI = ROOT / "sdk" / "abi"
EXAMPLES = ROOT / "guest_examples"
BOUNDS = Bounds(size=2**20, items=100_000, depth=64)


@pytest.fixture(scope="session")
def greet_wasm(tmp_path_factory):
    return compile_guest(EXAMPLES / "greet" / "c" / "greet.c", tmp_path_factory.mktemp("greet") / "greet.wasm")


@pytest.fixture(scope="session")
def count_words_wasm(tmp_path_factory):
    output = tmp_path_factory.mktemp("count_words") / "count_words.wasm"
    return compile_guest(EXAMPLES / "count_words" / "c" / "count_words.c", output)


@pytest.mark.parametrize("example", ["greet", "count_words"])
def test_an_examples_description_is_a_package_of_the_abi(example):
    described = yaml.safe_load((EXAMPLES / example / "plugin.yaml").read_text("utf-8"))
    cddl = (ABI / "abi.cddl").read_text("utf-8")
    pycddl.Schema(f"start = package\n{cddl}").validate_cbor(cbor2.dumps(described))
    assert all((EXAMPLES / example / source).is_file() for source in described["build"]["sources"])


def test_greet_uses_configuration_and_application(greet_wasm):
    users = {"Ada": {"full_name": "Ada Lovelace"}}
    guest = RawGuest(greet_wasm, functions={"lookup_user": users.get})
    assert guest.call("greet", {"name": "Ada"})["text"] == "Hello, Ada Lovelace!"
    guest.call("plugin_open", {"config": {"greeting": "Grüße"}})
    assert guest.call("greet", {"name": "Bob"}) == {"text": "Grüße, Bob!", "user": None}
    assert guest.call("extension_call", {"method": "greet", "argument": {"name": "Bob"}})["text"] == "Grüße, Bob!"
    for entry, request, kind in (
        ("plugin_open", {"config": {"greeting": ""}}, "config"),
        ("greet", {"name": 1}, "invalid"),
        ("greet", None, "invalid"),
        ("extension_call", {"method": "sing"}, "unimplemented"),
    ):
        with pytest.raises(GuestFailed) as failed:
            guest.call(entry, request)
        assert failed.value.error["kind"] == kind
    assert {(one.module, one.name) for one in guest.module.imports} == {("wardian", "take"), ("app", "lookup_user")}


def test_the_program_of_greets_readme_prints_what_the_page_says(greet_wasm):
    page = EXAMPLES / "greet" / "README.md"
    program = block(page, "python").replace("wardian.Runtime()", "wardian.Runtime(cache=None)")
    command = [sys.executable, "-c", program]
    ran = subprocess.run(command, cwd=greet_wasm.parent, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == block(page, "json") == (EXAMPLES / "greet" / "expected.json").read_text("utf-8")


def test_count_words_replies_as_expected_and_keeps_totals(count_words_wasm):
    folder = EXAMPLES / "count_words"
    guest = RawGuest(count_words_wasm)
    guest.call("plugin_open", {"config": {"min_length": 1}})
    lines = (folder / "input.jsonl").read_text("utf-8").splitlines()
    replies = "".join(json.dumps(guest.call("count", json.loads(line))) + "\n" for line in lines)
    assert replies == (folder / "expected.jsonl").read_text("utf-8") == block(folder / "README.md", "json")
    assert guest.logs[0] == [2, "counted 10 words in 2 lines"]
    assert guest.metrics[0] == ["words_counted", "counter", 10.0, None]
    again = RawGuest(count_words_wasm, state=guest.state)
    assert again.call("totals") == {"words": 13, "lines": 3, "bytes": 64, "calls": 3}
    assert again.call("extension_call", {"method": "reset", "argument": None}) is None
    assert again.state == {}


def test_count_words_leaves_words_shorter_than_min_length_out(count_words_wasm):
    guest = RawGuest(count_words_wasm)
    guest.call("plugin_open", {"config": {"min_length": 3}})
    assert guest.call("count", "äöü ab abc\u00a0d")["words"] == 2
    for wrong in (0, -1, "3", 1.5):
        with pytest.raises(GuestFailed, match=r"\[config\]"):
            guest.call("plugin_open", {"config": {"min_length": wrong}})


def test_the_examples_are_small_modules_with_little_memory(greet_wasm, count_words_wasm):
    for wasm in (greet_wasm, count_words_wasm):
        assert wasm.stat().st_size < 17_000
        guest = RawGuest(wasm, functions={"lookup_user": lambda _: None})
        assert guest.memory_size == 2 * 65536
