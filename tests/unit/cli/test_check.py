"""`wardian.cli.check`: every problem of a configuration, one to a line."""

import json

import pytest

from support.packages import described
from support.wat import wasm_of
from wardian.abi.bounds import Bounds
from wardian.abi.codec import encode
from wardian.cli.main import perform
from wardian.package import section

RIGHT = """\
version: 1
plugins: {acme/ticker: {source: ./ticker.wasm}}
sources:
  ticker:
    plugin: acme/ticker
    section: fast
    config:
      interval: 1s
"""
PACKAGE = {
    "name": "acme/ticker", "version": "1.0.0",
    "symbols": [{"kind": "source", "name": "ticker", "config": {
        "schema": {"properties": {"interval": {"type": "string"}}, "additionalProperties": False},
        "defaults": {"interval": "1m"}, "sections": {"fast": {"interval": "100ms"}},
    }}],
}  # fmt: skip


@pytest.fixture
def check(tmp_path, monkeypatch, capsys):
    """Checks a text, and gives the exit code and what was printed."""
    monkeypatch.chdir(tmp_path)
    module = wasm_of('(module (func (export "wardian_abi_v1")))')
    (tmp_path / "ticker.wasm").write_bytes(section.embed(module, encode(PACKAGE, Bounds(10_000, 100, 30))))

    def checked(text, *options):
        (tmp_path / "wardian.yaml").write_text(text)
        code = perform(["check", "wardian.yaml", *options])
        return code, *capsys.readouterr()

    return checked


def test_what_is_right_is_said_to_be(check):
    assert check(RIGHT) == (0, "", "wardian.yaml: no problems\n")


def test_each_problem_is_a_line_of_its_own(check):
    code, out, err = check(RIGHT.replace("version: 1", "version: 2") + "sink: {}\nsinks: {x: {plugin: y}}\n")
    assert code == 5
    assert [line.split(": ")[0] for line in out.splitlines()] == ["wardian.yaml:1", "wardian.yaml:9", "wardian.yaml:10"]
    assert err == "wardian.yaml: 3 problems\n"


def test_what_the_package_says_of_its_configuration_is_checked(check):
    code, out, err = check(RIGHT.replace("interval: 1s", "intervall: 1s").replace("fast", "slow"))
    assert code == 5
    section_line, key_line = out.splitlines()
    assert (
        section_line == "wardian.yaml:6: sources.ticker.section: expected a section of acme/ticker: `fast`, got `slow`"
    )
    assert key_line.startswith("wardian.yaml:8: sources.ticker.config.intervall: expected a known key, got `intervall`")
    assert key_line.endswith("(did you mean `interval`?)")
    assert err == "wardian.yaml: 2 problems\n"
    assert check(RIGHT.replace("1s", "5"))[1].startswith("wardian.yaml:8: sources.ticker.config.interval")
    assert check(RIGHT + "    symbol: tickr\n")[0] == 5


def test_a_window_without_an_aggregator_and_an_aggregator_without_one_are_told(check, tmp_path):
    module = wasm_of('(module (func (export "wardian_abi_v1")))')
    (tmp_path / "steps.wasm").write_bytes(described(module, "processor cut", "aggregator sum"))
    steps = "steps: {a: {plugin: p, symbol: sum}, b: {plugin: p, symbol: cut, window: {count: 3}}, c: {plugin: p}}\n"
    code, out, _ = check("version: 1\nplugins: {p: {source: ./steps.wasm}}\n" + steps)
    assert code == 5
    assert out.splitlines() == [
        "wardian.yaml:3: steps.a: expected a `window`, as `sum` is an aggregator, got none",
        "wardian.yaml:3: steps.b.window: expected no `window`, as `cut` is a processor, got one",
    ]


def test_a_plugin_that_cannot_be_looked_at_is_a_note(check, tmp_path):
    (tmp_path / "ticker.wasm").write_bytes(wasm_of('(module (func (export "wardian_abi_v1")))'))
    assert check(RIGHT) == (
        0, "", "note: ./ticker.wasm: not looked at: it says nothing of a package\nwardian.yaml: no problems\n",
    )  # fmt: skip
    (tmp_path / "ticker.wasm").unlink()
    assert "note: ./ticker.wasm: not looked at: there is no such file" in check(RIGHT)[2]
    (tmp_path / "ticker.wasm").write_bytes(b"not wasm")
    assert check(RIGHT)[0] == 0


def test_options_and_the_environment_override_what_is_checked(check, monkeypatch):
    assert check(RIGHT, "--set", "sources.ticker.config.interval=5")[1].startswith(
        "--set sources.ticker.config.interval"
    )
    monkeypatch.setenv("WARDIAN__SOURCES__TICKER__SECTION", "none")
    assert check(RIGHT)[1].startswith("WARDIAN__SOURCES__TICKER__SECTION: sources.ticker.section: ")


def test_all_of_it_as_json(check, tmp_path):
    (tmp_path / "ticker.wasm").unlink()
    code, out, _ = check(RIGHT + "sink: {}\n", "--json")
    (problem,) = json.loads(out)["problems"]
    assert (code, problem["line"], problem["path"]) == (5, 9, "sink")
    code, out, _ = check(RIGHT, "--json")
    assert code == 0
    assert json.loads(out) == {
        "ok": True, "problems": [], "warnings": [],
        "notes": ["./ticker.wasm: not looked at: there is no such file"],
    }  # fmt: skip


def test_a_file_that_is_not_there_and_one_that_is_none(capsys):
    assert perform(["check", "none.yaml"]) == 5
    assert "no such file" in capsys.readouterr().out
    assert perform(["check", "plugin.txt"]) == 2
    assert "its name ends in .yaml" in capsys.readouterr().err


def test_options_of_plugins_are_none_of_a_configuration(check, capsys):
    assert check(RIGHT, "--only", "open.defaults")[0] == 2
    assert check(RIGHT, "--time", "20s")[2].startswith("error: `--time` is for plugins")


def test_what_it_prints_cannot_move_a_cursor(check):
    _, out, _ = check('version: 1\n"a\\e[2J": 1\n')
    assert "\x1b" not in out
