"""The capability `http` as guests and operators may rely on it: answers, errors, limits, receipts, audit lines."""

from __future__ import annotations

import logging
import ssl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

import wardian
from support.servers import Resolver, reply
from support.wat import wasm_of
from wardian import AuditLine, ConfigError, Egress, Grants, GuestError, LimitExceeded, Limits, Runtime


@pytest.fixture(autouse=True)
def _others_are_well(load):
    healthy = load("echoes", name="healthy")
    yield
    assert healthy.call("echo", 1) == 1


@pytest.fixture
def wasm(guest):
    return wasm_of(guest("asks").read_text().replace('"wardian" "log"', '"wardian" "http_request"'))


@pytest.mark.parametrize("status", [200, 201, 204, 304, 404, 418, 500, 599])
def test_whatever_status_a_server_answers_is_an_answer(asks_http, serve, status):
    body = b"" if status in (204, 304) else b"said"
    server = serve(lambda _: reply(body, f"{status} Odd", Content_Type="text/plain"))
    answer = asks_http(server.authority)(server.url)
    headers = {"content-length": str(len(body)), "content-type": "text/plain"}
    assert answer == {"status": status, "headers": headers, "body": body}


def test_an_answer_has_the_shape_of_the_abi(asks_http, serve):
    import cbor2
    import pycddl

    from conftest import SDK

    server = serve()
    answer = asks_http(server.authority)(server.url)
    rules = (SDK / "abi" / "abi.cddl").read_text("utf-8")
    pycddl.Schema(f"start = http-request-reply\n{rules}").validate_cbor(cbor2.dumps(answer))


WELL = {"method": "GET", "url": "http://127.0.0.1:9/"}


@pytest.mark.parametrize(
    "request_",
    [
        None, [], {}, {"method": "GET"}, {"url": "http://127.0.0.1:9/"},
        *(
            {**WELL, **wrong}
            for wrong in (
                {"method": "get"}, {"method": "TRACE"}, {"method": 1}, {"url": b"http://127.0.0.1:9/"}, {"url": "/"},
                {"url": ""}, {"headers": []}, {"headers": {"a": 1}}, {"headers": {b"a": "b"}},
                {"headers": {"a": "b", "A": "b"}}, {"body": 1}, {"body": ["a"]}, {"timeout_ms": 0}, {"timeout_ms": -1},
                {"timeout_ms": 1.5}, {"timeout_ms": True}, {"proxy": "http://127.0.0.1:9"}, {b"url": "http://a/"},
            )
        ),
    ],
    ids=str,
)  # fmt: skip
def test_a_request_of_the_wrong_shape_is_invalid_and_the_guest_goes_on(asks_http, request_):
    ask = asks_http("127.0.0.1:9")
    for _ in range(2):
        with pytest.raises(GuestError) as caught:
            ask.plugin.call("ask", request_)
        assert caught.value.kind == "invalid"
        assert caught.value.message


# Each code that a guest may be told, with its kind, as it comes to be.
FAILURES = {
    "invalid": ("invalid", "gopher://api.test/", {}),
    "destination": ("denied", "http://other.test/", {}),
    "address": ("denied", "http://inside.test/", {}),
    "resolve": ("transient", "http://nowhere.test/", {}),
    "connect": ("transient", "http://127.0.0.1:9/", {}),
    "timeout": ("transient", "{slow}", {"timeout_ms": 50}),
    "protocol": ("transient", "{broken}", {}),
    "redirect": ("denied", "{loops}", {}),
    "tls": ("transient", "{old}", {}),
    "certificate": ("denied", "{secured}", {}),
    "header": ("denied", "http://127.0.0.1:9/", {"headers": {"X-Key": "a"}}),
}


