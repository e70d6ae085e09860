"""The probes of the SDKs: a plugin in each language that does everything the ABI promises, built by the toolchain."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wardian import Grants, GuestError, Limits
from wardian.abi.codec import Bounds, decode
from wardian.toolchain import languages

SDK = Path(__file__).parents[2] / "sdk"
FOLDERS = {"c++": "cpp"}
# WebAssembly's own text has no SDK: its page shows the ABI by hand.
LANGUAGES = [name for name in languages.NAMES if name != "wat"]
# In JavaScript 1 and 1.0 are one number.
ONE_KIND_OF_NUMBER = {"javascript", "typescript"}
# The order of keys has no meaning, and Go's maps have none.
NO_ORDER = {"go"}

GRANTS = Grants(
    state=True, clock=True, random=True, emit=True, template=True, vars=True, actions=True, extensions=True,
    http=["127.0.0.1:1"],
)  # fmt: skip
PATIENT = Limits(deadline=20, start_deadline=20)  # other tests load this machine
KINDS = (
    "invalid", "config", "transient", "denied", "exhausted", "not_found", "conflict", "unimplemented", "internal",
)  # fmt: skip
BOUNDS = Bounds(size=2**20, items=100_000, depth=64)


def folder(language):
    """Where the probe of a language stands."""
    return SDK / FOLDERS.get(language, language) / "probe"


def vectors(kind):
    """The name and the bytes of each vector that an SDK has to accept or reject."""
    return [
        (f"{path.stem}: {vector['name']}", bytes.fromhex(vector["hex"]))
        for path in sorted((SDK / "abi" / "vectors" / kind).glob("*.json"))
        for vector in json.loads(path.read_text("utf-8"))
    ]


def refusal(plugin, entry, request=None):
    """The error that a call is answered with."""
    with pytest.raises(GuestError) as caught:
        plugin.call(entry, request)
    return caught.value


def meaning(data, language=""):
    """What bytes mean, as a text that tells 1, 1.0 and True apart, 0.0 and -0.0, and shows NaN equal to NaN."""
    return shown(decode(data, BOUNDS), language)


def shown(value, language=""):
    """The same for a decoded value."""
    value = _as_one(value) if language in ONE_KIND_OF_NUMBER else value
    return repr(_in_order(value) if language in NO_ORDER else value)


def _in_order(value):
    """The value with the keys of its maps in order."""
    if isinstance(value, list):
        return [_in_order(each) for each in value]
    if isinstance(value, dict):
        return {key: _in_order(value[key]) for key in sorted(value, key=repr)}
    return value


def _as_one(value):
    """The value with every whole float as an integer, as a language sees it that has one kind of number."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= 2**53:
        return int(value)
    if isinstance(value, list):
        return [_as_one(each) for each in value]
    if isinstance(value, dict):
        return {key: _as_one(each) for key, each in value.items()}
    return value
