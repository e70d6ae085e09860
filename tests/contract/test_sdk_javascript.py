"""The JavaScript SDK: its own tests, what its README says, and what the engine promises authors."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

import wardian
from support.scripts import plugin_yaml
from wardian import Grants, GuestError, Limits
from wardian.plugins.inspection import inspect
from wardian.plugins.instances import memory
from wardian.toolchain.build import build
from wardian.toolchain.node import NODE
from wardian.toolchain.project import find

SDK = Path(__file__).parents[2] / "sdk"
README = (SDK / "javascript" / "README.md").read_text("utf-8")
PATIENT = Limits(deadline=20, start_deadline=20)  # other tests load this machine

EXPRESSIONS = """
import { Time, invalid, state } from "wardian";
import "./lib/shout.js";
import words from "./words.json" with { type: "json" };
import { shout } from "./lib/shout.js";

export const shouted = () => shout(words[0]);
export const own_proto = (map) => [Object.hasOwn(map, "__proto__"), {}.polluted === undefined, map];
export const big = (n) => [typeof n, n + 1n];
export const keys = (map) => (map instanceof Map ? [...map.keys()] : Object.keys(map));
export const later = async () => (await Promise.resolve(20)) + (await new Promise((done) => done(22)));
export const never = () => new Promise(() => {});
export const rejected = async () => { throw invalid("later"); };
export const thrown = () => { throw { toString: () => "odd" }; };
export const half = () => "\\ud800";
export const looped = () => { const list = []; list.push(list); return list; };
export const large = () => 2n ** 64n;
export const deep = () => { try { return (function again() { return 1 + again(); })(); } catch (e) { return e.name; } };
export const deep_uncaught = () => (function again() { return 1 + again(); })();
export const deep_json = () => { let a = []; for (let n = 0; n < 1e5; n++) a = [a]; return JSON.stringify(a).length; };
export const hungry = () => { const all = []; for (;;) all.push(new Uint8Array(1 << 20)); };
export const now = () => Date.now();
export const today = () => new Date();
export const chance = () => Math.random();
export const date = () => new Date(1500);
export const time = (time) => [time instanceof Time, String(time)];
export const undefined_parts = () => ({ a: undefined, b: [undefined, 1] });
export const utf8 = (bytes) => new TextDecoder().decode(bytes);
export const modern = () => [[3, 1, 2].toSorted(), Object.groupBy([1, 2], (n) => (n % 2 ? "o" : "e")), [1, 2].at(-1)];
export const kept = (n) => state.put("n", n);
export const nothing = () => {};
"""


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Builds a plugin in JavaScript of these files, the first of which is the main one; gives its module."""

    def make(files, name="tried"):
        folder, main = tmp_path_factory.mktemp("script"), next(iter(files))
        if "extension(" not in files[main]:
            files = {**files, main: files[main] + "\nexport const extension_call = () => null;"}
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        (folder / "plugin.yaml").write_text(plugin_yaml("javascript", main))
        before = sorted(folder.rglob("*"))
        output = folder / f"{name}.wasm"
        build(find(folder), output)
        assert sorted({*folder.rglob("*")} - {output}) == before
        return output

    return make


@pytest.fixture(scope="session")
def expressions(made):
    files = {
        "tried.js": EXPRESSIONS,
        "lib/shout.js": 'import { LOUD } from "../loud.js";\nexport const shout = (text) => text.toUpperCase() + LOUD;',
        "loud.js": 'export const LOUD = "!";',
        "words.json": '["ahoy"]',
    }
    return made(files)


@pytest.fixture
def tried(runtime, expressions):
    return runtime.load(expressions, grants=Grants(state=True), limits=PATIENT, name="tried")