@pytest.mark.parametrize("code", FAILURES)
def test_each_failure_has_its_kind_and_its_code(asks_http, serve, authority, code):
    kind, url, more = FAILURES[code]
    slow = serve(lambda _: (b"" for _ in iter(lambda: slow.pause(0.05), False)))
    old = authority.tls("127.0.0.1")
    old.set_ciphers("AES128-SHA")
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    servers = {
        "slow": slow, "broken": serve(lambda _: b"?"), "secured": serve(tls=authority.tls("127.0.0.1")),
        "loops": serve(lambda _: reply(b"", "302 Found", Location="/")), "old": serve(tls=old),
    }  # fmt: skip
    urls = {name: server.url for name, server in servers.items()}
    egress = Egress(
        headers={"http://127.0.0.1:9": {"X-Key": "b"}},
        resolver=lambda host, port, seconds: {"inside.test": ["10.0.0.1"]}.get(host, []),
    )
    granted = [server.authority for server in servers.values()]
    ask = asks_http("api.test", "inside.test", "nowhere.test", "127.0.0.1:9", *granted, egress=egress)
    with pytest.raises(GuestError) as caught:
        ask(url.format(**urls), **more)
    assert caught.value.kind == kind
    assert caught.value.guest_code == (None if code == "invalid" else code)
    assert "10.0.0.1" not in str(caught.value)


def test_every_code_is_tested_and_in_the_page_of_capabilities():
    from conftest import TESTS
    from wardian.egress.failure import KINDS

    page = (TESTS.parent / "docs" / "capabilities.md").read_text("utf-8")
    assert {code: kind for code, (kind, *_) in FAILURES.items()} == {"invalid": "invalid", **KINDS}
    for code, kind in KINDS.items():
        assert f"| `{kind}` | `{code}` |" in page, code


# ---- Limits ----


def test_requests_are_as_many_as_allowed_in_each_call(asks_http, serve):
    server = serve()
    ask = asks_http(server.authority, times=3, limits=Limits(http_requests=3, deadline=20))
    for calls in (1, 2, 3):
        assert ask(server.url)["status"] == 200
        assert server.connections == 3 * calls


@pytest.mark.parametrize("most", [0, 1, 2])
def test_one_request_too_many_is_a_limit_when_the_guest_gives_up_for_it(asks_http, serve, most):
    server = serve()
    ask = asks_http(server.authority, times=most + 1, limits=Limits(http_requests=most, deadline=20))
    with pytest.raises(LimitExceeded) as caught:
        ask(server.url)
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("http_requests", most, most + 1)
    assert "http_requests" in caught.value.hint
    cause = caught.value.__cause__
    assert (cause.kind, cause.guest_code) == ("exhausted", "http_requests")
    assert server.connections == most


def test_a_request_that_takes_too_long_is_a_limit(asks_http, serve):
    server = serve(lambda _: (b"" for _ in iter(lambda: server.pause(0.05), False)))
    ask = asks_http(server.authority, limits=Limits(http_time="100ms", deadline=20))
    with pytest.raises(LimitExceeded) as caught:
        ask(server.url)
    assert (type(caught.value), caught.value.limit, caught.value.value) == (LimitExceeded, "http_time", 0.1)
    assert caught.value.asked >= 0.1
    assert "http_time" in caught.value.hint
    assert caught.value.__cause__.details["limit"] == "http_time"


def test_an_answer_that_is_too_large_is_a_limit(asks_http, serve):
    server = serve(lambda asked: reply(b"x" * int(asked.target[1:])))
    ask = asks_http(server.authority, limits=Limits(http_response=100, deadline=20))
    assert len(ask(f"{server.url}/100")["body"]) == 100
    with pytest.raises(LimitExceeded) as caught:
        ask(f"{server.url}/101")
    assert (caught.value.limit, caught.value.value, caught.value.asked) == ("http_response", 100, 101)
    assert "http_response" in caught.value.hint
    assert len(ask(f"{server.url}/100")["body"]) == 100  # the instance goes on


# ---- What an operator sees ----


def test_a_receipt_has_the_requests_and_the_bytes_that_came(asks_http, serve):
    server = serve(lambda _: reply(b"x" * 1000))
    ask = asks_http(server.authority, times=2)
    for _ in range(2):
        receipt = ask.plugin.invoke("ask", {"method": "GET", "url": server.url}).receipt
        assert receipt.host_calls == {"wardian.http_request": 2}
        assert receipt.http_bytes == receipt.as_dict()["http_bytes"] == 2000


