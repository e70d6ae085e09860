"""Cases 121, 123 and 124: names that lead elsewhere or look like others, and descriptions that would never end."""

from __future__ import annotations

import logging
import time

import pytest

import wardian
from support.canned import canned
from support.packages import with_package
from wardian import ConfigError, Grants, PackageError
from wardian.cli.main import perform
from wardian.package import section
from wardian.package.version import Version
from wardian.plugins import description

SOURCE = canned({"source_poll": {"records": []}})
STATE = Grants(state=True)

# Each would be something else to a file system, a terminal or a reader.
ELSEWHERE = ("../../x", "/abs", "C:\\x", "a/../../b", "a\\b", "con", "~/x", "%2e%2e/x", "a:ads")
UNSEEN = ("", "\u202eb", "a\0b", "a\nb", "\x1b[31mred", "\u200bx", "x" * 10_000, "x" * 10_000_000)
TWINS = (
    ("words", "Words"), ("acme", "\u0430cme"), ("caf\u00e9", "cafe\u0301"), ("a", "a "), ("1", "\uff11"),
    ("a", "a/b"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


@pytest.fixture
def durable(cache, tmp_path, monkeypatch):
    """A runtime whose state is in a file; no other file may be there afterwards, nor where the program runs."""
    (tmp_path / "here" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "below")
    with wardian.Runtime(cache=cache, state=tmp_path / "state.sqlite") as runtime:
        yield runtime
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert {name for name in found if not name.startswith("state.sqlite")} == {"here", "here/below"}


def package(name="acme/bots", version="1.0.0", symbol="ticks"):
    return with_package(SOURCE, {"name": name, "version": version, "symbols": [{"kind": "source", "name": symbol}]})


def printable(error):
    text = str(error)
    assert len(text) < 2_000
    assert all(line.isprintable() for line in text.splitlines())
    return text


# ---- 121: names of plugins, uses and symbols ----


@pytest.mark.parametrize("name", ELSEWHERE)
def test_case_121_a_name_leads_to_no_file_whatever_it_looks_like(durable, name):
    counts = canned({"plugin_open": None, "source_poll": {"records": []}}, "source ticks")
    for named in ({"name": name}, {"name": "ok", "instance": name}):
        with durable.load(counts, grants=STATE, **named) as plugin, plugin.source(instance=name) as source:
            assert source.poll().records == []
            assert repr(plugin).isprintable()
            assert repr(source).isprintable()


@pytest.mark.parametrize("name", UNSEEN)
def test_case_121_a_name_that_cannot_be_seen_whole_is_refused_and_shown_short(runtime, name):
    for named in ({"name": name}, {"instance": name}):
        with pytest.raises(ConfigError) as caught:
            runtime.load(SOURCE, **named)
        assert "expected a printable name" in printable(caught.value)
    plugin = runtime.load(SOURCE)
    with pytest.raises(ConfigError) as caught:
        plugin.source(instance=name)
    printable(caught.value)


@pytest.mark.parametrize(("one", "other"), TWINS)
def test_case_121_names_that_look_alike_never_share_state(durable, c_guest, one, other):
    words = c_guest("accumulate_word_count")
    with durable.load(words, name=one, grants=STATE) as first, durable.load(words, name=other, grants=STATE) as second:
        for plugin in (first, second):
            with plugin.function() as function, plugin.function(instance=one) as named:
                assert (function("a b", " "), named("a b c", " ")) == (2, 3)
        with first.function(instance=one) as function, first.function(instance=other) as twin:
            assert (function("a", " "), twin("a", " ")) == (4, 1)


def test_case_121_a_sign_between_two_names_does_not_make_two_scopes_one(durable, c_guest):
    words = c_guest("accumulate_word_count")
    for name, instance in (("a/b", "c"), ("a", "b/c"), ("a:b", "c"), ("a", "b:c"), ("a\\b", "c"), ("a", "b\\c")):
        with durable.load(words, name=name, grants=STATE) as plugin, plugin.function(instance=instance) as function:
            assert function("one two", " ") == 2, (name, instance)


@pytest.mark.parametrize("name", ["", "\u202eb", "a\0b", "a\nb", "\x1b[31mred", "a:b", "x" * 10_000])
def test_case_121_a_symbol_that_could_not_be_named_is_refused_with_its_package(name):
    with pytest.raises(PackageError) as caught:
        description.read(package(symbol=name))
    assert "symbols[0].name" in printable(caught.value)


@pytest.mark.parametrize("name", [*ELSEWHERE, *UNSEEN[:-1]])
def test_case_121_asking_for_a_symbol_or_a_section_of_such_a_name_is_an_error_in_one_line(runtime, name):
    plugin = runtime.load(package())
    for ask in ({"symbol": name}, {"section": name}):
        with pytest.raises((PackageError, ConfigError)) as caught:
            plugin.source(**ask)
        assert caught.value.message.isprintable()
        assert len(caught.value.message) < 2_000


@pytest.mark.parametrize("path", ["../x", "/abs", "a/../../b", "a/..", "./a", "a//b", "a/", "", "a\0b", "\ud800", ".."])
def test_case_121_files_of_a_package_are_taken_whole_or_not_at_all(runtime, path):
    with pytest.raises(PackageError) as caught:
        runtime.load(SOURCE, grants=Grants(package=True), files={"fine.txt": b"", path: b""})
    assert caught.value.code == "bad_path"
    printable(caught.value)


def test_case_121_a_file_that_is_a_folder_too_is_refused(runtime):
    with pytest.raises(PackageError, match="both a file and a directory"):
        runtime.load(SOURCE, grants=Grants(package=True), files={"a": b"", "a/b": b""})


def test_case_121_log_lines_of_a_plugin_of_any_name_stay_its_own(durable, guest, caplog):
    caplog.set_level(logging.INFO, "wardian.plugin")
    for name in ELSEWHERE:
        caplog.clear()
        with durable.load(guest("logs"), name=name) as plugin:
            plugin.call("go_on")
        assert {record.name for record in caplog.records} == {f"wardian.plugin.{name}"}


# ---- 124: what a package calls itself ----


@pytest.mark.parametrize(
    "name",
    [*ELSEWHERE, *UNSEEN[:-1], "words", "Acme/words", "\u0430cme/words", "acme/w\u00f6rds", "acme/words/more", "acme/",
     "/words", "acme//words", "-a/b", "a/_b", "acme/words\n", "acme/wo rds", "wardian:package/x"],
)  # fmt: skip
def test_case_124_a_package_is_called_organization_and_name_in_plain_letters(name):
    with pytest.raises(PackageError) as caught:
        description.read(package(name=name))
    assert "`organization/name`" in printable(caught.value)


@pytest.mark.parametrize(
    "version", ["latest", "", "1", "1.0", "v1.0.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0 ", "\uff11.0.0",
                "1.0.0\n", "*", "^1.0.0", "1." + "9" * 10_000 + ".0", "../1.0.0"],
)  # fmt: skip
def test_case_124_a_version_is_a_semantic_version_and_no_other_word(version):
    with pytest.raises(ValueError, match="semantic version"):
        Version.parse(version)
    with pytest.raises(PackageError) as caught:
        description.read(package(version=version))
    assert "version" in printable(caught.value)


def test_case_124_a_file_of_a_name_that_is_taken_gets_neither_symbols_nor_state(runtime, c_guest, tmp_path):
    paths = [tmp_path / folder / "words.wasm" for folder in ("a", "b")]
    content = c_guest("accumulate_word_count").read_bytes()
    for path in paths:
        path.parent.mkdir()
        path.write_bytes(content)
    words = runtime.load(paths[0], grants=STATE)
    with words.function() as function:
        assert function("a b", " ") == 2
    paths[1].write_bytes(with_package(content, words.manifest.to_value() | {"description": "Another."}))
    with pytest.raises(ConfigError, match="another plugin keeps its state as `words`"):
        runtime.load(paths[1], grants=STATE)
    catalog = wardian.Catalog([words])
    with pytest.raises(PackageError, match="one name"):
        catalog.add(runtime.load(paths[1], name="words", grants=STATE))
    assert catalog.find("words:accumulateWordCount").plugin is words


def test_case_124_a_listing_tells_two_that_call_themselves_alike(tmp_path, capsys):
    for name in ("one", "two"):
        value = {"name": "acme/bots", "version": "1.0.0", "description": name}
        value["symbols"] = [{"kind": "source", "name": "ticks"}]
        (tmp_path / f"{name}.wasm").write_bytes(with_package(SOURCE, value))
    assert perform(["list", str(tmp_path)]) == 3
    assert "another one is" in capsys.readouterr().out


# ---- 123: descriptions in modules ----

TEXT = b"\x64name\x69acme/bots"
DESCRIPTIONS = {
    "50 MB": b"\x5a\x02\xfa\xf0\x80" + b"\0" * 50_000_000,
    "a text that says 50 MB": b"\xa1\x64name\x7a\x02\xfa\xf0\x80" + b"a" * 100,
    "a list that says 2**60 items": b"\x9b\x10\0\0\0\0\0\0\0",
    "60k deep": b"\x81" * 60_000 + b"\0",
    "maps, 20k deep": b"\xa1\x61a" * 20_000 + b"\0",
    "a key twice": b"\xa2" + TEXT + TEXT,
    "a number of 10,000 digits": b"\xa1\x64name\xc2\x59\x10\x38" + b"\xff" * 4152,
    "a shared value": b"\xd8\x1c\x81\xd8\x1d\x00",
    "an unknown tag": b"\xa1\x64name\xd9\xd9\xf7\xa0",
    "no end": b"\x9f" + b"\0" * 1000,
    "UTF-16": b"\xa1\x64name\x68" + "acme".encode("utf-16-le"),
    "half a pair": b"\xa1\x64name\x63\xed\xa0\x80",
    "two items": b"\xa0\xa0",
    "nothing": b"",
    "60,000 symbols": b"\xa1\x67symbols\x99\xea\x60" + b"\xa0" * 60_000,
    "unknown kinds": b"\xa1\x67symbols\x99\x20\x00" + b"\x80" * 8192,
}


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_case_123_no_description_is_more_than_a_package_error(name):
    wasm = section.embed(SOURCE, DESCRIPTIONS[name])
    started = time.monotonic()
    with pytest.raises(PackageError) as caught:
        description.read(wasm)
    assert time.monotonic() - started < 30
    assert caught.value.code == "bad_package"
    text = str(caught.value)
    assert len(text) < 20_000
    assert all(line.isprintable() for line in text.splitlines())


def test_cases_123_and_124_what_is_wrong_is_refused_when_a_plugin_is_loaded(runtime):
    for wasm in (package(name="../../x"), package(version="latest"), section.embed(SOURCE, DESCRIPTIONS["60k deep"])):
        with pytest.raises(PackageError) as caught:
            runtime.load(wasm)
        assert caught.value.code == "bad_package"
