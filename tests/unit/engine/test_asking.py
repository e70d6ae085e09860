"""`wardian.engine.asking`: a question to the engine of a state directory."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest

from wardian.engine.asking import NAME, ask, received
from wardian.errors import StateError


@contextlib.contextmanager
def listening(directory):
    """A socket where an engine's would be."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(directory / NAME))
        listener.listen()
        yield listener


def test_where_no_engine_runs_the_error_says_how_to_start_one(tmp_path):
    for directory in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(StateError, match="no engine runs") as caught:
            ask(directory, "status")
        assert caught.value.code == "not_running"
        assert "wardian up" in caught.value.hint


def test_a_socket_that_a_killed_engine_left_is_no_engine(tmp_path):
    with listening(tmp_path):
        pass
    with pytest.raises(StateError) as caught:
        ask(tmp_path, "status")
    assert caught.value.code == "not_running"


@pytest.mark.parametrize("answer", [b"", b"half", b"no json\n", b"[]\n", b'{"error": 5}\n', b"\xff\n"])
def test_an_answer_that_is_none_is_told(tmp_path, answer):
    with listening(tmp_path) as listener:

        def serve():
            connection, _ = listener.accept()
            with connection:
                connection.recv(1_000)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(StateError) as caught:
            ask(tmp_path, "status")
        thread.join()
    assert caught.value.code == "not_answered"


def test_an_engine_that_does_not_answer_is_waited_for_no_longer_than_asked(tmp_path):
    with listening(tmp_path):
        began = time.monotonic()
        with pytest.raises(StateError) as caught:
            ask(tmp_path, "status", timeout=0.2)
    assert caught.value.code == "not_answered"
    assert time.monotonic() - began < 20


def test_a_line_that_trickles_is_not_waited_for_beyond_its_time():
    mine, theirs = socket.socketpair()
    with mine, theirs:
        stopped = threading.Event()

        def trickle():
            while not stopped.wait(0.02):
                theirs.send(b"x")

        thread = threading.Thread(target=trickle)
        thread.start()
        with pytest.raises(TimeoutError):
            received(mine, 1_000_000, time.monotonic() + 0.3)
        stopped.set()
        thread.join()
