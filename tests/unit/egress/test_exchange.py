"""One message out, one in."""

import gzip
import socket
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.servers import receive, reply
from wardian.egress.budget import Budget, OverLimit
from wardian.egress.connection import Connection
from wardian.egress.exchange import exchange
from wardian.egress.request import parse_request
from wardian.errors import CapabilityError


def talk(answer, secrets=(), **asked):
    """What is made of an answer, and what was asked."""
    ours, theirs = socket.socketpair()
    budget = Budget(60, 20, 2**20, lambda: 60.0)
    request = parse_request({"method": "GET", "url": "http://a.test/x", **asked})

    def serve():
        with theirs:
            heard = receive(theirs)
            theirs.sendall(answer)
        return heard

    with ThreadPoolExecutor(1) as pool, Connection(ours, budget) as connection:
        heard = pool.submit(serve)
        return exchange(connection, request, secrets, budget), heard.result(20)


def test_the_message_is_the_request_with_what_the_host_sets():
    answer, heard = talk(
        reply(b"body", X_A="b"), [("x-key", "secret")], method="PUT", body=b"sent", headers={"User-Agent": "mine"}
    )
    assert (answer.status, answer.headers, answer.body) == (200, {"content-length": "4", "x-a": "b"}, b"body")
    assert heard.body == b"sent"
    assert heard.headers == {
        "host": "a.test", "connection": "close", "user-agent": "mine", "x-key": "secret", "content-length": "4",
        "accept-encoding": "gzip, deflate",
    }  # fmt: skip


def test_an_operators_name_for_its_programs_takes_the_place_of_ours():
    _, heard = talk(reply(), [("user-agent", "acme")])
    assert heard.raw.lower().count(b"user-agent") == 1
    assert heard.headers["user-agent"] == "acme"


def test_interim_answers_are_passed_over():
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
    answer, _ = talk(early + reply(b"late"))
    assert (answer.status, answer.body) == (200, b"late")


def test_trailers_are_no_headers():
    answer, _ = talk(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-Late: b\r\n\r\n")
    assert (answer.headers, answer.body) == ({"transfer-encoding": "chunked"}, b"a")


def test_what_follows_an_answer_is_not_looked_at():
    answer, _ = talk(reply(b"one") + reply(b"two"))
    assert answer.body == b"one"


def test_an_answer_in_text_shows_nothing():
    answer, _ = talk(reply(b"secret", X="secret"))
    assert repr(answer) == "Answer(status=200)"


@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200", b"\0" * 100, reply(b"a")[:-1]], ids=ascii)
def test_anything_else_is_no_answer(answer):
    with pytest.raises(CapabilityError) as caught:
        talk(answer)
    assert caught.value.guest_code == "protocol"


PARTS = st.sampled_from([
    b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 404 No\r\n", b"HTTP/1.1 100 Continue\r\n", b"Content-Length: 3\r\n",
    b"Content-Length: 99999999999999999999\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n",
    b"Content-Encoding: deflate\r\n", b"Location: //\r\n", b"\r\n", b"3\r\nabc\r\n", b"0\r\n", b"abc", b": ",
    b"X: \xff\r\n",
    gzip.compress(b"abc"), zlib.compress(b"abc"), b"\n", b"\0",
])  # fmt: skip


@given(st.lists(PARTS | st.binary(max_size=10), max_size=12).map(b"".join), st.sampled_from(["GET", "HEAD"]))
def test_whatever_a_server_sends_is_an_answer_or_a_typed_error(sent, method):
    try:
        answer, _ = talk(sent, method=method)
    except (CapabilityError, OverLimit):
        return
    assert 200 <= answer.status <= 599
    assert all(name == name.lower() for name in answer.headers)
    assert len(answer.body) <= 2**20
