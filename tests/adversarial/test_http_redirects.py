"""Case 104: a redirect is a request of its own, judged like the first one, and takes nothing along to strangers."""

import pytest

from support.servers import Resolver, redirect, reply
from wardian import Egress, GuestError, LimitExceeded, Limits


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


def leads(location, status=302):
    return lambda asked: redirect(location, status) if asked.target == "/" else reply(asked.target.encode())


def refused(ask, url, **more):
    with pytest.raises(GuestError) as caught:
        ask(url, **more)
    return caught.value


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_case_104_a_redirect_to_an_address_that_was_not_granted_is_not_followed(asks_http, serve, status):
    inside = serve(address="127.0.0.2")
    outside = serve(leads(f"{inside.url}/admin", status))
    error = refused(asks_http(outside.authority), outside.url)
    assert (error.kind, error.guest_code) == ("denied", "destination")
    assert inside.connections == 0


def test_case_104_a_redirect_to_a_name_that_turns_inward_is_not_followed(asks_http, serve):
    inside = serve(address="127.0.0.2")
    outside = serve(leads(f"http://friend.test:{inside.port}/"))
    egress = Egress(resolver=Resolver(["127.0.0.2"]))
    error = refused(asks_http(outside.authority, f"friend.test:{inside.port}", egress=egress), outside.url)
    assert (error.kind, error.guest_code) == ("denied", "address")
    assert inside.connections == 0


@pytest.mark.parametrize("status", [301, 307])
@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "gopher://127.0.0.1:70/x", "ftp://127.0.0.1/", "javascript:alert(1)", "data:,x", "http://",
     "http://user:pw@127.0.0.1/", "http:\\\\127.0.0.1\\", "http://127.0.0.1:99999/", "http://127.1/", "\t//127.0.0.1/",
     "https:/\u00a0", "http://[::1", ""],
    ids=ascii,
)  # fmt: skip
def test_case_104_a_redirect_to_what_is_no_web_address_is_not_followed(asks_http, serve, location, status):
    outside = serve(leads(location, status))
    error = refused(asks_http(outside.authority), outside.url)
    assert error.kind == "denied"
    assert error.guest_code in ("redirect", "destination")
    assert outside.connections == 1


@pytest.mark.parametrize(
    ("location", "arrives"),
    [("/next", "/next"), ("next?a=1", "/next?a=1"), ("?b", "/?b"), ("//{authority}/next", "/next"),
     ("{url}/next#part", "/next"), ("./a/../b", "/b")],
)  # fmt: skip
def test_case_104_a_redirect_may_be_relative(asks_http, serve, location, arrives):
    server = serve(lambda asked: given[0] if asked.target == "/" else reply(asked.target.encode()))
    given = [redirect(location.format(authority=server.authority, url=server.url))]
    assert asks_http(server.authority)(server.url)["body"] == arrives.encode()


def test_case_104_five_redirects_are_followed_and_no_more(asks_http, serve):
    server = serve(lambda asked: redirect(f"/{int(asked.target[1:]) - 1}") if asked.target != "/0" else reply())
    ask = asks_http(server.authority)
    assert ask(f"{server.url}/5")["status"] == 200
    assert server.connections == 6
    error = refused(ask, f"{server.url}/100")
    assert (error.kind, error.guest_code) == ("denied", "redirect")
    assert server.connections == 12


def test_case_104_each_redirect_is_one_of_the_requests_of_the_call(asks_http, serve):
    server = serve(lambda asked: redirect(f"{asked.target}a"))
    ask = asks_http(server.authority, limits=Limits(http_requests=3, deadline=20, http_time=10))
    with pytest.raises(LimitExceeded) as caught:
        ask(server.url)
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("http_requests", 3, 4)
    assert server.connections == 3


PRIVATE = {"Authorization": "Bearer guest", "Cookie": "a=b", "X-Kept": "yes"}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_case_104_what_is_private_stays_with_its_origin(asks_http, serve, status):
    stranger = serve()
    server = serve(lambda asked: redirect(targets[asked.target], status))
    targets = {"/": f"{server.url}/again", "/again": f"{stranger.url}/end"}
    assert asks_http(server.authority, stranger.authority)(server.url, headers=PRIVATE)["status"] == 200
    first, again = server.asked
    assert again.headers["authorization"] == first.headers["authorization"] == "Bearer guest"
    (left,) = stranger.asked
    assert left.headers.keys().isdisjoint({"authorization", "cookie"})
    assert (left.headers["x-kept"], left.headers["host"]) == ("yes", stranger.authority)


def test_case_104_another_scheme_is_another_origin(asks_http, serve, authority):
    plain = serve()
    secured = serve(leads(f"{plain.url}/end"), tls=authority.tls("127.0.0.1"))
    ask = asks_http(secured.authority, plain.authority, egress=Egress(ca=authority.ca))
    assert ask(secured.url, headers=PRIVATE)["status"] == 200
    assert secured.asked[0].headers["cookie"] == "a=b"
    assert "cookie" not in plain.asked[0].headers


def test_case_104_a_secret_header_goes_to_its_origin_alone_and_never_back(asks_http, serve):
    stranger = serve(lambda _: redirect(f"{server.url}/back"))
    server = serve(lambda asked: redirect(f"{stranger.url}/") if asked.target == "/" else reply())
    egress = Egress(headers={server.url: {"X-Key": "secret"}})
    ask = asks_http(server.authority, stranger.authority, egress=egress)
    assert ask(server.url)["status"] == 200
    assert [each.headers.get("x-key") for each in (*server.asked, *stranger.asked)] == ["secret", None, None]
    # A stranger cannot make the request that the guest did not: it would be trusted with the guest's secret.
    server.asked.clear()
    assert ask(stranger.url)["status"] == 200
    assert [each.headers.get("x-key") for each in server.asked] == [None]


@pytest.mark.parametrize(
    ("method", "status", "then"),
    [("POST", 301, "GET"), ("POST", 302, "GET"), ("POST", 303, "GET"), ("POST", 307, "POST"), ("POST", 308, "POST"),
     ("PUT", 302, "PUT"), ("PUT", 303, "GET"), ("HEAD", 303, "HEAD"), ("GET", 301, "GET"), ("DELETE", 303, "GET")],
)  # fmt: skip
def test_case_104_what_a_redirect_makes_of_a_request_is_as_the_standard_has_it(asks_http, serve, method, status, then):
    server = serve(lambda asked: redirect("/end", status) if asked.target == "/" else reply(b""))
    body = {"body": b"content", "headers": {"Content-Type": "text/plain"}} if method in ("POST", "PUT") else {}
    assert asks_http(server.authority)(server.url, method, **body)["status"] == 200
    last = server.asked[-1]
    assert last.method == then
    kept = bool(body) and then != "GET"
    assert (last.body, "content-type" in last.headers) == (b"content" if kept else b"", kept)


def test_case_104_a_redirect_without_a_place_is_an_answer(asks_http, serve):
    server = serve(lambda _: reply(b"choose", "300 Choices", Location="/a"))
    assert asks_http(server.authority)(server.url)["status"] == 300
    other = serve(lambda _: reply(b"lost", "302 Found"))
    assert asks_http(other.authority)(other.url)["status"] == 302
