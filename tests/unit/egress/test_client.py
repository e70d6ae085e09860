"""A request from end to end: every hop has a line, and what may not be asked is never dialled."""

import pytest

from support.servers import Resolver, redirect, reply
from wardian.egress.allowed import AllowList
from wardian.egress.budget import Budget, CallOver
from wardian.egress.client import Client
from wardian.egress.egress import Egress
from wardian.egress.request import parse_request
from wardian.errors import CapabilityError, ConfigError


@pytest.fixture
def lines():
    return []


@pytest.fixture
def fetch(lines):
    """Fetches a URL with a client that allows these hosts."""

    def fetched(hosts, url, egress=None, spend=lambda: None, left=60.0, **more):
        client = Client(AllowList(hosts), egress or Egress(), "plugin", "instance", lines.append)
        request = parse_request({"method": "GET", "url": url, **more})
        return client.fetch(request, Budget(60, 20, 2**20, lambda: left), spend)

    return fetched


def test_each_hop_is_spent_before_it_is_made_and_has_a_line(fetch, lines, serve):
    server = serve(lambda asked: redirect("/b") if asked.target == "/a" else reply())
    spent = []
    assert fetch([server.authority], f"{server.url}/a", spend=lambda: spent.append(len(lines))).status == 200
    assert [(line.url, line.status) for line in lines] == [(f"{server.url}/a", 302), (f"{server.url}/b", 200)]
    assert spent == [1]


def test_a_hop_that_may_not_be_spent_is_not_made(fetch, lines, serve):
    server = serve(lambda _: redirect("/b"))

    def spend():
        raise CapabilityError("exhausted", "no more")

    with pytest.raises(CapabilityError, match="no more"):
        fetch([server.authority], f"{server.url}/a", spend=spend)
    assert (server.connections, len(lines)) == (1, 1)


def test_what_is_not_granted_is_not_even_looked_up(fetch, lines):
    resolver = Resolver(["127.0.0.1"])
    with pytest.raises(CapabilityError) as caught:
        fetch(["a.test"], "http://b.test/", Egress(resolver=resolver))
    assert (caught.value.guest_code, resolver.asked, lines[0].error) == ("destination", [], "destination")


def test_nothing_is_dialled_for_a_call_that_is_over(fetch, lines, serve):
    server = serve()
    with pytest.raises(CallOver):
        fetch([server.authority], server.url, left=0.0)
    assert (server.connections, lines[0].error) == (0, "call_over")


def test_what_was_no_request_has_a_line_too(lines):
    client = Client(AllowList(["a.test"]), Egress(), "plugin", "instance", lines.append)
    client.refuse(CapabilityError("invalid", "no"))
    assert (lines[0].plugin, lines[0].url, lines[0].error) == ("plugin", "", "invalid")


def test_a_file_of_authorities_is_read_before_it_is_needed(lines, tmp_path):
    empty = tmp_path / "empty.pem"
    empty.touch()
    for path in (empty, tmp_path / "none.pem"):
        with pytest.raises(ConfigError, match="authorities"):
            Client(AllowList(["a.test"]), Egress(ca=path), "plugin", "instance", lines.append)
