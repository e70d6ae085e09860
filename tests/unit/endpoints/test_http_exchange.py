"""One request and its answer on a real connection, within time and bytes."""

import contextlib
import json
import socket
import threading
import time

import pytest

from wardian.endpoints.http_exchange import Answer, Bounds, Head, Refused, serve


def echo(head, body):
    return Answer(200, {"method": head.method, "target": head.target, "size": len(body)})


def judge(head):
    if head.target == "/refused":
        raise Refused(404, "there is nothing here")


def exchanged(*parts, seconds=5.0, body=1000, pause=0.0, end=False):
    """The status and the body of the answer to these bytes."""
    ours, theirs = socket.socketpair()

    def serving():
        with ours, contextlib.suppress(OSError):
            serve(ours, judge, echo, Bounds(seconds, body))

    thread = threading.Thread(target=serving)
    thread.start()
    with theirs:
        with contextlib.suppress(OSError):
            for part in parts:
                theirs.sendall(part)
                time.sleep(pause)
            if end:
                theirs.shutdown(socket.SHUT_WR)
        answer = b""
        with contextlib.suppress(ConnectionResetError):
            while data := theirs.recv(65536):
                answer += data
    thread.join(30)
    assert not thread.is_alive()
    head, _, rest = answer.partition(b"\r\n\r\n")
    return (int(head.split()[1]), rest) if head else (None, b"")


def post(head=b"", body=b"", target=b"/"):
    return b"POST " + target + b" HTTP/1.1\r\nHost: a\r\n" + head + b"\r\n" + body


def test_a_body_of_a_known_length_and_one_in_chunks():
    for parts in (
        [post(b"Content-Length: 5\r\n", b"hello")],
        [post(b"Transfer-Encoding: chunked\r\n", b"2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")],
        [bytes([each]) for each in post(b"Content-Length: 5\r\n", b"hello")],
    ):
        status, body = exchanged(*parts)
        assert (status, json.loads(body)["size"]) == (200, 5)


def test_a_client_that_waits_for_a_word_to_go_on_gets_it():
    ours, theirs = socket.socketpair()
    thread = threading.Thread(target=serve, args=(ours, judge, echo, Bounds(10, 100)))
    thread.start()
    with theirs:
        theirs.sendall(post(b"Content-Length: 2\r\nExpect: 100-continue\r\n"))
        assert theirs.recv(1000).startswith(b"HTTP/1.1 100 ")
        theirs.sendall(b"hi")
        assert theirs.recv(1000).startswith(b"HTTP/1.1 200 ")
    thread.join(30)
    ours.close()


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([post()], 411),
        ([post(b"Content-Length: 1001\r\n")], 413),
        ([post(b"Content-Length: 99999999999999999999\r\n")], 413),
        ([post(b"Transfer-Encoding: chunked\r\n", b"ffff\r\n" + b"x" * 5000)], 413),
        ([post(b"Content-Length: 1\r\nContent-Length: 2\r\n", b"x")], 400),
        ([post(b"Content-Length: -1\r\n")], 400),
        ([post(b"Transfer-Encoding: chunked\r\n", b"zz\r\n")], 400),
        ([post(b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", b"0\r\n\r\n")], 200),
        ([b"POST / HTTP/1.1\r\n\r\n"], 400),
        ([b"\x16\x03\x01\x02\x00"], 400),
        ([b"GET / HTTP/1.1\r\nHost: a\r\nA b: c\r\n\r\n"], 400),
        ([b"POST / HTTP/1.1\r\nHost: a\r\n" + b"x" * 20_000], 431),
        ([b"POST / HTTP/1.1\r\nHost: a\r\n" + b"a: b\r\n" * 200 + b"\r\n"], 431),
        ([post(target=b"/refused", head=b"Content-Length: 3\r\n")], 404),
    ],
)
def test_case_140_what_is_too_much_or_no_request_is_told_so(parts, status):
    assert exchanged(*parts, end=True)[0] == status


def test_case_140_a_client_that_is_slow_is_told_so_however_it_is_slow():
    assert exchanged(b"POST / HT", seconds=0.2)[0] == 408
    assert exchanged(post(b"Content-Length: 10\r\n", b"x"), seconds=0.2)[0] == 408
    began = time.monotonic()
    assert exchanged(*[b"a"] * 20, seconds=0.2, pause=0.05)[0] == 408
    assert time.monotonic() - began < 30


def test_a_refusal_reaches_a_client_that_sends_on():
    assert exchanged(post(b"Content-Length: 500000\r\n", b"x" * 500_000))[0] == 413


def test_a_client_that_says_nothing_and_goes_is_no_request():
    assert exchanged(end=True)[0] in (None, 400)


def test_a_header_that_stands_twice_has_no_value():
    head = Head("POST", "/", (("a", "1"), ("b", "2"), ("b", "3")))
    assert (head.header("a"), head.header("b"), head.header("c"), head.count("b")) == ("1", None, None, 2)
    assert "1" not in repr(head)
