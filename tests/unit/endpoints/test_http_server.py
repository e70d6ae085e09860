"""The server takes so many connections at a time, and stops within a bound."""

import contextlib
import http.client
import socket
import threading
import time

import pytest

from wardian import ConfigError
from wardian.endpoints.http_exchange import Answer, Bounds
from wardian.endpoints.http_server import HttpServer


@pytest.fixture
def serving():
    servers = []

    def start(handle=lambda head, body: Answer(200, "fine"), most=8, seconds=10.0):
        bounds = Bounds(seconds, 1000)
        servers.append(HttpServer("127.0.0.1", 0, judge=lambda head: None, handle=handle, bounds=bounds, most=most))
        return servers[-1]

    yield start
    for each in servers:
        each.stop(0)


def status(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    with contextlib.closing(connection):
        connection.request("POST", "/", b"x")
        return connection.getresponse().status


def threads():
    return [each for each in threading.enumerate() if each.name.startswith("wardian-http")]


def test_it_answers_until_it_is_stopped(serving):
    server = serving()
    assert [status(server) for _ in range(20)] == [200] * 20
    server.stop(1)
    with pytest.raises(OSError, match=r"."):
        status(server)


def test_a_connection_too_many_is_told_so(serving):
    server = serving(most=2)
    held = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(2)]
    while len(server._open) < 2:
        time.sleep(0.001)
    with socket.create_connection(("127.0.0.1", server.port)) as third:
        assert third.recv(100).startswith(b"HTTP/1.1 503 ")
    for each in held:
        each.close()
    while server._open:
        time.sleep(0.001)
    assert status(server) == 200


def test_a_fault_of_the_handler_is_answered_with_500(serving):
    def fails(head, body):
        raise ValueError("hush")

    assert status(serving(fails)) == 500


def test_stopping_cuts_clients_that_say_nothing_and_leaves_no_thread(serving):
    server = serving(seconds=600)
    with socket.create_connection(("127.0.0.1", server.port)):
        while not server._open:
            time.sleep(0.001)
        began = time.monotonic()
        server.stop(0.1)
        assert time.monotonic() - began < 20
    assert not server._open
    assert threads() == []


def test_stopping_waits_for_an_answer_that_is_on_its_way(serving):
    began, answered = threading.Event(), []

    def slow(head, body):
        began.set()
        time.sleep(0.2)
        return Answer(200)

    server = serving(slow)
    asking = threading.Thread(target=lambda: answered.append(status(server)))
    asking.start()
    began.wait(30)
    server.stop(30)
    asking.join(30)
    assert answered == [200]


def test_an_address_that_is_taken_is_refused(serving):
    server = serving()
    with pytest.raises(ConfigError, match="no server can listen"):
        HttpServer("127.0.0.1", server.port, judge=print, handle=print, bounds=Bounds(1, 1), most=1)
