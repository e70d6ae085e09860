"""The commands that need no plugin, and what a call is given beside its request."""

import json
import re
from pathlib import Path

import pytest

from support.commands import refuses, wardian


def call(*args, **more):
    return wardian("call", "guest.wat", *args, **more)


def gives(done):
    assert (done.returncode, done.stderr) == (0, b"")
    return json.loads(done.stdout)


class TestOtherCommands:
    def test_alone_it_prints_the_help(self):
        done = wardian()
        assert done.returncode == 0
        assert done.stdout == wardian("--help").stdout
        for name in ("call", "inspect", "limits", "completion", "Exit codes"):
            assert name in done.stdout.decode()

    @pytest.mark.parametrize("command", ["call", "inspect", "limits", "completion"])
    def test_each_command_has_help(self, command):
        done = wardian(command, "--help")
        assert done.stdout.startswith(f"Usage: wardian {command}".encode())

    def test_the_version_is_told(self):
        assert re.fullmatch(rb"wardian \d+\.\d+\.\d+\S*\n", wardian("--version").stdout)

    def test_limits_are_listed_for_people_and_as_json(self):
        assert b"64MiB" in wardian("limits").stdout
        assert json.loads(wardian("limits", "--json").stdout)["deadline"]["default"] == "1s"

    def test_inspect_tells_what_a_plugin_is_without_running_it(self, c_guest, place):
        shown = wardian("inspect", c_guest("count_words")).stdout.decode()
        for each in ("reactor", "count", "extension_call  extension", "needs --grant state", "128KiB (2 pages)"):
            assert each in shown
        told = json.loads(wardian("inspect", "guest.wat", "--json").stdout)
        assert (told["transport"], told["imports"][0]["name"]) == ("reactor", "wardian.log")

    def test_names_of_a_hostile_module_are_safe_to_print(self, place):
        (place / "evil.wat").write_text('(module (import "env" "\\1b]0;x\\07\\0a\\e2\\80\\ae" (func)))')
        for option in ((), ("--json",)):
            done = wardian("inspect", "evil.wat", *option)
            assert done.returncode == 0
            assert all(line.isprintable() for line in done.stdout.decode().split("\n"))

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_completion_prints_a_script(self, shell):
        assert b"_WARDIAN_COMPLETE" in wardian("completion", shell).stdout

    def test_completion_knows_the_users_shell(self):
        assert wardian("completion", SHELL="/usr/bin/fish").stdout == wardian("completion", "fish").stdout
        refuses(wardian("completion", SHELL="/bin/nonsense"), 2, "bash, zsh, fish")

    @pytest.mark.parametrize(
        ("words", "offered"),
        [
            ("wardian in", b"inspect"), ("wardian call {plugin} to", b"totals"),
            ("wardian call {plugin} count --limit dead", b"deadline="),
            ("wardian call {plugin} count --grant st", b"state"),
        ],
    )  # fmt: skip
    def test_completion_offers_commands_entry_points_limits_and_grants(self, c_guest, words, offered):
        words = words.format(plugin=c_guest("count_words"))
        done = wardian(
            _WARDIAN_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(len(words.split()) - 1)
        )  # fmt: skip
        assert offered in done.stdout.replace(b",", b"\n").split()


HAS_A_JOB = """(module
  (import "wardian" "emit" (func $emit (param i32 i32) (result i64)))
  (import "wardian" "template_expand" (func $expand (param i32 i32) (result i64)))
  (import "wardian" "take" (func $take (param i32)))
  (memory (export "memory") 2)
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "emit") (param i32 i32) (result i64)
    (drop (call $emit (local.get 0) (local.get 1))) (call $take (i32.const 8)) (i64.const 0x800000001))
  (func (export "expand") (param i32 i32) (result i64)
    (local $size i64)
    (local.set $size (call $expand (local.get 0) (local.get 1)))
    (call $take (i32.const 65536)) (i64.or (i64.const 0x1000000000000) (local.get $size))))"""


def test_emitted_records_are_lines_on_standard_error_and_variables_are_given(place):
    (place / "job.wat").write_text(HAS_A_JOB)
    granted = ("--grant", "emit", "--grant", "template")
    done = wardian("call", "job.wat", "emit", '[{"data": {"n": 1}}, {"data": 2, "message": "two"}]', *granted)
    assert (done.returncode, done.stdout) == (0, b"2\n")
    lines = done.stderr.decode().splitlines()
    assert [json.loads(line.removeprefix("emit   ")) for line in lines] == [
        {"data": {"n": 1}}, {"data": 2, "message": "two"},
    ]  # fmt: skip
    assert wardian("call", "job.wat", "emit", '[{"data": 1}]', *granted, "-q").stderr == b""
    text = "{{ user.name }} {{ n + 1 }} {{ t }}"
    given = ("--var", 'user={"name": "Ada"}', "--var", "n=1", "--var", "t=a text")
    assert gives(wardian("call", "job.wat", "expand", text, "--text", *granted, *given)) == "Ada 2 a text"


def test_variables_that_nobody_would_see_or_that_are_none_are_refused(place):
    assert call("echo", "--var", "a=1").returncode == 5
    done = call("echo", "--var", "a")
    assert done.returncode == 2
    assert b"name=value" in done.stderr


def test_a_plugin_may_ask_the_host_that_is_granted_and_no_other(place, serve):
    server = serve()
    guest = Path(__file__).parents[1] / "guests" / "asks.wat"
    (place / "asks.wat").write_text(guest.read_text().replace('"wardian" "log"', '"wardian" "http_request"'))
    asked = json.dumps({"method": "GET", "url": server.url})
    answer = gives(wardian("call", "asks.wat", "ask", asked, "--grant", f"http={server.authority}"))
    assert answer == {"status": 200, "headers": {"content-length": "2"}, "body": "h'6f6b'"}
    refused = wardian("call", "asks.wat", "ask", asked, "--grant", "http=api.example.com:443")
    assert refused.returncode == 1
    assert b"is not granted" in refused.stderr
    assert wardian("call", "asks.wat", "ask", asked).returncode == 4
    assert server.connections == 1
