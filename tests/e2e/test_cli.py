"""The command `wardian`, as a person runs it: its own process, its own home."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

GUEST = """
(module
  (import "wardian" "log" (func $log (param i32 i32) (result i64)))
  (memory (export "memory") 2)
  (data (i32.const 8) "\\83\\02\\62hi\\a1\\61n\\18\\2a")                      ;; [2, "hi", {"n": 42}]
  (data (i32.const 40) "\\a2\\64kind\\67invalid\\67message\\63\\1b[m")        ;; an error with an escape in its message
  (data (i32.const 80) "\\84\\42\\01\\02\\f9\\7e\\00\\f9\\7c\\00\\c1\\00")  ;; [h'0102', NaN, Infinity, 1970]
  (func (export "wardian_abi_v1"))
  (func (export "wardian_alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "echo") (param i32 i32) (result i64)
    (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1))))
  (func (export "spin") (param i32 i32) (result i64) (loop (br 0)) (unreachable))
  (func (export "trap") (param i32 i32) (result i64) (unreachable))
  (func (export "fail") (param i32 i32) (result i64) (i64.const 0x288000001a))
  (func (export "odd") (param i32 i32) (result i64) (i64.const 0x500000000c))
  (func (export "says") (param i32 i32) (result i64) (drop (call $log (i32.const 8) (i32.const 10))) (i64.const 0))
  (func (export "fails_on_text") (param i32 i32) (result i64)
    (if (i32.eq (i32.shr_u (i32.load8_u (local.get 0)) (i32.const 5)) (i32.const 3)) (then (unreachable)))
    (i64.or (i64.shl (i64.extend_i32_u (local.get 0)) (i64.const 32)) (i64.extend_i32_u (local.get 1)))))
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A directory with the guest."""
    (tmp_path / "guest.wat").write_text(GUEST)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def wardian(*args, stdin=b"", **environment):
    command = [sys.executable, "-m", "wardian", *map(str, args)]
    return subprocess.run(
        command, input=stdin, capture_output=True, timeout=60, env=os.environ | environment, check=False
    )


def call(*args, **more):
    return wardian("call", "guest.wat", *args, **more)


def gives(done):
    assert (done.returncode, done.stderr) == (0, b"")
    return json.loads(done.stdout)


def refuses(done, code, *said):
    """Nothing on standard output, the code, and each text in what is said, which is safe to print."""
    shown = done.stderr.decode()
    assert (done.returncode, done.stdout) == (code, b""), shown
    assert shown.startswith("error: ")
    assert all(line.isprintable() for line in shown.splitlines())
    for each in said:
        assert each in shown
    return shown


class TestRequests:
    def test_json_goes_in_and_comes_out_in_one_line(self, place):
        done = call("echo", '{"a": [1, "ß", null]}')
        assert gives(done) == {"a": [1, "ß", None]}
        assert done.stdout == '{"a": [1, "ß", null]}\n'.encode()

    def test_without_an_argument_the_request_is_null(self, place):
        assert gives(call("echo")) is None

    def test_a_negative_number_is_a_request_and_no_option(self, place):
        assert gives(call("echo", "-5.5e1")) == -55
        assert gives(call("echo", "-5", "--text")) == "-5"

    def test_a_file_and_standard_input_are_requests(self, place):
        (place / "in.json").write_text("[1,\n 2]\n")
        assert gives(call("echo", "@in.json")) == [1, 2]
        assert gives(call("echo", "-", stdin=b'"x"')) == "x"

    def test_text_is_sent_as_it_is(self, place):
        assert gives(call("echo", "hello", "--text")) == "hello"
        assert gives(call("echo", "-", "--text", stdin=b"a\nb\n")) == "a\nb\n"

    def test_cbor_goes_through_untouched(self, place):
        done = call("echo", "-", "--cbor", stdin=b"\x82\x41\x01\xff\x00\r\n")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"\x82\x41\x01\xff\x00\r\n", b"")

    def test_what_json_has_no_word_for_is_written_as_text(self, place):
        assert gives(call("odd")) == ["h'0102'", "NaN", "Infinity", "1970-01-01T00:00:00Z"]

    def test_the_reply_is_utf_8_in_every_locale(self, place):
        done = call("echo", '"ß"', LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
        assert done.stdout == '"ß"\n'.encode()


class TestLines:
    def test_each_line_is_a_call_and_gives_a_line(self, place):
        done = call("echo", "-", "--lines", stdin=b'1\n\n{"a": "x"}\r\nnull')
        assert (done.returncode, done.stdout.splitlines()) == (0, [b"1", b'{"a": "x"}', b"null"])

    def test_lines_of_text_are_texts_also_empty_ones(self, place):
        done = call("echo", "-", "--lines", "--text", stdin=b"a b\n\nc\n")
        assert done.stdout.splitlines() == [b'"a b"', b'""', b'"c"']

    def test_the_first_line_that_fails_ends_the_run_with_its_code(self, place):
        done = call("fails_on_text", "-", "--lines", stdin=b'1\n"x"\n3\n')
        assert (done.returncode, done.stdout) == (7, b"1\n")
        assert b"error: line 2: the guest gave up" in done.stderr

    def test_with_keep_going_all_lines_are_called_and_the_first_failure_is_the_code(self, place):
        done = call("fails_on_text", "-", "--lines", "--keep-going", stdin=b'1\noops\n"x"\n4\n')
        assert (done.returncode, done.stdout) == (2, b"1\n4\n")
        shown = done.stderr.decode()
        assert "error: line 2: this is no JSON" in shown
        assert "error: line 3: the guest gave up" in shown
        assert shown.endswith("2 of 4 lines failed\n")

    def test_replies_come_as_the_lines_do(self, place):
        command = [sys.executable, "-m", "wardian", "call", "guest.wat", "echo", "-", "--lines"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
            for number in range(3):
                process.stdin.write(b"%d\n" % number)
                assert process.stdout.readline() == b"%d\n" % number
            process.stdin.close()
            assert process.wait(10) == 0


class TestOutput:
    def test_log_lines_go_to_standard_error(self, place):
        done = call("says")
        assert (done.stdout, done.stderr) == (b"null\n", b"info   guest  hi n=42\n")

    def test_log_lines_can_be_hidden(self, place):
        assert call("says", "-q").stderr == b""
        assert call("says", "--log-level", "warn").stderr == b""

    def test_a_receipt_is_a_table_on_standard_error(self, place):
        done = call("says", "-q", "--receipt")
        assert done.stdout == b"null\n"
        shown = done.stderr.decode()
        for each in ("wall-clock time", "CPU time", "memory", "128KiB", "host calls of wardian.log"):
            assert each in shown

    def test_a_receipt_of_many_lines_has_sums_as_json_too(self, place):
        done = call("echo", "-", "--lines", "--receipt-json", "--limit", "fuel=1000", stdin=b"1\n2\n3\n")
        receipt = json.loads(done.stderr)
        assert (receipt["calls"], receipt["request_bytes"], receipt["reply_bytes"]) == (3, 3, 3)
        assert receipt["fuel"] > 0
        assert receipt["wall_ns"] >= receipt["wall_ns_median"] > 0

    def test_no_colours_where_nobody_looks(self, place):
        assert b"\x1b" not in call("trap", FORCE_COLOR="1").stderr

    def test_a_reader_that_goes_away_ends_the_run_quietly(self, place):
        command = f"yes 1 | head -20000 | {sys.executable} -m wardian call guest.wat echo - --lines | head -2"
        done = subprocess.run(
            ["bash", "-c", f"{command}; echo ${{PIPESTATUS[2]}}"], capture_output=True, timeout=60, check=False
        )
        assert (done.stdout, done.stderr) == (b"1\n1\n141\n", b"")

    def test_a_full_disk_is_said_and_is_no_internal_fault(self, place):
        with open("/dev/full", "wb") as full:  # noqa: PTH123
            command = [sys.executable, "-m", "wardian", "call", "guest.wat", "echo"]
            done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (74, b"error: No space left on device\n")

    @pytest.mark.parametrize("no_color", ["", "1"])
    def test_at_a_terminal_replies_are_indented_and_errors_coloured_unless_unwanted(self, place, no_color):
        shown = at_terminal("call", "guest.wat", "echo", '{"a": 1}', NO_COLOR=no_color)
        assert shown == '{\r\n  "a": 1\r\n}\r\n'
        assert ("\x1b[" in at_terminal("call", "guest.wat", "trap", NO_COLOR=no_color)) == (not no_color)

    def test_a_person_who_waits_for_lines_sees_how_far_they_are(self, place):
        (place / "in.jsonl").write_text("1\n" * 200 + "oops\n")
        with (place / "out.jsonl").open("wb") as out:
            shown = at_terminal("call", "guest.wat", "echo", "@in.jsonl", "--lines", stdout=out, NO_COLOR="1")
        assert (place / "out.jsonl").read_bytes() == b"1\n" * 200
        assert re.search(r"\d+ lines", shown)
        assert "\nerror: line 201: " in shown.replace("\x1b[2K", "\n")

    def test_a_person_who_sees_the_replies_sees_no_bar(self, place):
        (place / "in.jsonl").write_text("1\n" * 20)
        assert at_terminal("call", "guest.wat", "echo", "@in.jsonl", "--lines") == "1\r\n" * 20


def at_terminal(*args, stdout=None, **environment):
    """What the command writes to a terminal, on standard error and, unless it goes elsewhere, standard output."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "wardian", *args]
    environment = os.environ | {"TERM": "xterm"} | environment
    with subprocess.Popen(command, stdin=theirs, stdout=stdout or theirs, stderr=theirs, env=environment):
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 4096)
            except OSError:  # the last of its writers is gone
                break
            if not part:
                break
            shown += part
    os.close(ours)
    return shown.decode()


