"""`wardian check PLUGIN`, as a person or a CI types it: its own process, its own home."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.broken import built, described, written
from support.commands import at_terminal
from wardian.conformance import every_kind

QUICK = ("--limit", "request=1MiB", "--limit", "items=20000", "--time", "60s")


@pytest.fixture
def place(tmp_path, monkeypatch, shared_folder):
    """A directory with a plugin that keeps all promises, and one that forgets a record."""
    (tmp_path / "good.wasm").write_bytes(described(built(shared_folder, "processor"), "processor"))
    (tmp_path / "bad.wasm").write_bytes(described(built(shared_folder, "processor", "FORGETS_A_RECORD"), "processor"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def check(*args, **environment):
    command = [sys.executable, "-m", "wardian", "check", *map(str, args)]
    return subprocess.run(
        command, capture_output=True, timeout=120, text=True, check=False, env=os.environ | environment
    )


def test_a_good_plugin_passes_with_its_smallest_limits(place):
    done = check("good.wasm", *QUICK)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"^ok +processor\.outcomes +It gives", done.stdout, re.MULTILINE)
    limits = done.stdout.partition("limits:\n")[2].splitlines()
    assert [line.split(":")[0].strip() for line in limits[:4]] == ["memory", "deadline", "fuel", "stack"]
    assert " 0 broken" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_broken_one_fails_with_what_was_expected_seen_and_asked(place):
    done = check("bad.wasm", *QUICK)
    assert (done.returncode, done.stderr) == (7, "")
    shown = done.stdout.partition("BROKEN  processor.outcomes")[2]
    for word in ("expected", "seen", "asked", "why", "hint", "processor_process"):
        assert word in shown
    assert "3 broken" in done.stdout
    assert "limits:\n" not in done.stdout


def test_json_has_all_of_it(place):
    done = check("bad.wasm", "--json", *QUICK)
    assert done.returncode == 7
    report = json.loads(done.stdout)
    assert (report["plugin"], report["conforms"]) == ("bad.wasm", False)
    assert [(each["kind"], each["name"]) for each in report["symbols"]] == [("", ""), ("processor", "checked")]
    found = {each["id"]: each for each in report["symbols"][1]["promises"]}
    assert found["processor.outcomes"]["outcome"] == "failed"
    assert found["processor.order"]["outcome"] == "passed"
    assert report["counts"]["failed"] == 3


def test_only_some_promises_are_looked_at(place):
    report = json.loads(check("bad.wasm", "--json", "--only", "processor.order", "--only", "module.loads").stdout)
    assert [each["id"] for symbol in report["symbols"] for each in symbol["promises"]] == [
        "module.loads",
        "processor.order",
    ]
    assert report["conforms"]


def test_inputs_configuration_and_a_symbol_are_given(place):
    (place / "records.jsonl").write_text('{"data": "to be"}\n\n"or not"\n')
    (place / "config.yaml").write_text("size: 7\n")
    done = check("good.wasm", "--input", "records.jsonl", "--config", "config.yaml", "--set", "size=8",
                 "--symbol", "checked", "--only", "processor.order", "--only", "open.defaults")  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert check("good.wasm", "--set", "size=0", "--only", "open.defaults").returncode == 7


def test_less_granted_than_imported_is_broken(place):
    wasm = place / "asks.wat"
    wasm.write_text("""(module (import "wardian" "clock_now" (func (param i32 i32) (result i64)))
      (memory (export "memory") 1) (func (export "wardian_abi_v1"))
      (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024)))""")
    assert check(wasm, "--only", "module.grants", "--grant", "clock").returncode == 0
    done = check(wasm, "--only", "module.grants", "--grant", "state")
    assert done.returncode == 7
    assert "needs clock" in done.stdout


def test_time_that_was_over_is_a_limit_that_was_hit(place):
    done = check("good.wasm", "--time", "0.1")
    assert done.returncode == 6, done.stdout
    assert "the time was over" in done.stdout


def test_an_import_that_nobody_knows_is_told_without_running_anything(place):
    (place / "unknown.wasm").write_bytes(written("unknown_import"))
    done = check("unknown.wasm")
    assert done.returncode == 7
    assert "wardian.say_hello" in done.stdout
    assert "the module cannot be loaded" in done.stdout


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((), 2, "name the plugin"),
        (("plugin.txt",), 2, "neither a plugin nor a configuration"),
        (("none.wasm",), 3, "no such file"),
        (("good.wasm", "--only", "nonsense"), 2, "no promise `nonsense`"),
        (("good.wasm", "--time", "soon"), 2, "--time soon"),
        (("good.wasm", "--time", "0"), 2, "at least 0.1s"),
        (("good.wasm", "--input", "none.jsonl"), 2, "no such file"),
        (("good.wasm", "--input", "empty.jsonl"), 2, "1 to 1,000 lines"),
        (("good.wasm", "--symbol", "other"), 5, "no symbol `other`"),
        (("good.wasm", "--limit", "memori=1"), 2, "no limit `memori`"),
    ],
)
def test_what_is_wrong_with_the_command_line_is_said(place, args, code, said):
    (place / "empty.jsonl").touch()
    done = check(*args)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr


def test_all_promises_are_listed_without_a_plugin(place):
    listed = check("--list")
    assert listed.returncode == 0
    assert [line.split()[0] for line in listed.stdout.splitlines() if not line.startswith(" ")] == [
        promise.id for promise in every_kind.ALL
    ]
    assert [each["id"] for each in json.loads(check("--list", "--json").stdout)] == [each.id for each in every_kind.ALL]


@pytest.mark.parametrize("plain", [False, True])
def test_colours_and_progress_are_for_a_terminal_whose_person_wants_them(place, plain):
    shown = at_terminal("check", "good.wasm", "--only", "memory.flat", **({"NO_COLOR": "1"} if plain else {}))
    assert "memory.flat" in shown
    assert ("\x1b[32m" in shown) is not plain


def test_ctrl_c_ends_it(place):
    (place / "spins.wat").write_text("""(module (memory (export "memory") 1) (func (export "wardian_abi_v1"))
      (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
      (func (export "sink_write") (param i32 i32) (result i64) (loop (br 0)) (unreachable)))""")
    command = [sys.executable, "-m", "wardian", "check", "spins.wat", "--limit", "deadline=60s", "--time", "120s"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while cpu_seconds(process.pid) < 2:  # its start takes less, so the guest runs
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=20)
    assert (process.returncode, out) == (130, b"")
    assert error.strip() == b"interrupted"