def test_its_own_tests_pass_under_node():
    command = NODE.find()
    assert command, f"install it: {NODE.install}"
    tests = sorted((SDK / "javascript" / "tests").glob("*.test.js"))
    done = subprocess.run([*command, "--test", *tests], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_plugin_of_its_page_counts(made, runtime):
    module = made({"counter.js": re.search(r"```js\n(.*?)```", README, re.DOTALL)[1]})
    plugin = runtime.load(module, grants=Grants(state=True), config={"step": 2}, limits=PATIENT)
    assert [plugin.call("count", "visits") for _ in range(2)] == [2, 4]
    with pytest.raises(wardian.WardianError, match="must be an integer"):
        runtime.load(module, grants=Grants(state=True), config={"step": "a"}, limits=PATIENT).call("count", "x")


def test_the_test_of_its_page_passes(tmp_path):
    plugin, test = re.findall(r"```js\n(.*?)```", README, re.DOTALL)
    (tmp_path / "counter.js").write_text(plugin)
    (tmp_path / "counter.test.js").write_text(test)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "wardian").symlink_to(SDK / "javascript")
    done = subprocess.run(
        [*NODE.find(), "--test", "counter.test.js"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_plugin_imports_what_it_uses_and_no_more(made, runtime, expressions):
    plain = inspect(runtime, made({"plain.js": "export const one = () => 1;"}))
    assert {each.name for each in plain.imports} == {"wardian.take", "wardian.log"}
    names = {each.name for each in inspect(runtime, expressions).imports}
    assert names == {
        "wardian.take",
        "wardian.log",
        *(f"wardian.state_{each}" for each in ("get", "put", "delete", "add", "swap", "keys")),
    }


def test_equal_scripts_give_equal_modules_of_less_than_a_megabyte(made):
    files = {"same.js": "export const one = () => 1;"}
    one = made(files).read_bytes()
    assert one == made(files).read_bytes()
    assert len(one) < 1_000_000


def test_values_are_what_javascript_has_for_them(tried):
    assert tried.call("shouted") == "AHOY!"
    assert tried.call("own_proto", {"__proto__": {"polluted": 1}}) == [True, True, {"__proto__": {"polluted": 1}}]
    assert tried.call("big", 2**53) == ["bigint", 2**53 + 1]
    assert tried.call("keys", {"b": 1, b"\xff": 2}) == ["b", b"\xff"]
    assert tried.call("undefined_parts") == {"b": [None, 1]}
    assert tried.call("date").timestamp() == 1.5
    assert tried.call("utf8", b"\xef\xbb\xbfa\xffb\xc3\xbc") == "a\ufffdbü"
    assert tried.call("modern") == [[1, 2, 3], {"o": [1], "e": [2]}, 2]
    assert tried.call("nothing") is None


def test_promises_run_to_their_end_within_the_call(tried):
    assert tried.call("later") == 42
    for entry, kind, words in (("never", "internal", "never settled"), ("rejected", "invalid", "later")):
        with pytest.raises(GuestError, match=words) as caught:
            tried.call(entry)
        assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("entry", "words"),
    [("thrown", "thrown: odd"), ("half", "surrogate"), ("looped", "nested"), ("large", "64 bits"),
     ("deep_uncaught", "RangeError"), ("deep_json", "RangeError")],
)  # fmt: skip
def test_what_goes_wrong_is_an_error_and_the_instance_lives_on(tried, entry, words):
    assert tried.call("deep") == "RangeError"
    with pytest.raises(GuestError, match=words) as caught:
        tried.call(entry)
    assert caught.value.kind == "internal"
    assert tried.call("later") == 42


def test_memory_that_is_spent_is_an_error_and_the_instance_lives_on(runtime, expressions):
    limits = Limits(memory=16 * 2**20, deadline=20, start_deadline=20)
    tried = runtime.load(expressions, grants=Grants(state=True), limits=limits)
    with pytest.raises(GuestError) as caught:
        tried.call("hungry")
    assert caught.value.kind == "exhausted"
    assert tried.call("later") == 42


def test_nothing_knows_the_time_or_is_random_without_the_capability(tried):
    for entry, module in (("now", "wardian/clock"), ("today", "wardian/clock"), ("chance", "wardian/random")):
        with pytest.raises(GuestError, match=module) as caught:
            tried.call(entry)
        assert caught.value.kind == "denied"


def test_with_the_capability_dates_and_random_numbers_are_those_of_the_host(made, runtime):
    script = """import "wardian/clock"; import "wardian/random";
        export const both = () => [Date.now(), new Date().getTime(), Math.random(), Math.random()];"""
    plugin = runtime.load(made({"world.js": script}), grants=Grants(clock=True, random=True), limits=PATIENT)
    now, date, one, other = plugin.call("both")
    assert 1.6e12 < now <= date < now + 60_000
    assert 0 <= one < 1
    assert 0 <= other < 1
    assert one != other


def test_memory_stays_flat(tried):
    def turns(count):
        for _ in range(count):
            tried.call("keys", {"a": [1, 2.5, "text"], "b": {"c": b"bytes"}})
        return memory(tried)

    begun = turns(2_000)
    assert turns(20_000) == begun


def test_a_package_of_npm_is_bundled(made, runtime):
    files = {
        "with_package.js": 'import { twice } from "doubling"; export const four = () => twice(2);',
        "node_modules/doubling/package.json": '{"name": "doubling", "version": "1.0.0", "module": "index.mjs"}',
        "node_modules/doubling/index.mjs": "export const twice = (n) => 2 * n;",
    }
    assert runtime.load(made(files), limits=PATIENT).call("four") == 4


def test_the_npm_package_has_all_files_that_it_names():
    text = (SDK / "javascript" / "package.json").read_text("utf-8")
    named = [each for each in re.findall(r'"\./([\w./]+\.\w+)"', text) if "*" not in each]
    assert [each for each in named if not (SDK / "javascript" / each).is_file()] == []
