"""The Go SDK: its own tests, what its page promises, its examples, and what its modules import and cost."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

import wardian
from support.built import built
from support.c_guests import block
from support.examples import EXAMPLES
from support.probes import SDK, refusal
from wardian import ConfigError, Grants, GuestError, Limits, Trap
from wardian.plugins.inspection import callable_names
from wardian.plugins.instances import memory
from wardian.sandbox.wasi import MODULE, functions
from wardian.toolchain.build import build
from wardian.toolchain.go import GO, environment
from wardian.toolchain.project import find

HOME = SDK / "go"
MANIFEST = "name: acme/tiny\nversion: 0.1.0\nsymbols: [{kind: extension, name: tiny}]\nbuild: {language: go%s}\n"
PATIENT = Limits(deadline=20, start_deadline=20)


def go(*arguments, cwd, cache):
    """Runs Go natively; what it printed."""
    found = GO.find()
    assert found is not None, GO.install
    env = {**os.environ, **environment(cache)}
    done = subprocess.run([*found, *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def tiny(tmp_path, runtime):
    """Builds and loads what `main` does, with functions that it calls."""

    def made(main, functions="", imports=(), more="", **arguments):
        (tmp_path / "plugin.yaml").write_text(MANIFEST % more)
        lines = "".join(f'\t"{each}"\n' for each in ("context", "wardian.dev/wardian", *imports))
        main += '; wardian.ServeExtension(wardian.Methods(wardian.Method("nothing", nothing)))'
        body = f"func nothing(context.Context, any) (any, error) {{ return nil, nil }}\n\n{functions}\n"
        (tmp_path / "main.go").write_text(f"package main\n\nimport (\n{lines})\n\n{body}\nfunc main() {{ {main} }}\n")
        return runtime.load(build(find(tmp_path)).module, name="tiny", limits=PATIENT, **arguments)

    return made


def test_its_own_tests_pass_natively_and_it_is_formatted_and_vetted(tmp_path):
    assert "ok  \twardian.dev/wardian/cbor" in go("test", "./...", cwd=HOME, cache=tmp_path)
    go("vet", "./...", cwd=HOME, cache=tmp_path)
    program = Path(go("env", "GOROOT", cwd=HOME, cache=tmp_path).strip()) / "bin" / "gofmt"
    files = [each for folder in (HOME, EXAMPLES) for each in folder.rglob("*.go")]
    said = subprocess.run([program, "-l", *files], capture_output=True, text=True, check=True)
    assert said.stdout == ""


def test_no_file_of_it_is_longer_than_it_may_be():
    long = {str(each): count for each in HOME.rglob("*.go") if (count := len(each.read_text().splitlines())) > 350}
    assert long == {}


def test_the_plugin_of_its_page_is_built_answers_and_passes_the_test_of_its_page(tmp_path, runtime):
    (tmp_path / "plugin.yaml").write_text(MANIFEST % "")
    (tmp_path / "main.go").write_text(block(HOME / "README.md", "go"))
    plugin = runtime.load(
        build(find(tmp_path)).module, name="counter", config={"step": 2}, grants=Grants(state=True), limits=PATIENT
    )
    assert [plugin.call("count", "visits") for _ in range(2)] == [2, 4]
    (tmp_path / "main_test.go").write_text(block(HOME / "README.md", "go", 1))
    for line in block(HOME / "README.md", "sh").replace("$SDK", str(HOME)).splitlines():
        go(*line.split()[1:], cwd=tmp_path, cache=tmp_path / "cache")
    assert build(find(tmp_path)).size > 0  # with the author's go.mod


def test_greet_says_what_it_says_in_c(shared_folder, runtime):
    wasm = built(EXAMPLES / "greet" / "go", shared_folder)
    users = {"Ada": {"id": 7, "full_name": "Ada Lovelace"}}
    plugin = runtime.load(wasm, name="greet", config={"greeting": "Welcome"}, functions={"lookup_user": users.get})
    asked = json.loads((EXAMPLES / "greet" / "input.json").read_text("utf-8"))
    assert plugin.call("greet", asked) == json.loads((EXAMPLES / "greet" / "expected.json").read_text("utf-8"))
    bob = plugin.call("extension_call", {"method": "greet", "argument": {"name": "Bob"}})
    assert bob == {"text": "Welcome, Bob!", "user": None}
    for entry, request, kind, said in (
        ("greet", {"name": 1}, "invalid", "`name` must be a text"),
        ("extension_call", {"method": "greet", "argument": {}}, "invalid", "`name` must be a text"),
        ("extension_call", {"method": "sing", "argument": 1}, "unimplemented", "the only method is `greet`"),
    ):
        caught = refusal(plugin, entry, request)
        assert (caught.kind, caught.message) == (kind, said)
    for wrong in ("", 1):
        with pytest.raises(ConfigError, match="`greeting` must be a text that is not empty"):
            runtime.load(wasm, config={"greeting": wrong}, functions={"lookup_user": users.get}).call("greet", asked)


def test_count_words_answers_as_expected_and_keeps_totals(shared_folder, cache):
    wasm, heard = built(EXAMPLES / "count_words" / "go", shared_folder), []
    folder = EXAMPLES / "count_words"
    with wardian.Runtime(cache=cache, on_log=heard.append) as runtime:
        plugin = runtime.load(wasm, name="count_words", grants=Grants(state=True))
        lines = (folder / "input.jsonl").read_text("utf-8").splitlines()
        replies = "".join(json.dumps(plugin.call("count", json.loads(line))) + "\n" for line in lines)
        assert replies == (folder / "expected.jsonl").read_text("utf-8")
        assert heard[0].message == "counted 10 words in 2 lines"
        assert plugin.call("totals") == {"words": 13, "lines": 3, "bytes": 64, "calls": 3}
        assert plugin.call("extension_call", {"method": "reset", "argument": None}) is None
        assert plugin.call("totals") == {"words": 0, "lines": 0, "bytes": 0, "calls": 0}
        said = refusal(plugin, "extension_call", {"method": "x", "argument": None}).message
        assert said == "the methods are `count`, `totals` and `reset`"
        assert refusal(plugin, "count", {"text": 1}).kind == refusal(plugin, "count", None).kind == "invalid"


def test_a_module_imports_what_its_plugin_calls_and_what_the_host_offers_of_wasi(shared_folder):
    for name, own in (("greet", {"app.lookup_user"}), ("count_words", {"log", "metric_record", "state_"})):
        wasm = built(EXAMPLES / name / "go", shared_folder)
        with wardian.Runtime() as runtime:
            imports = {(each.module, each.name) for each in runtime.compile(wasm.read_bytes()).imports}
        others = {(module, name) for module, name in imports if module != MODULE}
        assert imports - others <= set(functions())
        assert others - {("wardian", "take")}
        assert all(
            any(f"{module}.{each}".removeprefix("wardian.").startswith(one) for one in own)
            for module, each in others - {("wardian", "take")}
        )


def test_small_plugins_are_below_three_megabytes_and_memory_finds_its_size(shared_folder, runtime):
    wasm = built(EXAMPLES / "greet" / "go", shared_folder)
    assert wasm.stat().st_size < 3_000_000
    plugin = runtime.load(wasm, name="greet", functions={"lookup_user": {"Ada": {"full_name": "Ada"}}.get})
    sizes = []
    for _ in range(3):
        for _ in range(50_000):  # its collector takes the last page after some 30 collections, here after 30,000 calls
            plugin.call("greet", {"name": "Ada"})
        sizes.append(memory(plugin))
    assert {*sizes} == {sizes[0]}
    assert sizes[0] < 6 * 2**20


def test_it_exports_nothing_but_what_is_registered(shared_folder):
    wasm = built(EXAMPLES / "greet" / "go", shared_folder).read_bytes()
    assert set(callable_names(wasm)) == {"greet", "extension_call"}


def test_the_collector_stops_everything_and_the_settings_of_the_module_stay(shared_folder):
    wasm = built(EXAMPLES / "greet" / "go", shared_folder).read_bytes()
    assert re.search(rb"[a-z0-9=,]*gcstoptheworld=2", wasm)[0].count(b"=") > 1  # with those of go 1.24


def test_goroutines_run_while_a_call_waits(tiny):
    plugin = tiny(
        'wardian.Handle("sum", sum)',
        """
        func sum(_ context.Context, numbers []int) (int, error) {
            parts := make(chan int)
            for _, number := range numbers {
                go func() { time.Sleep(time.Millisecond); parts <- number * number }()
            }
            total := 0
            for range numbers { total += <-parts }
            return total, nil
        }
        """,
        ("time",),
    )
    assert plugin.call("sum", [1, 2, 3]) == 14


def test_a_panic_of_a_call_is_its_error_and_one_of_a_goroutine_ends_the_instance(tiny):
    plugin = tiny(
        'wardian.Handle("fail", fail); wardian.Handle("crash", crash); wardian.Handle("count", count)',
        """
        var calls int

        func count(context.Context, any) (int, error) { calls++; return calls, nil }

        func fail(_ context.Context, at int) (int, error) { return []int{}[at], nil }

        func crash(context.Context, any) (any, error) { go panic("here"); select {} }
        """,
    )
    plugin.call("count")
    with pytest.raises(GuestError, match=r"panic: runtime error: index out of range \[3\]"):
        plugin.call("fail", 3)
    assert plugin.call("count") == 2
    with pytest.raises((Trap, GuestError)):
        plugin.call("crash")
    assert plugin.call("count") == 1


def test_a_name_that_no_source_shows_is_told_when_the_module_starts_and_may_be_given(tiny, cache):
    name = 'func name() string { return "hid" + "den" }'
    heard = []
    with wardian.Runtime(cache=cache, on_log=heard.append), pytest.raises(wardian.WardianError):
        tiny("wardian.Handle(name(), nothing)", name).call("hidden")
    plugin = tiny("wardian.Handle(name(), nothing)", name, more=", exports: [hidden]")
    assert plugin.call("hidden") is None


def test_a_method_that_is_found_but_not_used_answers_as_if_it_were_not_there(tiny):
    plugin = tiny(
        "",
        "type other struct{}\n\nfunc (other) Check() {}\n\nfunc (other) Open() {}\n\nfunc (other) Close() {}",
    )
    assert plugin.call("plugin_check", {"config": {}}) == []
    assert plugin.call("extension_call", {"method": "nothing", "argument": None}) is None


def test_the_templates_are_alike_but_for_the_build():
    for folder in sorted((HOME / "templates").iterdir()):
        theirs = SDK / "c" / "templates" / folder.name
        assert (folder / "cases.yaml").read_text() == (theirs / "cases.yaml").read_text()
        ours, other = ((each / "plugin.yaml").read_text() for each in (folder, theirs))
        assert re.sub(r"build: .*", "", ours) == re.sub(r"build: .*", "", other)
