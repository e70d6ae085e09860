"""Case 105: whatever a server answers ends within its limits of time and bytes."""

import gzip
import itertools
import time
import zlib

import pytest

from support.servers import reply
from wardian import GuestError, LimitExceeded, Limits

SMALL = Limits(http_response="64KiB", http_time=50, deadline=60)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
BARE = b"HTTP/1.1 200 OK\r\n"


@pytest.fixture(autouse=True)
def _others_are_well(healthy):
    yield
    healthy()


def endless(start, piece):
    return lambda _: itertools.chain([start], itertools.repeat(piece))


def packed(content, times):
    """A gzip of so many times this content, made without holding it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(content) for _ in range(times)), packer.flush()])


def bomb():
    """A gigabyte of zeros in a megabyte: blocks that do not lean on each other may be repeated as they are."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(b"\0" * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    return gzip.compress(b"")[:10] + block * 1024


TOO_LARGE = {
    "10 GB that are announced": lambda _: BARE + b"Content-Length: 10000000000\r\n\r\n",
    "10 GB that are not": endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536),
    "endless chunks": endless(CHUNKED, b"10000\r\n" + b"x" * 65_536 + b"\r\n"),
    "endless small chunks": endless(CHUNKED, b"1\r\nx\r\n" * 1000),
    "endless notes to chunks": endless(CHUNKED, b"1;note=" + b"n" * 10_000 + b"\r\nx\r\n"),
    "a bomb": lambda _: reply(bomb(), Content_Encoding="gzip"),
    "a bomb of many pieces": lambda _: reply(packed(b"\0" * 60_000, 1) * 3, Content_Encoding="x-gzip"),
    "a bomb of zlib": lambda _: reply(zlib.compress(b"\0" * 2**24), Content_Encoding="deflate"),
    "a bomb without its head": lambda _: reply(zlib.compress(b"\0" * 2**24)[2:-4], Content_Encoding="deflate"),
    "endless empty pieces of gzip": endless(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 1000
    ),
    "endless interim answers": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "one byte too many": lambda _: reply(b"x" * (2**16 + 1)),
}


@pytest.mark.parametrize("name", TOO_LARGE)
def test_case_105_an_answer_over_its_limit_is_stopped_as_it_comes(asks_http, serve, name):
    server = serve(TOO_LARGE[name])
    ask = asks_http(server.authority, limits=SMALL)
    with pytest.raises(LimitExceeded) as caught:
        ask(server.url)
    assert (caught.value.limit, caught.value.value) == ("http_response", 2**16)
    assert caught.value.asked > 2**16
    # It is ended by its size, before all of it has been unpacked, and not by its time.
    assert caught.value.asked < 2**19 or name == "10 GB that are announced"


def test_case_105_an_answer_of_just_its_limit_is_handed_on_packed_or_not(asks_http, serve):
    content = bytes(range(256)) * 256
    answers = {
        "/plain": reply(content),
        "/gzip": reply(gzip.compress(content), Content_Encoding="GZip"),
        "/pieces": reply(gzip.compress(content[:100]) + gzip.compress(content[100:]), Content_Encoding="gzip"),
        "/zlib": reply(zlib.compress(content), Content_Encoding="deflate"),
        "/raw": reply(zlib.compress(content)[2:-4], Content_Encoding="deflate"),
        "/chunks": CHUNKED + b"".join(b"1\r\n%c\r\n" % byte for byte in content[:4096]) + b"0\r\n\r\n",
        "/end": BARE + b"\r\n" + content,
    }
    server = serve(lambda asked: answers[asked.target])
    ask = asks_http(server.authority, limits=SMALL)
    for path in answers:
        answer = ask(server.url + path)
        assert answer["body"] == (content[:4096] if path == "/chunks" else content), path
        assert "content-encoding" not in answer["headers"]


def test_case_105_what_cannot_be_unpacked_here_is_handed_on_as_it_is(asks_http, serve):
    server = serve(lambda _: reply(b"packed", Content_Encoding="br"))
    answer = asks_http(server.authority)(server.url)
    assert (answer["body"], answer["headers"]["content-encoding"]) == (b"packed", "br")


def slowly(*pieces, pause=0.05):
    """Gives what a server answers that sends these, and then a byte now and then, for ever."""

    def answer(server):
        yield from pieces
        while server[0].pause(pause):
            yield b"a"

    return answer


@pytest.mark.parametrize(
    "pieces",
    [[], [BARE], [BARE + b"X-Slow: "], [BARE + b"Content-Length: 100000\r\n\r\n"], [CHUNKED + b"fffff\r\n"],
     [CHUNKED + b"1;note="]],
    ids=["nothing", "status", "header", "body", "chunk", "chunk's note"],
)  # fmt: skip
def test_case_105_a_byte_now_and_then_is_ended_by_the_time_of_the_whole(asks_http, serve, pieces):
    server = []
    server.append(serve(lambda _: slowly(*pieces)(server)))
    ask = asks_http(server[0].authority, limits=Limits(http_time="300ms", deadline=20))
    began = time.monotonic()
    with pytest.raises(LimitExceeded) as caught:
        ask(server[0].url)
    assert time.monotonic() - began < 5
    assert (caught.value.limit, caught.value.value) == ("http_time", 0.3)
    assert caught.value.asked >= 0.3


