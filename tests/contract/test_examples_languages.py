"""The examples that are written in several languages answer alike: here those of C++ and Zig."""

from __future__ import annotations

import json
import re

import pytest

from support.built import built
from support.examples import EXAMPLES
from support.raw_guest import GuestFailed, RawGuest

pytestmark = pytest.mark.parametrize("language", ["cpp", "zig"])


def test_greet_says_what_it_says_in_c(language, shared_folder):
    wasm = built(EXAMPLES / "greet" / language, shared_folder)
    guest = RawGuest(wasm, functions={"lookup_user": {"Ada": {"id": 7, "full_name": "Ada Lovelace"}}.get})
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