class TestRefusals:
    def test_the_plugin_fails_with_an_error_of_its_own(self, place):
        refuses(call("fail"), 1, r"error: [invalid] \x1b[m", "at guest: fail")

    def test_a_trap_has_its_backtrace(self, place):
        refuses(call("trap"), 7, "unreachable", "  in ", "hint: ")

    def test_a_limit_that_was_hit_says_how_to_raise_it(self, place):
        refuses(call("spin", "--limit", "deadline=50ms"), 6, "longer than 50ms", "--limit deadline=")
        refuses(call("spin", "--limit", "fuel=500"), 6, "fuel of 500", "--limit fuel=")

    def test_an_unknown_entry_point_lists_those_that_there_are(self, place):
        refuses(call("ehco"), 3, "`ehco`", "`echo`, `spin`")

    @pytest.mark.parametrize(
        ("name", "content", "said"),
        [
            ("none.wasm", None, "no such file"), (".", None, "directory"), ("empty.wasm", b"", "empty"),
            ("text.wasm", b"hello", "not a WebAssembly module"), ("bad.wat", b"(module", "expected"),
        ],
    )  # fmt: skip
    def test_a_file_that_is_no_plugin_says_what_it_is(self, place, name, content, said):
        if content is not None:
            (place / name).write_bytes(content)
        for command in (("call", name, "echo"), ("inspect", name)):
            shown = refuses(wardian(*command), 3, said)
            assert f"  at {name}" in shown

    def test_an_unreadable_file_says_so(self, place):
        if os.geteuid() == 0:
            os.symlink("loop.wasm", "loop.wasm")  # noqa: PTH211
        else:
            (place / "loop.wasm").touch(mode=0)
        refuses(wardian("call", "loop.wasm", "echo"), 3, "cannot be read", "loop.wasm")

    @pytest.mark.parametrize(
        ("args", "said"),
        [
            (("echo", "hello"), ["no JSON", "line 1, column 1", "--text"]),
            (("echo", "[1,\n2,x]"), ["line 2, column 3"]),
            (("echo", "@none.json"), ["no such file", "at none.json", "hint: "]),
            (("echo", "@."), ["directory"]),
            (("echo", "99999999999999999999"), ["integer", "64 bits"]),
            (("echo", '"\\ud800"'), ["surrogate"]),
            (("echo", "1", "--lines"), ["`--lines` needs an input"]),
            (("echo", "--cbor"), ["`--cbor` needs an input"]),
            (("echo", "@x", "--cbor", "--text"), ["neither"]),
            (("echo", "@x", "--cbor", "--receipt"), ["no receipt"]),
            (("echo", "--keep-going"), ["goes with `--lines`"]),
            (("echo", "1", "2"), ["extra argument", "wardian call --help"]),
            (("echo", "--frob"), ["--frob", "wardian call --help"]),
            ((), ["ENTRY", "wardian call --help"]),
            (("echo", "--limit", "memroy=1MiB"), ["no limit `memroy`", "did you mean `memory`?"]),
            (("echo", "--limit", "memory=lots"), ["memory: expected a size", "wardian limits"]),
            (("echo", "--grant", "everything"), ["no grant `everything`", "state, clock"]),
            (("echo", "--set", "x"), ["key=value"]),
            (("echo", "--log-level", "loud"), ["loud"]),
        ],
    )
    def test_a_wrong_command_line_says_what_and_what_next(self, place, args, said):
        refuses(call(*args), 2, *said, "hint: ")

    def test_an_unknown_command_points_to_the_help(self):
        refuses(wardian("frob"), 2, "frob", "wardian --help")

    def test_a_wrong_configuration_says_the_lines(self, place):
        (place / "a.yaml").write_text("a: 1\na: 2\n")
        refuses(call("echo", "--config", "a.yaml"), 5, "at a.yaml", "a.yaml:2: expected each key once, got `a` again")
        refuses(call("echo", "--config", "none.yaml"), 5, "no such file", "none.yaml")
        refuses(call("echo", "--set", "a=1"), 5, "takes none")

    def test_an_import_that_was_not_granted_names_the_option(self, c_guest, place):
        shown = refuses(
            wardian("call", c_guest("count_words"), "count", '"x"'), 4, "`wardian.state_add`", "--grant state"
        )
        assert "Grants(" not in shown

    def test_a_function_of_the_application_needs_a_python_program(self, c_guest, place):
        refuses(wardian("call", c_guest("greet"), "greet"), 4, "`app.lookup_user`", "only a Python program can offer")

    def test_an_internal_fault_is_said_to_be_one(self, place, monkeypatch):
        (place / "sitecustomize.py").write_text("import json\njson.loads = None\n")
        done = call("echo", "1", PYTHONPATH=str(place))
        refuses(done, 70, "internal error: TypeError", "please report")
        assert b"Traceback" in call("echo", "1", PYTHONPATH=str(place), WARDIAN_DEBUG="1").stderr