def test_each_request_has_a_line_that_says_what_came_of_it(cache, wasm, serve):
    lines = []
    server = serve(lambda asked: reply(b"here") if asked.target == "/b" else reply(b"", "302 Found", Location="/b"))
    with Runtime(cache=cache, on_audit=lines.append) as runtime:
        plugin = runtime.load(wasm, grants=Grants(http=[server.authority]), name="curious", instance="one")
        plugin.call("ask", {"method": "POST", "url": f"{server.url}/a?token=secret", "body": b"12345"})
        with pytest.raises(GuestError):
            plugin.call("ask", {"method": "GET", "url": "http://other.test/x?token=secret"})
        with pytest.raises(GuestError):
            plugin.call("ask", {"method": "GET", "url": "http://user:secret@other.test/"})
    shown = [(line.method, line.url, line.address, line.status, line.error, line.sent, line.received) for line in lines]
    assert shown == [
        ("POST", f"{server.url}/a", "127.0.0.1", 302, "", 5, 0),
        ("GET", f"{server.url}/b", "127.0.0.1", 200, "", 0, 4),
        ("GET", "http://other.test/x", "", None, "destination", 0, 0),
        ("", "", "", None, "invalid", 0, 0),
    ]
    assert {(line.plugin, line.instance) for line in lines} == {("curious", "one")}
    assert all(0 <= line.seconds < 60 for line in lines)
    assert all(isinstance(line, AuditLine) for line in lines)


def test_by_default_the_lines_go_to_logging(asks_http, serve, caplog):
    caplog.set_level(logging.INFO, "wardian.audit")
    server = serve()
    ask = asks_http(server.authority)
    ask(f"{server.url}/a?b")
    with pytest.raises(GuestError):
        ask("http://other.test/")
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING"]
    assert f"asks/default: GET {server.url}/a -> 200 (127.0.0.1, 2 bytes" in caplog.text
    assert caplog.records[0].wardian.status == 200


def test_what_the_audit_hook_raises_ends_the_call(cache, wasm, serve):
    server = serve()

    def refuse(_):
        raise RuntimeError("the audit log is full")

    with Runtime(cache=cache, on_audit=refuse) as runtime:
        plugin = runtime.load(wasm, grants=Grants(http=[server.authority]))
        with pytest.raises(wardian.HostFunctionError, match="audit log is full"):
            plugin.call("ask", {"method": "GET", "url": server.url})


# ---- Threads, and what is not installed ----


def test_threads_share_a_plugin_that_asks(asks_http, serve):
    server = serve(lambda asked: reply(asked.target.encode()))
    limits = Limits(deadline=60, http_time=60)
    ask = asks_http(server.authority, "api.test", instances=8, limits=limits, egress=Egress(resolver=Resolver([])))

    def each(number):
        if number % 8 == 7:
            with pytest.raises(GuestError) as caught:
                ask("http://api.test/")
            return caught.value.guest_code == "resolve"
        return ask(f"{server.url}/{number}")["body"] == b"/%d" % number

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(each, range(160)))
    assert server.connections == 140


WITHOUT = """
import sys
sys.modules["h11"] = None
import wardian
from wardian import ConfigError, Grants
wasm = open(sys.argv[1], "rb").read()
with wardian.Runtime(cache=None) as runtime:
    try:
        runtime.load(wasm, grants=Grants(http=["api.test"]))
    except ConfigError as error:
        print(error)
"""


def test_without_the_extra_a_plugin_that_asks_is_refused_and_told_what_to_install(tmp_path, wasm):
    path = tmp_path / "asks.wasm"
    path.write_bytes(wasm)
    done = subprocess.run([sys.executable, "-c", WITHOUT, path], capture_output=True, text=True, check=True)
    assert "`h11`" in done.stdout
    assert "pip install 'wardian[http]'" in done.stdout


def test_a_program_without_a_plugin_that_asks_pays_for_none_of_it():
    program = (
        "import sys, wardian; r = wardian.Runtime(cache=None); r.load(sys.argv[1]); r.close(); print(*sys.modules)"
    )
    from conftest import TESTS

    command = [sys.executable, "-c", program, TESTS / "guests" / "echoes.wat"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()).isdisjoint({"h11", "certifi", "ssl", "wardian.egress.client"})


def test_an_egress_without_a_granted_host_is_refused(load):
    with pytest.raises(ConfigError, match="egress"):
        load("echoes", egress=Egress())
