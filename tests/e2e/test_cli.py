"""The command `wardian`, as a person runs it: its own process, its own home."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.commands import at_terminal, refuses, wardian


def call(*args, **more):
    return wardian("call", "guest.wat", *args, **more)


def gives(done):
    assert (done.returncode, done.stderr) == (0, b"")
    return json.loads(done.stdout)


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
