"""`wardian.engine.control`: a running engine is asked over its socket."""

from __future__ import annotations

import socket
import stat
import threading
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wardian import plain_json
from wardian.engine.asking import NAME, ask, place
from wardian.engine.control import Control
from wardian.errors import ConfigError, StateError

OPEN = Path("/proc/self/fd")
GARBAGE = [b"\n", b"hello\n", b"[]\n", b"{}\n", b'{"do": 5}\n', b"\xff\xfe\n", b"[" * 60_000 + b"\n"]


@pytest.fixture
def served(tmp_path):
    """A state directory whose engine answers a few things."""

    def refuse(_asked):
        raise StateError("it is locked", code="state_locked", where="p.db", hint="wait")

    def broken(_asked):
        raise ZeroDivisionError

    handlers = {"status": lambda _: {"pid": 1}, "echo": dict, "refuse": refuse, "broken": broken}
    with Control(tmp_path, handlers):
        yield tmp_path


def connected(directory):
    """A connection to the engine of this directory."""
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(20)
    with place(directory) as address:
        connection.connect(address)
    return connection


def said(directory, data):
    """What the engine answers to these bytes and then nothing more; empty where it hung up."""
    answer = b""
    with connected(directory) as connection:
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                answer += piece
        except (BrokenPipeError, ConnectionResetError):
            pass
    return answer


def test_what_is_registered_is_answered(served):
    assert ask(served, "status") == {"pid": 1}
    assert ask(served, "echo", name="x") == {"do": "echo", "name": "x"}


def test_only_its_user_may_connect(served):
    mode = (served / NAME).stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


def test_an_error_of_a_handler_comes_with_its_code_and_hint(served):
    with pytest.raises(StateError) as caught:
        ask(served, "refuse")
    error = caught.value
    assert (error.code, error.message, error.where, error.hint) == ("state_locked", "it is locked", "p.db", "wait")


def test_a_fault_of_a_handler_is_logged_and_ends_nothing(served, caplog):
    with pytest.raises(StateError) as caught:
        ask(served, "broken")
    assert caught.value.code == "internal"
    assert "ZeroDivisionError" in caplog.text
    assert ask(served, "status") == {"pid": 1}


def test_what_is_not_registered_is_refused_with_what_is(served):
    with pytest.raises(StateError, match="broken, echo, refuse, status") as caught:
        ask(served, "explode")
    assert caught.value.code == "unknown"


@pytest.mark.parametrize("line", GARBAGE)
def test_garbage_is_told_so_and_the_next_one_is_answered(served, line):
    assert plain_json.read(said(served, line).decode())["error"]["code"] == "invalid"
    assert ask(served, "status") == {"pid": 1}


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_keep_it_from_answering_the_next_one(served, data):
    said(served, data)
    assert ask(served, "status") == {"pid": 1}


def test_a_request_without_an_end_is_cut_at_its_bound(served):
    with connected(served) as connection, pytest.raises((BrokenPipeError, ConnectionResetError)):
        connection.sendall(b"x" * 2**26)
    assert ask(served, "status") == {"pid": 1}


def test_who_connects_and_says_nothing_is_forgotten_in_time_and_too_many_are_told(served):
    silent = [connected(served) for _ in range(16)]
    until = time.monotonic() + 30
    assert any(b"busy" in said(served, b"") for _ in range(50))
    answered = None
    while answered is None and time.monotonic() < until:  # each has five seconds to speak
        try:
            answered = ask(served, "status")
        except StateError as error:
            assert error.code in {"busy", "not_answered"}  # noqa: PT017 - either of them, or neither
            time.sleep(0.1)
    for each in silent:
        each.close()
    assert answered == {"pid": 1}


def test_a_request_that_takes_long_keeps_no_other_waiting(tmp_path):
    go_on = threading.Event()
    with Control(tmp_path, {"stop": lambda _: go_on.wait(60), "status": lambda _: "here"}):
        waiting = threading.Thread(target=ask, args=(tmp_path, "stop"), kwargs={"timeout": 60})
        waiting.start()
        assert ask(tmp_path, "status") == "here"
        go_on.set()
        waiting.join()


def test_a_socket_that_a_killed_engine_left_is_replaced_and_a_file_of_that_name_is_not(tmp_path):
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / NAME))
    with Control(tmp_path, {"status": lambda _: "here"}):
        assert ask(tmp_path, "status") == "here"
    assert not (tmp_path / NAME).exists()
    (tmp_path / NAME).write_text("mine")
    with pytest.raises(ConfigError, match="no socket"):
        Control(tmp_path, {})
    assert (tmp_path / NAME).read_text() == "mine"


def test_the_path_of_a_state_directory_may_be_longer_than_an_address(tmp_path):
    deep = tmp_path / ("d" * 100) / ("e" * 100)
    deep.mkdir(parents=True)
    with Control(deep, {"status": lambda _: "here"}):
        assert ask(deep, "status") == "here"


def test_samples_are_taken_at_once_and_a_fault_of_theirs_ends_nothing(tmp_path, caplog):
    looked = threading.Event()

    def tick():
        looked.set()
        raise ZeroDivisionError

    with Control(tmp_path, {"status": lambda _: "here"}, tick):
        assert looked.wait(20)
        assert ask(tmp_path, "status") == "here"
    assert "ZeroDivisionError" in caplog.text


def test_nothing_is_left_open_after_it_is_closed(tmp_path):
    before = len(tuple(OPEN.iterdir()))
    for _ in range(20):
        control = Control(tmp_path, {"status": lambda _: "x" * 100_000})
        assert len(ask(tmp_path, "status")) == 100_000
        control.close()
        control.close()
    until = time.monotonic() + 20
    while len(tuple(OPEN.iterdir())) > before and time.monotonic() < until:
        time.sleep(0.01)
    assert len(tuple(OPEN.iterdir())) <= before
