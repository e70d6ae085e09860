"""Cases 106, 107 and 109: a guest frames no message, borrows nothing of its host's, and never sees its secrets."""

import logging
import pickle
import traceback

import pytest

import wardian
from support.servers import redirect, reply
from support.wat import wasm_of
from wardian import ConfigError, Egress, Grants, GuestError, Limits, Runtime

SECRET = "correct-horse-battery-staple"


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


# 106: what frames a message


@pytest.mark.parametrize(
    "more",
    [
        {"method": "GET / HTTP/1.1\r\nHost: evil\r\n\r\nGET"}, {"method": "GET\r\n"}, {"method": "GET "},
        {"method": ""}, {"method": "CONNECT"}, {"method": "TRACE"}, {"method": "PRI"}, {"path": "/\r\nX: y"},
        {"path": "/ HTTP/1.1\r\n"},
        {"path": "/\n"}, {"path": "/a b"}, {"path": "/\x00"}, {"path": "/\x7f"}, {"path": "/?a\rb"},
        {"headers": {"X": "a\r\nY: b"}}, {"headers": {"X": "a\nY: b"}}, {"headers": {"X": "a\rb"}},
        {"headers": {"X": "a\0b"}}, {"headers": {"X": " a"}}, {"headers": {"X": "a "}}, {"headers": {"X": "caf\u00e9"}},
        {"headers": {"X": "a\u010ab"}}, {"headers": {"X": "a" * 8193}}, {"headers": {"X\r\nY": "a"}},
        {"headers": {"X:": "a"}}, {"headers": {"X Y": "a"}}, {"headers": {"": "a"}}, {"headers": {"X\u00e9": "a"}},
        {"headers": {" X": "a"}}, {"headers": {"X" * 129: "a"}}, {"headers": {f"x{n}": "a" for n in range(101)}},
    ],
    ids=lambda more: ascii(more)[:50],
)  # fmt: skip
def test_case_106_nothing_of_a_request_can_break_out_of_its_place(asks_http, serve, more):
    server = serve()
    ask = asks_http(server.authority)
    with pytest.raises(GuestError) as caught:
        ask(server.url + more.pop("path", "/"), **more)
    assert caught.value.kind == "invalid"
    assert server.connections == 0
    assert ask(server.url)["status"] == 200


@pytest.mark.parametrize(
    "name",
    ["Host", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Authorization",
     "Proxy-Connection", "Proxy-Anything", "TE", "Trailer", "Upgrade", "Expect", "HTTP2-Settings",
     "Accept-Encoding", "Via", "hOST",
     "Content_Length", "Transfer_Encoding", "proxy_authorization"],
)  # fmt: skip
def test_case_106_what_frames_a_message_is_set_by_the_host_alone(asks_http, serve, name):
    server = serve()
    with pytest.raises(GuestError) as caught:
        asks_http(server.authority)(server.url, "POST", headers={name: "1"}, body=b"x")
    assert caught.value.kind == "invalid"
    assert name.lower() in caught.value.message
    assert server.connections == 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_case_106_what_arrives_is_the_request_and_what_the_host_sets(asks_http, serve, method):
    server = serve(lambda asked: reply(b"" if asked.method == "HEAD" else b"ok"))
    asks_http(server.authority)(f"{server.url}/a/../b;c?d=e%20f&g", method, headers={"X-A": "b", "Accept": "*/*"})
    (asked,) = server.asked
    expected = {
        "host": server.authority, "connection": "close", "x-a": "b", "accept": "*/*",
        "accept-encoding": "gzip, deflate", "user-agent": "wardian",
    }  # fmt: skip
    if method in ("POST", "PUT", "PATCH"):
        expected["content-length"] = "0"
    assert (asked.method, asked.target, asked.headers) == (method, "/a/../b;c?d=e%20f&g", expected)


@pytest.mark.parametrize("body", [b"\0\xffbytes", "t\u00e9xt", b"", "", b"GET / HTTP/1.1\r\n\r\n", b"x" * 100_000])
def test_case_106_a_body_of_text_or_bytes_arrives_whole(asks_http, serve, body):
    server = serve()
    asks_http(server.authority)(server.url, "POST", body=body)
    sent = body if isinstance(body, bytes) else body.encode()
    assert (server.asked[0].body, server.asked[0].headers["content-length"]) == (sent, str(len(sent)))


def test_case_106_a_part_is_asked_for_as_it_is(asks_http, serve):
    server = serve()
    asks_http(server.authority)(server.url, headers={"Range": "bytes=0-1"})
    assert server.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"])
def test_case_106_a_proxy_of_the_environment_is_not_used(asks_http, serve, monkeypatch, name):
    proxy, server = serve(), serve()
    monkeypatch.setenv(name, proxy.url)
    assert asks_http(server.authority)(server.url)["status"] == 200
    assert (proxy.connections, server.connections) == (0, 1)


# 107: what is the host's own


