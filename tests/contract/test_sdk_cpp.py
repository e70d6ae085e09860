"""The layer for C++: its page, its templates and its examples, and undefined behaviour, of which there is none."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import cbor2
import pytest

from support.c_guests import block, compile_guest
from support.probes import SDK, meaning, vectors
from support.raw_guest import GuestFailed, RawGuest
from wardian.errors import BuildError, ConfigError
from wardian.package.manifest import KINDS
from wardian.toolchain.build import build
from wardian.toolchain.project import find

CPP = SDK / "cpp"
MANIFEST = "name: acme/tiny\nversion: 0.1.0\nsymbols: [{kind: extension, name: tiny}]\nbuild: {language: c++}\n"


@pytest.fixture(scope="module")
def checked_probe(tmp_path_factory):
    """The probe with a trap wherever C++ leaves behaviour undefined."""
    output = tmp_path_factory.mktemp("cpp") / "probe.wasm"
    options = ["-fsanitize=undefined", "-fsanitize-trap=undefined", "--no-manifest"]
    compile_guest([CPP / "probe" / "probe.cpp", CPP / "probe" / "kinds.cpp"], output, *options)
    return RawGuest(output, functions={"probe": lambda item: item})


def test_no_vector_meets_undefined_behaviour(checked_probe):
    for name, data in vectors("accept"):
        for entry, request in (("probe_echo", data), ("probe_decode", cbor2.dumps(data))):
            failed, reply = checked_probe.call_bytes(entry, request)
            assert (failed, meaning(reply or b"\xf6")) == (False, meaning(data)), name
    for name, data in vectors("reject"):
        assert checked_probe.call_bytes("probe_echo", data)[0], name
    assert checked_probe.call("probe_calls") == 1


def test_no_kind_meets_undefined_behaviour(checked_probe):
    call = checked_probe.call
    call("plugin_open", {"config": {"count": 2, "interval_ms": 7}})
    assert call("source_poll", {"now": 0, "demand": 5})["done"] is True
    records = [{"data": {"twice": 7}}, {"data": {"fail": "bad"}}, {"data": None}]
    assert len(call("processor_process", {"records": records})) == 3
    assert call("sink_write", {"records": records})[1]["message"] == "bad"
    assert call("function_call", {"rows": [[1, 2], [], None]})[0] == {"value": 3}
    assert call("lookup_rows", {"fields": ["a"], "keys": ["b"], "values": ["c"]}) == [{"a": "a of c"}]
    assert call("lookup_rows", {}) == [{}]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_plugin_to_begin_with_passes_its_cases(kind, tmp_path):
    folder = tmp_path / kind
    shutil.copytree(CPP / "templates" / kind, folder)
    command = [sys.executable, "-m", "wardian", "test", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_plugin_of_its_page_is_built_and_answers(tmp_path):
    (tmp_path / "tiny.cpp").write_text(block(CPP / "README.md", "cpp"))
    (tmp_path / "plugin.yaml").write_text(MANIFEST)
    with pytest.raises(ConfigError, match="exports `extension_call`"):
        build(find(tmp_path))  # it is described as a plugin of a kind, and is none
    guest = RawGuest(compile_guest(tmp_path / "tiny.cpp", tmp_path / "counter.wasm", "--no-manifest"))
    guest.call("plugin_open", {"config": {"step": 2}})
    assert [guest.call("count", "visits") for _ in range(2)] == [2, 4]
    guest.call("plugin_open", {"config": {}})
    assert guest.call("count", "visits") == 5
    for entry, request, said in (
        ("plugin_open", {"config": {"step": "two"}}, "[config] `step` must be an integer"),
        ("count", 7, "[invalid] the request must be a text"),
    ):
        with pytest.raises(GuestFailed, match=re.escape(said)):
            guest.call(entry, request)


TYPES = """
#include "wardian.hpp"
using namespace wardian;

WARDIAN_FUNCTION(small, [](uint8_t number) -> Result { return number; });
WARDIAN_FUNCTION(signed_small, [](int8_t number) -> Result { return number; });
WARDIAN_FUNCTION(number, [](double number) -> Result { return number; });
WARDIAN_FUNCTION(maybe, [](Optional<Text> text) -> Result { return list(text, text.value_or("none")); });
WARDIAN_FUNCTION(pause, [](Duration pause) -> Result { return pause.ms(); });
WARDIAN_FUNCTION(pieces, []() -> Result { return concat("a", 1, Text("bc", 1), -2, uint64_t(-1)); });
WARDIAN_FUNCTION(left_out, []() -> Result { return map("a", Optional<int>(), "b", Optional<int>(2), "c", null); });
WARDIAN_FUNCTION(sizes, [](Item of) -> Result { return list(of.count(), of[1], of[9], of["x"]); });
WARDIAN_FUNCTION(bad_text, []() -> Result { return "\\xff"; });
"""


def test_types_are_read_and_written_as_the_page_says(tmp_path):
    (tmp_path / "types.cpp").write_text(TYPES)
    guest = RawGuest(compile_guest(tmp_path / "types.cpp", tmp_path / "types.wasm"))
    call = guest.call
    assert (call("small", 255), call("signed_small", -128), call("number", 3)) == (255, -128, 3.0)
    assert (call("maybe"), call("maybe", "x")) == ([None, "none"], ["x", "x"])
    assert call("pause", "1.5s") == 1500
    assert call("pieces") == "a1b-218446744073709551615"
    assert call("left_out") == {"b": 2, "c": None}
    assert call("sizes", [5, 6]) == [2, 6, None, None]
    assert call("sizes", {"x": 1}) == [1, 1, None, 1]
    for entry, request, said in (
        ("small", 256, "[invalid] the request must be an integer of at least 0"),
        ("small", -1, "[invalid] the request must be an integer of at least 0"),
        ("signed_small", 128, "[invalid] the request must be an integer"),
        ("number", "3", "[invalid] the request must be a number"),
        ("maybe", 1, "[invalid] the request must be a text"),
        ("pause", "soon", "[invalid] the request must be a duration such as `250ms` or `1m30s`"),
        ("bad_text", None, "[internal]"),
    ):
        with pytest.raises(GuestFailed, match=re.escape(said)):
            call(entry, request)


def test_an_error_of_the_compiler_arrives_with_its_words(tmp_path):
    (tmp_path / "plugin.yaml").write_text(MANIFEST)
    (tmp_path / "tiny.cpp").write_text('#include "wardian.hpp"\nauto odd = wardian::map("key");\n')
    with pytest.raises(BuildError) as caught:
        build(find(tmp_path))
    assert "a map is made of keys and values in turn" in "\n".join(caught.value.problems)
