"""What the command refuses, and what it says then."""

import json
import os

import pytest

from support.commands import refuses, wardian


def call(*args, **more):
    return wardian("call", "guest.wat", *args, **more)


def gives(done):
    assert (done.returncode, done.stderr) == (0, b"")
    return json.loads(done.stdout)


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