class TestState:
    def count(self, plugin, *args):
        return gives(wardian("call", plugin, "count", '"to be or not to be"', "-q", "--grant", "state", *args))["calls"]

    def test_state_outlives_the_command_in_the_file_that_is_named(self, c_guest, place):
        plugin = c_guest("count_words")
        assert [self.count(plugin, "--state", "own.sqlite") for _ in range(3)] == [1, 2, 3]
        assert (place / "own.sqlite").is_file()

    @pytest.mark.parametrize(("given", "folder"), [("state", "state"), ("", "home/.local/state")])
    def test_by_default_it_is_in_the_users_state_folder(self, c_guest, place, monkeypatch, given, folder):
        monkeypatch.setenv("HOME", str(place / "home"))
        monkeypatch.setenv("XDG_CACHE_HOME", str(place / "cache"))  # it belongs to one home, by a key that lies there
        monkeypatch.setenv("XDG_STATE_HOME", str(place / given) if given else "")
        plugin = c_guest("count_words")
        assert [self.count(plugin) for _ in range(2)] == [1, 2]
        assert (place / folder / "wardian" / "state.sqlite").is_file()

    def test_state_in_memory_is_forgotten(self, c_guest, place):
        plugin = c_guest("count_words")
        assert [self.count(plugin, "--state", ":memory:") for _ in range(2)] == [1, 1]

    def test_names_keep_states_apart(self, c_guest, place):
        plugin = c_guest("count_words")
        names = ((), ("--name", "other"), ("--instance", "other"), ())
        assert [self.count(plugin, "--state", "own.sqlite", *name) for name in names] == [1, 1, 1, 2]

    def test_no_state_file_is_made_where_state_is_not_granted(self, place):
        gives(call("echo", "1", "--state", "own.sqlite"))
        assert not (place / "own.sqlite").exists()

    def test_a_file_that_is_no_state_is_left_alone(self, c_guest, place):
        (place / "notes.txt").write_text("mine " * 100)
        done = wardian("call", c_guest("count_words"), "count", '"x"', "--grant", "state", "--state", "notes.txt")
        refuses(done, 8, "notes.txt")
        assert (place / "notes.txt").read_text() == "mine " * 100


