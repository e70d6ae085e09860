"""The examples that are written in several languages answer alike, whatever language it is."""

from __future__ import annotations

import json
import re

import pytest

from support.built import built
from support.examples import EXAMPLES, NAMES
from support.raw_guest import GuestFailed, RawGuest
from wardian import Grants, Limits
from wardian.toolchain import languages

USERS = {"Ada": {"id": 7, "full_name": "Ada Lovelace"}}
LANGUAGES = sorted(languages.folder(name) for name in languages.NAMES if name != "wat")

# Each folder of a language below an example, so that none is forgotten.
EVERY = [(name, folder) for name in NAMES for folder in LANGUAGES if (EXAMPLES / name / folder).is_dir()]
LOADED = {
    "greet": {"config": {"greeting": "Welcome"}, "functions": {"lookup_user": USERS.get}},
    "count_words": {"grants": Grants(state=True)},
}
SMALL = pytest.mark.parametrize("language", ["cpp", "zig"])


def test_greet_and_count_words_are_there_in_every_language():
    found = [(name, folder) for name, folder in EVERY if name in LOADED]
    assert found == [(name, folder) for name in ("count_words", "greet") for folder in LANGUAGES]
    folders = {each.name for name in NAMES for each in (EXAMPLES / name).iterdir() if each.is_dir()}
    assert folders <= {*LANGUAGES, "__pycache__"}


@pytest.mark.parametrize(("name", "language"), [each for each in EVERY if each[0] in LOADED])
def test_an_example_answers_in_each_language_as_its_expected_output_says(name, language, shared_folder, runtime):
    (asked,), (expected,) = EXAMPLES.joinpath(name).glob("input.json*"), EXAMPLES.joinpath(name).glob("expected.json*")
    wasm = built(EXAMPLES / name / language, shared_folder)
    entry = {"greet": "greet", "count_words": "count"}[name]
    with runtime.load(wasm, name=name, limits=Limits(deadline=20, start_deadline=20), **LOADED[name]) as plugin:
        replies = [plugin.call(entry, json.loads(line)) for line in asked.read_text("utf-8").splitlines()]
    assert replies == [json.loads(line) for line in expected.read_text("utf-8").splitlines()]


@SMALL
def test_greet_says_what_it_says_in_c(language, shared_folder):
    wasm = built(EXAMPLES / "greet" / language, shared_folder)
    guest = RawGuest(wasm, functions={"lookup_user": USERS.get})
    assert {(one.module, one.name) for one in guest.module.imports} == {("wardian", "take"), ("app", "lookup_user")}
    asked = json.loads((EXAMPLES / "greet" / "input.json").read_text("utf-8"))
    guest.call("plugin_open", {"config": {"greeting": "Welcome"}})
    assert guest.call("greet", asked) == json.loads((EXAMPLES / "greet" / "expected.json").read_text("utf-8"))
    assert guest.call("extension_call", {"method": "greet", "argument": {"name": "Bob"}})["text"] == "Welcome, Bob!"
    for entry, request, said in (
        ("plugin_open", {"config": {"greeting": ""}}, "[config] `greeting` must be a text that is not empty"),
        ("greet", {"name": 1}, "[invalid] `name` must be a text"),
        ("extension_call", {"method": "sing"}, "[unimplemented] the only method is `greet`"),
    ):
        with pytest.raises(GuestFailed, match=re.escape(said)):
            guest.call(entry, request)
    assert wasm.stat().st_size < 24_000
    assert guest.memory_size == 2 * 65536


@SMALL
def test_count_words_answers_as_expected_and_keeps_totals(language, shared_folder):
    folder = EXAMPLES / "count_words"
    guest = RawGuest(built(folder / language, shared_folder))
    lines = (folder / "input.jsonl").read_text("utf-8").splitlines()
    replies = "".join(json.dumps(guest.call("count", json.loads(line))) + "\n" for line in lines)
    assert replies == (folder / "expected.jsonl").read_text("utf-8")
    assert guest.logs[0] == [2, "counted 10 words in 2 lines"]
    assert guest.metrics[0] == ["words_counted", "counter", 10.0, None]
    assert guest.call("totals") == {"words": 13, "lines": 3, "bytes": 64, "calls": 3}
    assert guest.call("extension_call", {"method": "reset", "argument": None}) is None
    guest.call("plugin_open", {"config": {"min_length": 3}})
    assert guest.call("count", "äöü ab abc\u00a0d")["words"] == 2
    for wrong in (0, -1, "3", 1.5):
        with pytest.raises(GuestFailed, match=r"\[config\] .*min_length` must be an integer"):
            guest.call("plugin_open", {"config": {"min_length": wrong}})
