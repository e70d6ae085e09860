"""Cases 81 and 82, for HTTP: a request ends with the call that asked, wherever it waits."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.servers import Resolver
from wardian import Cancelled, DeadlineExceeded, Egress, GuestError, Limits

SOON = Limits(deadline="100ms", http_time=15)
LONG = Limits(deadline=60, http_time=60)


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


def threads_that_look_up():
    return [thread for thread in threading.enumerate() if thread.name == "wardian-names"]


class Stuck:
    """A resolver that answers once it is let go."""

    def __init__(self):
        self.go, self.asked = threading.Event(), 0

    def __call__(self, host, port, seconds):
        self.asked += 1
        assert self.go.wait(60)
        return ["127.0.0.1"]


@pytest.fixture
def stuck():
    resolver = Stuck()
    yield resolver
    resolver.go.set()
    while threads_that_look_up():
        time.sleep(0.001)


@pytest.fixture
def waits(serve, stuck, authority):
    """Gives, by its name, where a request waits: its hosts, its egress, its URL."""
    servers = []

    def silent(_):
        while servers[0].pause(0.05):
            yield b""

    def started(place):
        servers.append(serve(silent))
        server = servers[-1]
        if place == "the answer":
            return (server.authority,), Egress(), server.url, {}
        if place == "the name":
            return ("slow.test",), Egress(resolver=stuck), "http://slow.test/", {}
        if place == "the handshake":
            return (server.authority,), Egress(ca=authority.ca), f"https://{server.authority}/", {}
        # A queue that is full: the kernel lets a connection wait.
        full = socket.create_server(("127.0.0.1", 0), backlog=0)
        fillers = [socket.socket() for _ in range(4)]
        for each in (full, *fillers):
            each.setblocking(False)
        for each in fillers:
            each.connect_ex(full.getsockname())
        host = f"127.0.0.1:{full.getsockname()[1]}"
        return (host,), Egress(), f"http://{host}/", {"kept": [full, *fillers]}

    kept = []

    def keeping(place):
        *rest, more = started(place)
        kept.extend(more.get("kept", ()))
        return rest

    yield keeping
    for each in kept:
        each.close()


PLACES = ["the name", "the connection", "the handshake", "the answer"]


@pytest.mark.parametrize("place", PLACES)
def test_case_81_a_request_that_waits_ends_at_the_deadline_of_its_call(asks_http, waits, place):
    hosts, egress, url = waits(place)
    ask = asks_http(*hosts, egress=egress, limits=SOON)
    began = time.monotonic()
    with pytest.raises(DeadlineExceeded) as caught:
        ask(url)
    assert time.monotonic() - began < 2
    assert (caught.value.limit, caught.value.value) == ("deadline", 0.1)


@pytest.mark.parametrize("place", PLACES)
def test_case_81_a_request_that_waits_ends_when_its_call_is_cancelled(asks_http, waits, place):
    hosts, egress, url = waits(place)
    ask = asks_http(*hosts, egress=egress, limits=LONG)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, url)
        while not ask.plugin.cancel():
            time.sleep(0.01)
        began = time.monotonic()
        with pytest.raises(Cancelled):
            waiting.result(20)
    assert time.monotonic() - began < 2


def test_case_81_closing_the_plugin_ends_its_requests(asks_http, waits):
    hosts, egress, url = waits("the answer")
    ask = asks_http(*hosts, egress=egress, limits=LONG)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(ask, url)
        while "1 in use" not in repr(ask.plugin):
            time.sleep(0.001)
        time.sleep(0.05)
        ask.plugin.close()
        with pytest.raises(Cancelled):
            waiting.result(20)


def test_case_81_names_that_are_never_answered_hold_a_few_threads_and_no_call(asks_http, stuck):
    ask = asks_http("slow.test", egress=Egress(resolver=stuck), limits=Limits(deadline=20, http_time=15), instances=8)

    def give_up(_):
        with pytest.raises(GuestError) as caught:
            ask("http://slow.test/", timeout_ms=60)
        return caught.value.guest_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(give_up, range(24))) == {"timeout"}
    assert stuck.asked == len(threads_that_look_up()) == 8
    other = asks_http("fast.test", egress=Egress(resolver=Resolver(["10.0.0.1"])), name="other")
    with pytest.raises(GuestError) as caught:  # another plugin looks its names up all the same
        other("http://fast.test/")
    assert caught.value.guest_code == "address"


@pytest.mark.parametrize("place", ["the name", "the answer"])
def test_case_82_what_comes_after_the_deadline_is_too_late_for_a_guest_that_would_return(asks_http, waits, place):
    """The guest has no loop between its request and its return, at which the engine could end it."""
    hosts, egress, url = waits(place)
    ask = asks_http(*hosts, egress=egress, limits=SOON)
    for _ in range(3):
        with pytest.raises(DeadlineExceeded):
            ask(url)


def test_a_request_leaves_no_socket_behind(asks_http, serve, waits):
    open_files = Path("/proc/self/fd")

    def count():
        return len(list(open_files.iterdir()))

    server = serve()
    hosts, egress, url = waits("the answer")
    good, bad = asks_http(server.authority), asks_http(*hosts, egress=egress, limits=SOON, name="bad")

    def once():
        good(server.url)
        with pytest.raises(DeadlineExceeded):
            bad(url)

    once()
    before = count()
    for _ in range(12):
        once()
    # The servers' own ends close a little later.
    until = time.monotonic() + 10
    while count() > before + 12 and time.monotonic() < until:
        time.sleep(0.01)
    assert count() <= before + 12