class TestConfiguration:
    def test_a_file_and_set_make_one_configuration(self, c_guest, place):
        (place / "a.yaml").write_text("min_length: 3\n")
        run = (
            "call",
            c_guest("count_words"),
            "count",
            '"to be or not"',
            "-q",
            "--grant",
            "state",
            "--state",
            ":memory:",
        )
        assert gives(wardian(*run))["words"] == 4
        assert gives(wardian(*run, "--config", "a.yaml"))["words"] == 1
        assert gives(wardian(*run, "--config", "a.yaml", "--set", "min_length=4"))["words"] == 0

    def test_a_configuration_that_the_plugin_refuses_is_a_config_error(self, c_guest, place):
        options = ("--grant", "state", "--state", ":memory:", "--set", "min_length=zero")
        refuses(wardian("call", c_guest("count_words"), "count", *options), 5, "`min_length`")


class TestInterruption:
    @pytest.mark.parametrize("more", [(), ("-", "--lines")])
    def test_an_interruption_ends_the_guest_at_once(self, place, more):
        gives(call("echo"))  # compiled
        command = [sys.executable, "-m", "wardian", "call", "guest.wat", "spin", *more, "--limit", "deadline=60s"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
        ) as process:
            process.stdin.write(b"1\n")
            process.stdin.flush()
            while process.poll() is None and cpu_seconds(process.pid) < 1.0:
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            begun = time.monotonic()
            out, error = process.communicate(timeout=10)
        assert (process.returncode, out) == (130, b"")
        assert time.monotonic() - begun < 2
        assert error.strip() == b"interrupted"


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class TestWarnings:
    def test_a_cache_that_somebody_changed_is_warned_of_and_not_used(self, place, monkeypatch):
        monkeypatch.setenv("XDG_CACHE_HOME", str(place))
        gives(call("echo", "1"))
        for artefact in (place / "wardian").iterdir():
            if artefact.is_file():
                artefact.write_bytes(artefact.read_bytes()[:-1] + b"x")
        done = call("echo", "1")
        assert (done.returncode, done.stdout) == (0, b"1\n")
        assert done.stderr.startswith(b"warning: ")


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
