"""The commands of the kinds, as a person runs them: lines of JSON in and out, and how a run ends."""

import json
import signal
import subprocess
import sys
import time

import pytest

from support import commands
from support.canned import ECHOES, SPINS, TRAPS, Does, Each, Fails, canned

ERROR = {"kind": "invalid", "message": "no", "code": "e1", "details": {"a": 1}}
TICK = {"records": [{"data": "tick", "message": "Ticker Event"}], "wait_ms": 1}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A directory; gives the function that writes a guest into it."""
    monkeypatch.chdir(tmp_path)

    def write(replies, *symbols, name="guest", **more):
        (tmp_path / f"{name}.wasm").write_bytes(canned(replies, *symbols, **more))

    return write


def wardian(*args, **more):
    done = commands.wardian(*args, **more)
    assert all(line.isprintable() for line in done.stderr.decode().splitlines())
    return done


def lines(output):
    return [json.loads(line) for line in output.splitlines()]


def gives(done, *expected):
    assert (done.returncode, done.stderr) == (0, b"")
    assert lines(done.stdout) == list(expected)


class TestSource:
    def test_records_are_lines_until_the_source_is_done(self, place):
        place({"source_poll": Each((TICK, {"records": [{"data": 1}, {"data": 2}], "done": True}))}, "source ticks")
        gives(wardian("source", "guest.wasm"), TICK["records"][0], {"data": 1}, {"data": 2})

    def test_a_count_ends_it(self, place):
        place({"source_poll": TICK})
        assert len(lines(wardian("source", "guest.wasm", "--count", "3").stdout)) == 3
        assert wardian("source", "guest.wasm", "--count", "0").returncode == 2

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    @pytest.mark.parametrize("reply", [TICK, {"records": [{"data": 1}], "wait_ms": 3_600_000}])
    def test_a_signal_stops_it(self, place, number, reply):
        place({"source_poll": reply})
        with subprocess.Popen(commands.command("source", "guest.wasm"), stdout=-1, stderr=-1) as process:
            process.stdout.readline()
            process.send_signal(number)
            rest, said = process.communicate(timeout=20)
        assert (process.returncode, said.strip()) == (130, b"interrupted")
        lines(rest)  # the last line is whole

    def test_a_signal_ends_a_guest_that_never_returns(self, place):
        place({"plugin_open": None, "source_poll": Each((TICK, Does(SPINS)))})
        with subprocess.Popen(
            commands.command("source", "guest.wasm", "--limit", "deadline=60s"), stdout=-1
        ) as process:
            process.stdout.readline()
            time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 130

    def test_a_reader_that_goes_away_ends_it_quietly(self, place):
        place({"source_poll": TICK})
        script = f"{sys.executable} -m wardian source guest.wasm | head -2; echo ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", script], capture_output=True, timeout=60, check=False)
        assert (done.stdout.splitlines()[2], done.stderr) == (b"141", b"")

    def test_a_source_that_is_asked_gives_one_record_or_nothing(self, place):
        place({"source_request": Each(({"data": 1}, None))})
        gives(wardian("source", "guest.wasm", "--request", '{"a": 1}'), {"data": 1})
        gives(wardian("source", "guest.wasm", "--request", "-", stdin=b"5"), {"data": 1})
        place({"source_poll": TICK})
        done = wardian("source", "guest.wasm", "--request", "1")
        assert (done.returncode, done.stdout) == (1, b"")
        assert b"[unimplemented]" in done.stderr

    def test_it_goes_on_from_where_it_is_told(self, place):
        place({"plugin_open": Does(ECHOES), "source_poll": TICK})
        refused = wardian("source", "guest.wasm", "--resume", "nowhere")
        assert refused.returncode == 2
        # What it is opened with comes back as its answer, which has not the shape of one.
        done = wardian("source", "guest.wasm", "--resume", "7")
        assert (done.returncode, b"there is no field" in done.stderr) == (7, True)


class TestAction:
    def test_its_result_is_printed(self, place):
        place({"action_call": Does(ECHOES)}, "action hello")
        done = wardian("action", "guest.wasm", '{"message": "hi"}', "--var", "name=World", "--var", "n=1")
        gives(done, {"params": {"message": "hi"}, "vars": {"name": "World", "n": 1}})
        gives(wardian("action", "guest.wasm"), {"params": None, "vars": {}})

    def test_one_that_is_cut_has_failed(self, place):
        place({"action_call": Does(SPINS), "action_cancel": None}, "action hello")
        done = wardian("action", "guest.wasm", "--limit", "deadline=100ms")
        assert (done.returncode, done.stdout) == (6, b"")
        assert b"longer than 100ms" in done.stderr


class TestProcess:
    def test_lines_go_in_and_come_out(self, place):
        place({"processor_process": Each(([[{"data": 1}]], [[]], [[{"data": 2}, {"data": 3}]]))}, "processor one")
        gives(wardian("process", "guest.wasm", stdin=b'1\n\n"x"\n{"data": 1}\n'), *({"data": n} for n in (1, 2, 3)))

    def test_what_is_no_record_is_the_data_of_one(self, place):
        place({"processor_process": Fails("invalid")}, "processor one")
        place({"plugin_open": None, "sink_write": None}, "sink one", name="sink")
        assert wardian("sink", "sink.wasm", stdin=b'{"a": 1}\n[1]\nnull\n').returncode == 0

    def test_a_record_that_fails_is_told_with_its_line_and_the_others_go_on(self, place):
        place({"processor_process": Each(([ERROR], [[{"data": 2}]], [ERROR]))})
        done = wardian("process", "guest.wasm", stdin=b"1\n2\n\n3\n")
        assert (done.returncode, lines(done.stdout)) == (1, [{"data": 2}])
        assert lines(done.stderr) == [{"line": 1, **ERROR}, {"line": 4, **ERROR}]

    def test_a_line_that_is_no_record_is_told_likewise(self, place):
        place({"processor_process": [[{"data": 1}]]})
        done = wardian("process", "guest.wasm", stdin=b'oops\n{"data": 1, "time": "noon"}\n3\n')
        assert (done.returncode, lines(done.stdout)) == (2, [{"data": 1}])
        first, second = lines(done.stderr)
        assert (first["line"], first["kind"]) == (1, "invalid")
        assert second["message"].startswith("this is no record: `time`")

    def test_a_call_that_fails_as_a_whole_ends_the_run(self, place):
        place({"processor_process": Each(([[{"data": 1}]], Does(TRAPS)))})
        done = wardian("process", "guest.wasm", stdin=b"1\n2\n3\n")
        assert (done.returncode, lines(done.stdout)) == (7, [{"data": 1}])

    def test_records_come_as_the_lines_do(self, place):
        place({"processor_process": [[{"data": 1}]]})
        with subprocess.Popen(commands.command("process", "guest.wasm"), stdin=-1, stdout=-1, bufsize=0) as process:
            for _ in range(3):
                process.stdin.write(b"1\n")
                assert process.stdout.readline() == b'{"data": 1}\n'
            process.stdin.close()
            assert process.wait(20) == 0

    def test_a_file_is_an_input(self, place, tmp_path):
        place({"processor_process": [[{"data": 1}]]})
        (tmp_path / "in.jsonl").write_text("1\n2\n")
        gives(wardian("process", "guest.wasm", "@in.jsonl"), {"data": 1}, {"data": 1})
        assert wardian("process", "guest.wasm", "@nowhere").returncode == 2


class TestOthers:
    def test_a_function_gives_its_value(self, place):
        place({"function_call": [{"value": [1, "ß"]}]}, "function one")
        gives(wardian("function", "guest.wasm", "Impossible is nothing", " "), [1, "ß"])

    def test_arguments_are_json_or_text(self, place):
        place({"function_call": Fails("invalid", "x")}, "function one")
        done = wardian("function", "guest.wasm", "a", "1", "[2]", "--", "-5")
        assert (done.returncode, b"[invalid] x" in done.stderr) == (1, True)

    def test_rows_of_a_function_are_lines(self, place):
        place({"function_call": Each(([{"value": 3}], [ERROR], [{"value": 8}]))}, "function one")
        done = wardian("function", "guest.wasm", "--rows", "-", stdin=b'["a", " "]\n["b"]\n5\n["c", " "]\n')
        assert (done.returncode, lines(done.stdout)) == (1, [3, 8])
        assert [each["line"] for each in lines(done.stderr)] == [2, 3]
        assert wardian("function", "guest.wasm", "1", "--rows", "-").returncode == 2

    def test_a_sink_takes_lines_and_is_flushed(self, place):
        place({"sink_write": Each(([None], [ERROR], None)), "sink_flush": Fails("transient", "the disk is full")})
        done = wardian("sink", "guest.wasm", stdin=b"1\n2\n3\n")
        assert (done.returncode, done.stdout) == (1, b"")
        first, *rest = done.stderr.splitlines()
        assert json.loads(first) == {"line": 2, **ERROR}
        assert b"the disk is full" in rest[0]

    def test_an_aggregator_gives_what_came_of_all_lines(self, place):
        place({"aggregator_add": None, "aggregator_flush": {"records": [{"data": 6}]}}, "aggregator one")
        gives(wardian("aggregate", "guest.wasm", stdin=b"1\n2\n3\n"), {"data": 6})

    def test_a_lookup_gives_rows_as_lines(self, place):
        place({"lookup_rows": [{"name": "Aotearoa"}, {}]}, "lookup one")
        gives(wardian("lookup", "guest.wasm", "code=NZ", "n=1", "--field", "name"), {"name": "Aotearoa"}, {})
        assert wardian("lookup", "guest.wasm", "code").returncode == 2


class TestPackages:
    def test_a_symbol_is_chosen_or_asked_for(self, place):
        place({"function_call": [{"value": 1}]}, "function one", "function two")
        done = wardian("function", "guest.wasm")
        assert (done.returncode, b"one, two" in done.stderr) == (3, True)
        gives(wardian("function", "guest.wasm", "--symbol", "two"), 1)
        assert wardian("action", "guest.wasm").returncode == 3

    def test_a_section_and_settings_are_merged_over_the_defaults(self, place):
        config = {"defaults": {"a": 1}, "sections": {"ext": {"b": 2}}}
        symbol = {"kind": "extension", "name": "one", "config": config}
        place({"plugin_open": Fails("config", "shown"), "extension_call": None, "function_call": None}, symbol)
        place({"plugin_open": None, "action_call": 1}, {**symbol, "kind": "action"}, name="fine")
        gives(wardian("action", "fine.wasm", "--section", "ext", "--set", "c=3"), 1)
        done = wardian("action", "fine.wasm", "--section", "none")
        assert (done.returncode, b"there are: ext" in done.stderr) == (5, True)

    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ("wardian function guest.wasm --symbol ", b"plain,one\nplain,two"),
            ("wardian function guest.wasm --symbol tw", b"plain,two"),
            ("wardian function guest.wasm --section ", b"plain,ext"),
            ("wardian sink guest.wasm --symbol ", b""),
            ("wardian sink nowhere.wasm --symbol ", b""),
        ],
    )
    def test_the_shell_completes_symbols_and_sections(self, place, words, expected):
        symbol = {"kind": "function", "name": "one", "config": {"sections": {"ext": {}}}}
        place({"function_call": []}, symbol, "function two")
        done = wardian(_WARDIAN_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(len(words.split(" ")) - 1))
        assert done.stdout.strip() == expected

    @pytest.mark.parametrize("name", ["source", "action", "process", "function", "aggregate", "sink", "lookup"])
    def test_each_command_has_help_with_an_example(self, name):
        shown = wardian(name, "--help").stdout.decode()
        assert f"wardian {name} " in shown.partition("Options:")[0].partition("\n\n")[2]