def test_case_107_nothing_of_the_hosts_is_attached(asks_http, serve, authority, monkeypatch, tmp_path):
    server = serve(lambda _: reply(Set_Cookie="session=1"), tls=authority.tls("127.0.0.1"))
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login me password mine\n")
    netrc.chmod(0o600)
    keys = tmp_path / "keys"
    for name, value in {
        "HOME": str(tmp_path), "NETRC": str(netrc), "SSLKEYLOGFILE": str(keys), "AWS_SECRET_ACCESS_KEY": SECRET,
        "SSL_CERT_FILE": str(authority.ca), "SSL_CERT_DIR": str(tmp_path), "REQUESTS_CA_BUNDLE": str(authority.ca),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    ask = asks_http(server.authority, egress=Egress(ca=authority.ca))
    for _ in range(2):  # and no cookie of an answer with the next request
        assert ask(server.url)["headers"]["set-cookie"] == "session=1"
    for asked in server.asked:
        assert asked.headers.keys() == {"host", "connection", "accept-encoding", "user-agent"}
    assert not keys.exists()
    # Nor does the environment say whom to trust.
    with pytest.raises(GuestError) as caught:
        asks_http(server.authority, name="other")(server.url)
    assert caught.value.guest_code == "certificate"


# 109: secrets of the operator


@pytest.fixture
def secretly(asks_http, serve):
    server = serve(lambda asked: redirect("/end") if asked.target == "/redirect" else reply())
    egress = Egress(headers={server.url: {"Authorization": f"Bearer {SECRET}", "X-Api-Key": SECRET}})
    ask = asks_http(server.authority, egress=egress, limits=Limits(deadline=20, http_time=10))
    ask.server, ask.egress = server, egress
    return ask


def test_case_109_a_secret_header_is_sent_and_the_guest_sees_nothing_of_it(secretly):
    answer = secretly(f"{secretly.server.url}/redirect")
    assert [asked.headers["authorization"] for asked in secretly.server.asked] == [f"Bearer {SECRET}"] * 2
    assert SECRET not in repr(answer)


@pytest.mark.parametrize("name", ["Authorization", "authorization", "X-API-KEY", "x_api_key"])
def test_case_109_a_guest_may_not_set_what_the_operator_sets(secretly, name):
    with pytest.raises(GuestError) as caught:
        secretly(secretly.server.url, headers={name: "mine"})
    assert (caught.value.kind, caught.value.guest_code) == ("denied", "header")
    assert secretly.server.connections == 0


def test_case_109_what_looks_like_a_place_for_a_secret_is_sent_as_it_stands(secretly):
    url, template = secretly.server.url, "{{secret:Authorization}} ${X-Api-Key}"
    secretly(f"{url}/%7B%7Bsecret%7D%7D", "POST", headers={"X-Mine": template}, body=template)
    (asked,) = secretly.server.asked
    assert (asked.headers["x-mine"], asked.body, asked.target) == (template, template.encode(), "/%7B%7Bsecret%7D%7D")


def test_case_109_a_secret_for_a_host_means_https_unless_it_says_otherwise(asks_http, serve):
    server = serve()
    ask = asks_http(server.authority, egress=Egress(headers={server.authority: {"X-Key": SECRET}}))
    assert ask(server.url)["status"] == 200
    assert "x-key" not in server.asked[0].headers


def test_case_109_nothing_that_is_shown_or_raised_or_logged_holds_a_secret(cache, guest, serve, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    server = serve(lambda _: b"no HTTP, and " + SECRET.encode()[::-1])
    egress = Egress(headers={server.url: {"Authorization": SECRET}})
    wasm = wasm_of(guest("asks").read_text().replace('"wardian" "log"', '"wardian" "http_request"'))
    lines, shown = [], [repr(egress), str(egress)]
    with Runtime(cache=cache, on_audit=lines.append) as runtime:
        grants = Grants(http=[server.authority, "127.0.0.1:9"])
        plugin = runtime.load(wasm, grants=grants, egress=egress, name="secret")
        shown += [repr(plugin), repr(runtime)]
        for url in (f"{server.url}/?q={SECRET}", "http://127.0.0.1:9/", "http://127.0.0.1:8/", f"http://{SECRET}@a/"):
            with pytest.raises(GuestError) as caught:
                plugin.call("ask", {"method": "GET", "url": url, "headers": {"X": SECRET}, "body": SECRET})
            error = caught.value
            shown += [
                str(error),
                repr(error),
                *traceback.format_exception(error),
                pickle.dumps(error).decode("latin-1"),
            ]
    assert server.asked[0].headers["authorization"] == SECRET
    assert [line.error for line in lines] == ["protocol", "connect", "destination", "invalid"]
    shown += [repr(lines), caplog.text, *capfd.readouterr()]
    assert not [text for text in shown if SECRET in text]


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"api.test:443/path": {"A": "b"}}, "expected `host`"), ({"api.test/": {"A": "b"}}, "expected `host`"),
        ({"*.api.test": {"A": "b"}}, "host"), ({"ftp://api.test": {"A": "b"}}, "http"), ({"a b": {"A": "b"}}, "host"),
        ({"api.test": {"Host": SECRET}}, "`host`"), ({"api.test": {"A": f"{SECRET}\n"}}, "`a`"),
        ({"api.test": {"A b": SECRET}}, "names"), ({"api.test": {"A": 1}}, "texts"), ({"api.test": [SECRET]}, "map"),
        ({1: {"A": SECRET}}, "int"), ({"api.test": {"A": SECRET}, "API.test:443": {"A": "b"}}, "twice"),
    ],
    ids=lambda each: ascii(each)[:40],
)  # fmt: skip
def test_case_109_a_secret_that_could_not_be_sent_is_refused_and_not_shown(headers, said):
    with pytest.raises(ConfigError) as caught:
        Egress(headers=headers)
    assert said in str(caught.value)
    assert SECRET not in str(caught.value) + repr(caught.value) + repr(caught.value.problems)


def test_case_109_a_secret_for_a_host_that_is_not_granted_is_refused(asks_http, load):
    with pytest.raises(ConfigError, match="not granted"):
        asks_http("api.test:443", egress=Egress(headers={"api.tset": {"A": SECRET}}))
    with pytest.raises(ConfigError, match="may not make requests"):
        load("asks", egress=Egress(headers={"api.test": {"A": SECRET}}))
    with pytest.raises(wardian.ConfigError, match="authorities"):
        asks_http("api.test:443", egress=Egress(ca="/nowhere/ca.pem"))
