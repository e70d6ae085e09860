"""A connection goes to the address that it was given, and waits no longer than its request may."""

import socket
import time

import pytest

from wardian.egress.budget import Budget, OutOfPatience, OverLimit
from wardian.egress.connection import connect, is_own
from wardian.errors import CapabilityError


def budget(patience=20.0, response=1000):
    return Budget(60, patience, response, lambda: 60.0)


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def test_bytes_go_out_and_come_in(listener):
    opened, address = connect(["127.0.0.1"], listener.getsockname()[1], budget())
    assert address == "127.0.0.1"
    with opened as connection, listener.accept()[0] as peer:
        connection.send(b"there")
        assert peer.recv(100) == b"there"
        peer.sendall(b"back")
        assert connection.receive(head=False) == b"back"
        peer.close()
        assert connection.receive(head=False) == b""


def test_the_first_address_that_answers_is_used(listener):
    port = listener.getsockname()[1]
    opened, address = connect(["127.0.0.7", "::1", "127.0.0.1"], port, budget())
    opened.__exit__(None, None, None)
    assert address == "127.0.0.1"


def test_no_address_that_answers_is_an_error_that_may_pass(listener):
    port = listener.getsockname()[1]
    listener.close()
    with pytest.raises(CapabilityError) as caught:
        connect(["127.0.0.1"], port, budget())
    assert (caught.value.kind, caught.value.guest_code) == ("transient", "connect")


def test_a_peer_that_neither_reads_nor_writes_holds_it_no_longer_than_its_time(listener):
    for use in (lambda each: each.receive(head=True), lambda each: each.send(b"x" * 2**26)):
        opened, _ = connect(["127.0.0.1"], listener.getsockname()[1], budget(0.1))
        with opened as connection, listener.accept()[0]:
            began = time.monotonic()
            with pytest.raises(OutOfPatience):
                use(connection)
            assert time.monotonic() - began < 5


def test_what_comes_is_counted(listener):
    opened, _ = connect(["127.0.0.1"], listener.getsockname()[1], budget(response=0))
    with opened as connection, listener.accept()[0] as peer:
        peer.settimeout(0.2)
        with pytest.raises(OverLimit):  # noqa: PT012 - as soon as there is too much
            for _ in range(100):
                peer.send(b"x" * 2**14)
                connection.receive(head=False)


def test_a_peer_that_breaks_off_is_an_error_that_may_pass(listener):
    opened, _ = connect(["127.0.0.1"], listener.getsockname()[1], budget())
    with opened as connection:
        peer = listener.accept()[0]
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        peer.close()
        with pytest.raises(CapabilityError) as caught:
            connection.receive(head=True)
    assert caught.value.guest_code == "protocol"


def test_this_machines_addresses_are_its_own():
    assert [is_own(each) for each in ("127.0.0.1", "::1", "198.51.100.1")] == [True, True, False]
