"""The messages of the ABI: its CDDL against the examples, with a public tool."""

import json
import re
from pathlib import Path

import pycddl
import pytest
import yaml

from wardian.abi.codec import Bounds, decode, encode
from wardian.abi.contract import ENTRY_POINTS, HOST_IMPORTS, LIFECYCLE, TAKE
from wardian.abi.failure import ERROR_KINDS

ABI = Path(__file__).parents[2] / "sdk" / "abi"
CDDL = (ABI / "abi.cddl").read_text("utf-8")
RULES = dict(re.findall(r"^([a-z0-9-]+) = (.*)$", CDDL, re.MULTILINE))
MESSAGES = {rule for rule in RULES if rule.endswith(("-request", "-reply"))} | {"error", "record", "package", "symbol"}
VECTORS = [
    vector
    for path in sorted((ABI / "vectors" / "messages").glob("*.json"))
    for vector in json.loads(path.read_text("utf-8"))
]

# What pycddl 0.6 lets pass, as it takes a list for its own elements where a type is a choice or a map of any keys, and
# looks for no unknown key where every key is optional. The vectors are wrong all the same, and the SDKs are held to
# them; once the tool sees it, the test fails and the name goes from here.
UNSEEN = {
    "function-call-request: rows that are maps",
    "log-request: fields in a list",
    "lookup-rows-reply: rows as lists",
    "plugin-open-reply: a field of nobody",
    "processor-process-reply: records without lists",
    "sink-write-reply: a list of true",
    "source-request-reply: a list",
    "state-delete-request: a list",
}

# Two names are both an import and an entry point, with messages of their own.
BOTH = {"action_call", "extension_call"}


def matches(rule, item):
    try:
        # The first rule of a schema is the one that an item is checked against.
        pycddl.Schema(f"checked = {rule}\n{CDDL}").validate_cbor(item)
    except pycddl.ValidationError:
        return False
    return True


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_a_message_matches_its_rule_exactly_when_its_vector_says_so(vector):
    expected = vector["valid"] or vector["name"] in UNSEEN
    assert matches(vector["rule"], bytes.fromhex(vector["hex"])) is expected


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_a_message_is_an_item_of_the_abi_even_when_it_is_invalid(vector):
    decode(bytes.fromhex(vector["hex"]), Bounds(size=65_536, items=1_000, depth=64))


@pytest.mark.parametrize("rule", sorted(MESSAGES))
def test_each_message_has_a_valid_example_and_an_invalid_one(rule):
    verdicts = {vector["valid"] for vector in VECTORS if vector["rule"] == rule}
    assert verdicts == ({True} if RULES[rule] == "any" else {True, False})


def test_each_host_call_and_each_entry_point_has_its_messages():
    calls = {name + "_host" if name in BOTH else name for name in HOST_IMPORTS if name != TAKE}
    entries = {*LIFECYCLE, *(name for names in ENTRY_POINTS.values() for name in names)}
    spoken = {name.replace("_", "-") + end for name in calls | entries for end in ("-request", "-reply")}
    assert spoken | {"command-request", "error", "record", "package", "symbol"} == MESSAGES


def test_the_error_kinds_are_those_of_the_host():
    for kind in (*ERROR_KINDS, "fatal", ""):
        item = b"\xa2\x64kind" + bytes([0x60 + len(kind)]) + kind.encode() + b"\x67message\x60"
        assert matches("error", item) is (kind in ERROR_KINDS)


def test_the_kinds_of_plugin_are_those_of_the_host():
    for kind in (*ENTRY_POINTS, "widget"):
        item = b"\xa2\x64kind" + bytes([0x60 + len(kind)]) + kind.encode() + b"\x64name\x61x"
        assert matches("symbol", item) is (kind in ENTRY_POINTS)


def test_the_package_that_the_page_shows_is_valid():
    (shown,) = re.findall(r"```yaml\n(.*?)```", (ABI / "ABI.md").read_text("utf-8"), re.DOTALL)
    assert matches("package", encode(yaml.safe_load(shown), Bounds(size=65_536, items=1_000, depth=64)))


def test_the_page_names_every_import_entry_point_and_kind():
    page = (ABI / "ABI.md").read_text("utf-8")
    entries = (*LIFECYCLE, *(name for names in ENTRY_POINTS.values() for name in names))
    for name in (*HOST_IMPORTS, *entries, *ERROR_KINDS):
        assert f"`{name}`" in page, name
    for kind in ENTRY_POINTS:
        assert f"| {kind} |" in page, kind
    assert len(page.splitlines()) <= 400
