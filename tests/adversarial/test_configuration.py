"""Cases 119, 121, 123, 124 and 144: what a configuration, a package's schema and a plugin's words may try."""

from __future__ import annotations

import base64
import json
import time
import urllib.parse

import pytest

import wardian
from support.wat import wasm_of
from wardian.config import secret_reading
from wardian.config.loading import load
from wardian.config.secrets import Secrets
from wardian.config.symbols import configured
from wardian.document import reading
from wardian.document.node import Node
from wardian.document.problem import Problems
from wardian.errors import ConfigError, WardianError
from wardian.package.manifest import Symbol

SECRET = "correct-horse/battery?staple"
HEAD = "version: 1\nplugins: {p: {source: ./p.wasm}}\n"


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


@pytest.fixture
def project(tmp_path):
    def loaded(text, **arguments):
        (tmp_path / "wardian.yaml").write_text(HEAD + text)
        return load(tmp_path / "wardian.yaml", **arguments)

    return loaded


# ---- 119: a secret of the configuration, told by the plugin ----

ECHOES_ITS_CONFIG = """(module
  (import "wardian" "log" (func $log (param i32 i32) (result i64)))
  (memory (export "memory") 2)
  (global $length (mut i32) (i32.const 0))
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "plugin_open") (param i32 i32) (result i64) (i64.const 0))
  (func (export "says") (param i32 i32) (result i64) (drop (call $log (local.get 0) (local.get 1))) (i64.const 0))
  (func (export "fails") (param i32 i32) (result i64)
    (i64.or (i64.const 0x80000000)
      (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1))))))"""
SAID = {
    "exact": SECRET,
    "base64": base64.b64encode(f"user:{SECRET}".encode()).decode(),
    "url": urllib.parse.quote(SECRET, safe=""),
    "split": f"{SECRET[:9]} … {SECRET[9:]}",
    "hex": SECRET.encode().hex(),
}


def leaks(text):
    return any(part in text for each in SAID.values() for part in (each, each[2:12], each[-10:]))


@pytest.mark.parametrize("form", SAID)
def test_case_119_a_secret_that_a_plugin_tells_is_masked_in_logs_and_errors(cache, project, form):
    made = project("secrets: {s: {env: S}}\nactions: {a: {plugin: p, config: {token: 'x ${secret:s}'}}}\n").project
    secrets, _ = secret_reading.read(made, {"S": SECRET})
    config = secrets.filled(made.actions["a"].config[0]).plain()
    lines = []
    with wardian.Runtime(cache=cache, on_log=secrets.masker.mask_lines(lines.append)) as runtime:
        plugin = runtime.load(wasm_of(ECHOES_ITS_CONFIG), name="echo", config=config)
        plugin.call("says", [2, f"I know {SAID[form]}", {"it": SAID[form], SAID[form]: 1}])
        with pytest.raises(WardianError) as caught:
            plugin.call("fails", {"kind": "internal", "message": SAID[form], "details": [SAID[form]]})
    error = secrets.masker.mask_error(caught.value)
    (line,) = lines
    for text in (
        line.message,
        repr(line.fields),
        str(error),
        repr(error),
        repr(vars(error)),
        json.dumps(error.details),
    ):
        assert "***" in text
        assert not leaks(text)


def test_case_119_no_dump_of_a_configuration_shows_a_secret(project):
    made = project("secrets: {s: {env: S}}\nactions: {a: {plugin: p, config: {token: 'x ${secret:s}'}}}\n").project
    secrets, _ = secret_reading.read(made, {"S": SECRET})
    filled = secrets.filled(made.actions["a"].config[0])
    for text in map(repr, (made, secrets, secrets.masker, filled, filled.plain())):
        assert not leaks(text)
    with pytest.raises(ConfigError) as caught:
        secret_reading.read(made, {"S": SECRET * 10_000})
    assert not leaks(str(caught.value))


def test_case_119_a_package_cannot_choose_which_secrets_it_is_told(project):
    made = project("secrets: {s: {env: S}}\nactions: {a: {plugin: p, config: {mine: '${secret:s}'}}}\n").project
    secrets = Secrets({"s": SECRET})
    symbol = Symbol("action", "a", defaults={"stolen": "${secret:s}"}, sections={"x": {"stolen": "${secret:s}"}})
    use = made.actions["a"]
    layers = configured(use, symbol, [secrets.filled(each) for each in use.config], "p", Problems())
    assert layers.merged.at(["stolen"]).value == "${secret:s}"
    assert layers.merged.at(["mine"]).value.reveal() == SECRET


def test_case_119_a_schema_is_not_told_a_secret_by_what_it_forbids(project):
    made = project("secrets: {s: {env: S}}\nactions: {a: {plugin: p, config: {mine: '${secret:s}'}}}\n").project
    use, problems = made.actions["a"], Problems()
    symbol = Symbol("action", "a", schema={"properties": {"mine": {"const": "no"}}})
    configured(use, symbol, [Secrets({"s": SECRET}).filled(each) for each in use.config], "p", problems)
    assert len(problems) == 1
    assert not leaks(problems.found[0])


# ---- 121 and 124: names ----


