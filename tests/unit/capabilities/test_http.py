"""Requests of a guest: counted, bounded by the call, answered as the ABI has it."""

import time

import pytest

from support.servers import reply
from wardian.capabilities.capability import QuotaSpent
from wardian.capabilities.http import Http
from wardian.egress.allowed import AllowList
from wardian.egress.client import Client
from wardian.egress.egress import Egress
from wardian.errors import CapabilityError
from wardian.policy import Limits
from wardian.sandbox.deadline import Call


@pytest.fixture
def lines():
    return []


@pytest.fixture
def http(lines):
    def made(*hosts, **limits):
        client = Client(AllowList(hosts), Egress(), "plugin", "instance", lines.append)
        return Http(Limits(**limits), client)

    return made


def call(seconds=20.0):
    made = Call()
    made.deadline_at = time.monotonic_ns() + int(seconds * 1e9)
    return made


def test_a_request_is_answered(http, serve):
    server = serve()
    answer = http(server.authority).request(call(), {"method": "GET", "url": server.url})
    assert answer == {"status": 200, "headers": {"content-length": "2"}, "body": b"ok"}


def test_what_is_wrong_is_counted_and_has_a_line(http, lines):
    asking = http("a.test", http_requests=1)
    with pytest.raises(CapabilityError) as caught:
        asking.request(call(), {"method": "GET"})
    assert (caught.value.kind, [line.error for line in lines]) == ("invalid", ["invalid"])
    with pytest.raises(QuotaSpent) as spent:
        asking.request(call(), {"method": "GET"})
    assert (spent.value.limit, spent.value.value, spent.value.asked) == ("http_requests", 1, 2)
    assert len(lines) == 1


def test_what_a_call_used_is_forgotten_with_it(http, serve):
    server = serve(lambda _: reply(b"12345"))
    asking = http(server.authority, http_requests=1)
    for succeeded in (True, False):
        asking.request(call(), {"method": "GET", "url": server.url})
        assert asking.used() == {"http_bytes": 5}
        asking.settle(succeeded=succeeded)
        assert asking.used() == {"http_bytes": 0}


def test_a_call_whose_time_is_over_is_marked_at_once(http, serve):
    server = serve()
    over = call(0)
    assert http(server.authority).request(over, {"method": "GET", "url": server.url}) is None
    assert over.ended_by == "deadline"
    assert server.connections == 0