def test_case_105_a_guest_may_give_a_request_less_time_and_not_more(asks_http, serve):
    server = []
    server.append(serve(lambda _: slowly()(server)))
    ask = asks_http(server[0].authority, limits=Limits(http_time="500ms", deadline=20))
    with pytest.raises(GuestError) as caught:
        ask(server[0].url, timeout_ms=100)
    assert (caught.value.kind, caught.value.guest_code) == ("transient", "timeout")
    with pytest.raises(LimitExceeded) as over:
        ask(server[0].url, timeout_ms=60_000)
    assert over.value.limit == "http_time"


BROKEN = {
    "100k headers": BARE + b"".join(b"X-%d: y\r\n" % number for number in range(100_000)) + b"\r\n",
    "300 headers": BARE + b"".join(b"X-%d: y\r\n" % number for number in range(300)) + b"Content-Length: 0\r\n\r\n",
    "a header of 1 MB": BARE + b"X: " + b"y" * 2**20 + b"\r\n\r\n",
    "a name of 1 MB": BARE + b"y" * 2**20 + b": x\r\n\r\n",
    "less than was said": BARE + b"Content-Length: 100\r\n\r\nshort",
    "two lengths": BARE + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a negative length": BARE + b"Content-Length: -1\r\n\r\n",
    "a length in words": BARE + b"Content-Length: many\r\n\r\n",
    "a length of 10,000 digits": BARE + b"Content-Length: " + b"9" * 10_000 + b"\r\n\r\n",
    "an unknown framing": BARE + b"Transfer-Encoding: gzip\r\n\r\nab",
    "chunks that are none": CHUNKED + b"zz\r\nab\r\n",
    "chunks without an end": CHUNKED + b"1\r\na\r\n",
    "a chunk of 2^64": CHUNKED + b"ffffffffffffffffffff\r\na",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "HTTP/2": b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0d\0\x04\0\x10\0\0\0\x06\0\0\x40\0",
    "HTTP/0.9": b"<html>hello</html>",
    "nothing": b"",
    "status 99": b"HTTP/1.1 99 Odd\r\n\r\n",
    "status 600": b"HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n",
    "another protocol": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    "a broken line": BARE + b"X y\r\n\r\n",
    "a zero in a header": BARE + b"X: a\0b\r\nContent-Length: 0\r\n\r\n",
    "half a packing": reply(gzip.compress(b"a" * 1000)[:-9], Content_Encoding="gzip"),
    "no packing": reply(b"not packed", Content_Encoding="gzip"),
    "noise after a packing": reply(gzip.compress(b"a") + b"noise", Content_Encoding="gzip"),
}
# What is so long that its size may be what ends it.
FLOODS = ("100k headers", "a header of 1 MB", "a name of 1 MB", "a length of 10,000 digits")


@pytest.mark.parametrize("name", BROKEN)
def test_case_105_what_is_no_answer_is_an_error_that_may_pass(asks_http, serve, name):
    server = serve(lambda _: BROKEN[name])
    ask = asks_http(server.authority)
    with pytest.raises(GuestError if name not in FLOODS else (GuestError, LimitExceeded)) as caught:
        ask(server.url)
    if isinstance(caught.value, GuestError):
        assert (caught.value.kind, caught.value.guest_code) == ("transient", "protocol")
    else:
        assert caught.value.limit == "http_response"


def test_case_105_headers_that_come_twice_are_joined_and_their_names_are_in_lower_case(asks_http, serve):
    server = serve(
        lambda _: (
            b"HTTP/1.1 200 OK\r\nSET-Cookie: a=1\r\n"
            b"Set-Cookie: b=2\r\nX-Text: caf\xc3\xa9\r\nX-Old: caf\xe9\r\nContent-Length: 2\r\n\r\nok"
        )
    )
    answer = asks_http(server.authority)(server.url)
    assert answer == {
        "status": 200, "body": b"ok",
        "headers": {"set-cookie": "a=1, b=2", "x-text": "caf\u00e9", "x-old": "caf\u00e9", "content-length": "2"},
    }  # fmt: skip


def test_case_105_an_answer_without_a_body_has_none(asks_http, serve):
    server = serve(lambda asked: BARE.replace(b"200 OK", b"204 None" if asked.method == "GET" else b"200 OK") + (
        b"Content-Length: 100000000\r\n\r\n" if asked.method == "HEAD" else b"\r\n"
    ))  # fmt: skip
    ask = asks_http(server.authority, limits=SMALL)
    assert (ask(server.url)["status"], ask(server.url, "HEAD")["body"]) == (204, b"")
    assert ask(server.url, "HEAD")["headers"] == {"content-length": "100000000"}
    packed = serve(
        lambda asked: (
            (b"HTTP/1.1 304 Same" if asked.method == "GET" else b"HTTP/1.1 200 OK")
            + b"\r\nContent-Encoding: gzip\r\nContent-Length: 100000000\r\n\r\n"
        )
    )
    other = asks_http(packed.authority, limits=SMALL, name="other")
    for method in ("GET", "HEAD"):
        answer = other(packed.url, method)
        assert (answer["body"], answer["headers"]["content-encoding"]) == (b"", "gzip")
