"""A5: the collector of IntelMQ's extension package, and how plugins are listed, without a botnet and its queues.

The number of a test is that of the clause.
"""

from __future__ import annotations

import base64
import json
import shutil

import pytest

import wardian
from support.canned import canned
from support.examples import SECOND, START
from support.packages import with_package
from support.wat import wasm_of
from wardian import ConfigError, PackageError
from wardian.cli.main import perform

# What lists plugins must not run them: this one never comes to an end.
RUNS_AT_ONCE = """(module (memory (export "memory") 1) (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 0))
  (func (export "source_poll") (param i32 i32) (result i64) (i64.const 0))
  (func $spin (loop $again (br $again))) (start $spin))"""


@pytest.fixture
def special(runtime, c_guest):
    return runtime.load(c_guest("special"), name="special")


@pytest.fixture
def listed(tmp_path, c_guest, capsys):
    """Lists a folder with the plugin `special` and these others; the exit code and what was printed."""

    def run(*options, **others):
        shutil.copy(c_guest("special"), tmp_path / "special.wasm")
        for name, content in others.items():
            (tmp_path / f"{name}.wasm").write_bytes(content)
        code = perform(["list", str(tmp_path), *options])
        out = capsys.readouterr().out
        return code, json.loads(out) if "--json" in options else out

    return run


def package(description="Collects what there is.", name="awesome/bots", symbol="special", version="1.0.0"):
    value = {"name": name, "version": version, "symbols": [{"kind": "source", "name": symbol}]}
    return with_package(canned({"source_poll": {"records": []}}), value | {"description": description})


def test_a5_1_a_bot_is_listed_under_its_kind_with_name_description_and_parameters(listed):
    code, said = listed()
    assert code == 0
    lines = said.splitlines()
    assert lines[:3] == [
        "Source",
        "  special  wardian-examples/special 0.1.0",
        "    Collects reports of threats from a feed that always says the same.",
    ]
    assert "    rate_limit = 1  seconds between two reports" in lines
    assert "    raw  whether reports have what the feed sent" in lines


def test_a5_1_one_without_a_description_says_so(listed):
    code, said = listed(other=package(description=""))
    assert code == 0
    assert "    no description" in said.splitlines()


def test_a5_1_as_json_it_has_the_module_and_the_parameters_with_their_defaults(listed, tmp_path):
    code, told = listed("--json")
    (item,) = told["plugins"]
    assert (code, item["kind"], item["name"]) == (0, "source", "special")
    assert item["file"] == str(tmp_path / "special.wasm")
    assert {each["name"]: each.get("default", "needed") for each in item["parameters"]} == {
        "raw": "needed", "rate_limit": 1, "name": "Special feed",
    }  # fmt: skip


def test_a5_1_to_list_a_plugin_is_not_to_run_it(listed):
    code, told = listed("--json", endless=wasm_of(RUNS_AT_ONCE))
    assert code == 0
    assert [each["name"] for each in told["plugins"]] == ["endless", "special"]


def test_a5_2_a_broken_package_is_shown_with_its_error_and_the_others_are_listed(listed):
    code, told = listed("--json", broken=b"\0asm\1\0\0\0\xff", wrong=package(name="no organization"), fine=package())
    assert code == 3
    assert [each["package"] for each in told["plugins"]] == ["awesome/bots", "wardian-examples/special"]
    errors = {each["file"].rpartition("/")[2]: each["error"] for each in told["broken"]}
    assert set(errors) == {"broken.wasm", "wrong.wasm"}
    assert "`organization/name`" in errors["wrong.wasm"]


def test_a5_2_two_packages_of_one_name_are_an_error_that_names_both(listed):
    code, said = listed(one=package(), two=package("Another one."))
    assert code == 3
    (line,) = [line for line in said.splitlines() if "another one is" in line]
    assert "awesome/bots 1.0.0" in line
    assert "one.wasm" in line
    assert "two.wasm" in line


def test_a5_2_two_versions_of_a_package_or_two_copies_are_no_conflict(listed):
    newer = {version: package(f"Made for {version}.", version=version) for version in ("1.10.0", "1.9.0")}
    code, told = listed("--json", one=package(), copy=package(), **newer)
    assert (code, told["conflicts"]) == (0, [])
    assert [each["version"] for each in told["plugins"]] == ["1.0.0", "1.0.0", "1.9.0", "1.10.0", "0.1.0"]


def test_a5_2_in_one_program_a_name_that_is_taken_is_refused_with_both_packages(runtime):
    first = runtime.load(package(), name="bots")
    catalog = wardian.Catalog([first])
    with pytest.raises(PackageError) as caught:
        catalog.add(runtime.load(package("Another.", name="other/bots"), name="bots"))
    assert caught.value.code == "name_taken"
    assert "awesome/bots 1.0.0" in caught.value.problems[0]
    assert "other/bots 1.0.0" in caught.value.problems[0]
    assert catalog.find("bots:special").plugin is first


def test_a5_3_in_3_5_seconds_there_are_four_reports_of_its_feed(special, clock, keep):
    bot = keep(special.source({"raw": True, "rate_limit": 1, "name": "Special feed"}, clock=clock))
    (reports,) = clock.run(3.5, bot)
    assert len(reports) == 4
    for number, report in enumerate(reports):
        assert base64.b64encode(report.data["raw"]) == b"ZXhhbXBsZQ=="
        assert (report.data["feed.name"], report.data["feed.accuracy"]) == ("Special feed", 100)
        assert report.data["time.observation"] == START + number * SECOND


def test_a5_3_with_raw_false_the_check_warns_and_a_report_has_no_raw(special, clock, keep):
    assert special.check({"raw": False}) == [("warn", "with `raw: false` reports have nothing to parse")]
    (reports,) = clock.run(0.5, keep(special.source({"raw": False}, clock=clock)))
    assert ["raw" in each.data for each in reports] == [False]


def test_a5_3_a_parameter_that_is_not_configured_is_told_before_anything_runs(special):
    with pytest.raises(ConfigError, match="`raw` must be configured"):
        special.source()


def test_a5_5_a_check_gives_levels_and_messages_and_starts_nothing(special):
    assert special.check({}) == [("error", "`raw` must be configured: true or false")]
    assert special.check({"raw": True, "rate_limit": 0}) == [
        ("error", "`rate_limit` must be 0.001 to 31536000 seconds")
    ]
    assert special.check({"raw": True}) == []


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ((), 7, '[[4, "`raw` must be configured: true or false"]]'),
        (("--set", "raw=true"), 0, "check.remarks"),
        (("--set", "raw=false"), 0, "1 remarks"),
    ],
)
def test_a5_5_the_command_shows_them_and_its_exit_code_tells_an_error(c_guest, capsys, settings, code, said):
    assert perform(["check", str(c_guest("special")), "--only", "check.remarks", *settings]) == code
    assert said in " ".join(capsys.readouterr().out.split())
