"""Cases 137 to 141 for webhooks: crowds, slow clients and endless bodies take a bounded part of this process."""

import contextlib
import http.client
import resource
import socket
import threading
import time

import pytest

from wardian.endpoints import open_source


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


@pytest.fixture
def webhook():
    opened = []

    def start(**config):
        opened.append(open_source("webhook", {"listen": "127.0.0.1:0", **config}))
        return opened[-1]

    yield start
    for each in opened:
        each.close()
    assert not [each for each in threading.enumerate() if each.name.startswith("wardian-http")]


def post(source, body=b"x", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", source.port, timeout=60)
    with contextlib.closing(connection):
        connection.request("POST", "/", body, headers)
        return connection.getresponse().status


def until_taken(source):
    """Post until somebody is let in, who is one of many."""
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if post(source) == 202:
                return True
        time.sleep(0.02)
    return False


def test_case_140_thousands_of_connections_that_say_nothing_take_few_threads_and_pass(webhook):
    source = webhook(connections=16, timeout="500ms")
    most = 0
    for _ in range(20):
        with contextlib.ExitStack() as crowd:
            for _ in range(100):
                crowd.enter_context(socket.create_connection(("127.0.0.1", source.port), timeout=60))
            most = max(most, sum(each.name == "wardian-http-one" for each in threading.enumerate()))
    assert 0 < most <= 17  # one that has just ended may still be seen
    assert until_taken(source)


def test_case_140_clients_that_drip_are_cut_in_time_and_others_are_served(webhook):
    source = webhook(connections=4, timeout="500ms")
    done = threading.Event()

    def drip():
        while not done.is_set():
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", source.port)) as slow:
                for byte in b"POST / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 1000:
                    slow.sendall(bytes([byte]))
                    if done.wait(0.05):
                        break

    slow = [threading.Thread(target=drip) for _ in range(4)]
    for each in slow:
        each.start()
    try:
        assert until_taken(source)
    finally:
        done.set()
        for each in slow:
            each.join(60)


def test_case_140_a_body_without_end_is_cut_at_its_bound(webhook):
    source = webhook(body=1000)
    chunk = b"10000\r\n" + b"x" * 65536 + b"\r\n"
    sent = 0
    with socket.create_connection(("127.0.0.1", source.port), timeout=60) as endless, contextlib.suppress(OSError):
        endless.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        while sent < 2**30:
            endless.sendall(chunk)
            sent += len(chunk)
    assert sent < 2**26
    assert source.poll().records == []


def test_case_140_a_crowd_of_large_bodies_waits_in_bounded_memory(webhook):
    source = webhook(body=2**20, queue_bytes=8 * 2**20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    statuses = [post(source, b"x" * 2**20) for _ in range(64)]
    assert statuses.count(202) == 8
    assert set(statuses) == {202, 429}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 2**10  # KiB


@pytest.mark.parametrize(
    "request_of_two",
    [
        (
            b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nxPOST / HTTP/1.1\r\nHost: localhost\r\n"
            b"Content-Length: 1\r\n\r\ny"
        ),
        (
            b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"1\r\nx\r\n0\r\n\r\nPOST / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        ),
    ],
)
def test_case_140_a_request_that_hides_another_one_is_one_record(webhook, request_of_two):
    source = webhook()
    with socket.create_connection(("127.0.0.1", source.port), timeout=60) as client:
        client.sendall(request_of_two)
        assert client.recv(100).startswith(b"HTTP/1.1 202 ")
    assert [each.data for each in source.poll().records] == [b"x"]


def test_case_137_thousands_of_guesses_let_nobody_in(webhook):
    source = webhook(token="right-token")
    guesses = ["", "right-toke", "right-token2", "RIGHT-TOKEN", "*"] * 100
    assert {post(source, Authorization=f"Bearer {guess}") for guess in guesses} == {401}
    assert post(source, Authorization="Bearer right-token") == 202
    assert len(source.poll().records) == 1


def test_case_141_no_path_leads_anywhere(webhook):
    source = webhook(path="/events")
    for path in ("/events/../events", "/%2e%2e/etc", "//events", "/events/", "/events%00", "/sources/v1/..%252fx", "*"):
        with socket.create_connection(("127.0.0.1", source.port), timeout=60) as client:
            client.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx".encode())
            assert client.recv(100).split()[1] in (b"404", b"400"), path
    assert source.poll().records == []