@pytest.mark.parametrize(
    "name",
    ["../../x", "/abs", "C:\\x", "a/../../b", "a\\b", "\u202eb", "\u0430cme/x", "cafe\u0301", "x" * 10_000, "", " ",
     "a\0b", "a\nb", "con/../x"],
)  # fmt: skip
@pytest.mark.parametrize("group", ["plugins", "sources", "tasks", "secrets"])
def test_cases_121_and_124_no_name_leads_anywhere_or_looks_like_another(project, group, name):
    with pytest.raises(ConfigError) as caught:
        project(f"{group if group != 'plugins' else 'sources'}: {{{json.dumps(name)}: {{}}}}\n")
    assert len(str(caught.value)) < 30_000
    assert str(caught.value).isprintable() or all(line.isprintable() for line in str(caught.value).splitlines())


def test_case_121_names_that_differ_in_case_alone_do_not_stand_side_by_side(project):
    with pytest.raises(ConfigError, match="more than case"):
        project("sources: {ticker-a: {plugin: p}, Ticker_A: {plugin: p}}\n")


# ---- 123: documents ----

DOCUMENTS = {
    "50 MB": b"#" * 50_000_000,
    "100k deep": b"a: " + b"[" * 100_000,
    "100k deep, closed": b"a: " + b"[" * 100_000 + b"]" * 100_000,
    "laughs": b'a: &a ["x","x"]\n' + b"".join(b"b%d: &b%d [*a,*a,*a]\n" % (at, at) for at in range(50)),
    "duplicate keys": b"name: a\nname: b\n",
    "python object": b"a: !!python/object/apply:os.system ['id']\n",
    "binary": b"a: !!binary aGk=\n",
    "10,000 digits": b"a: " + b"9" * 10_000,
    "tabs": b"a:\n\tb: 1\n",
    "UTF-16": "a: 1\n".encode("utf-16"),
    "UTF-16 without a mark": "a: 1\n".encode("utf-16-le"),
    "NUL": b"a: \0\n",
    "escape": b"a: \x1b[2J\n",
    "two documents": b"a: 1\n---\na: 2\n",
    "merge": b"a: &x {b: 1}\nc: {<<: *x}\n",
    "complex key": b"? [a, b]\n: 1\n",
    "null key": b"~: 1\n",
    "half a pair": b'a: "\\ud800"\n',
    "long key": b"a" * 70_000 + b": 1\n",
}


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("manifest", [True, False])
def test_case_123_no_document_is_more_than_a_config_error(name, manifest):
    bounds = {"most": reading.MANIFEST_MOST, "depth": reading.MANIFEST_DEPTH} if manifest else {}
    started = time.monotonic()
    with pytest.raises(ConfigError) as caught:
        reading.parse(DOCUMENTS[name], "plugin.yaml", **bounds)
    assert time.monotonic() - started < 30
    assert len(str(caught.value)) < 20_000
    assert all(each.line or "large" in str(caught.value) for each in caught.value.problems)


@pytest.mark.parametrize(
    ("text", "value"),
    [("on: 1", {"on": 1}), ("a: 12:30:45", {"a": "12:30:45"}), ("\ufeffa: 017", {"a": "017"}), ("y: no", {"y": "no"})],
)
def test_case_123_words_of_older_yaml_are_text(text, value):
    assert reading.parse(text.encode(), "x.yaml").plain() == value


def test_case_123_keys_that_nobody_knows_are_refused(project):
    with pytest.raises(ConfigError, match="a known key"):
        project("sources: {x: {plugin: p, exec: id}}\n")


# ---- 144: who writes the file, and what is set from outside ----


def test_case_144_a_file_that_everybody_can_write_is_not_read(tmp_path, project):
    project("")
    (tmp_path / "wardian.yaml").chmod(0o666)
    with pytest.raises(ConfigError, match="not everybody can write"):
        load(tmp_path / "wardian.yaml")


@pytest.mark.parametrize("key", ["__proto__", "__class__.__init__", "constructor.prototype", "__globals__"])
def test_case_144_names_of_other_worlds_are_keys_like_any_other(project, key):
    made = project("actions: {a: {plugin: p}}\n", settings=[f"actions.a.config.{key}=1"]).project
    assert made.actions["a"].config[0].plain() == reading.parse(
        json.dumps(_nested(key.split("."))), "x.json"
    ).plain()  # fmt: skip
    with pytest.raises(ConfigError, match="a known key"):
        project("", settings=[f"{key}=1"])


def _nested(keys):
    return {keys[0]: _nested(keys[1:])} if keys else 1


def test_case_144_variables_are_not_looked_up_in_values(project, monkeypatch):
    monkeypatch.setenv("A", "${A}")
    text = "secrets: {s: {env: A}}\nvars: {v: '${HOME} ${A} ${secret:s}'}\n"
    made = project(text).project
    secrets, _ = secret_reading.read(made, {"A": "${secret:s}${A}"})
    assert secrets.filled(made.vars["v"]).value.reveal() == "${HOME} ${A} ${secret:s}${A}"


# ---- A schema comes with the package ----


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#"}, {"properties": {"a": {"pattern": "^(a+)+$"}}}, {"$ref": "file:///etc/passwd"},
        {"$defs": {f"d{at}": {"anyOf": [{"$ref": f"#/$defs/d{at + 1}"}] * 10} for at in range(30)} | {"d30": False},
         "$ref": "#/$defs/d0"},
        {"anyOf": [{"type": "integer"}] * 6_000}, {"properties": {"a": {"enum": ["x" * 100] * 10_000}}},
    ],
)  # fmt: skip
def test_no_schema_takes_more_than_its_time(schema):
    from wardian.config.schema_check import check

    problems, started = Problems(), time.monotonic()
    check(schema, Node.of({"a": "a" * 10_000 + "!"}, "w.yaml"), path="", package="p", problems=problems)
    assert time.monotonic() - started < 60
    assert len(problems) == 1
