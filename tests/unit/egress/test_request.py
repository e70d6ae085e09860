"""A guest's request is checked once, and a redirect changes it as the standard has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.egress.destination import parse_url
from wardian.egress.request import METHODS, check_header, parse_request, secret_headers
from wardian.errors import CapabilityError

URL = "https://a.test/x"


def test_a_request_has_what_the_guest_gave():
    request = parse_request(
        {"method": "POST", "url": URL, "headers": {"X-A": "b", "y": ""}, "body": "\u00e9", "timeout_ms": 1500}
    )
    assert (request.method, request.destination) == ("POST", parse_url(URL))
    assert (request.headers, request.body, request.patience) == ((("x-a", "b"), ("y", "")), b"\xc3\xa9", 1.5)
    least = parse_request({"method": "GET", "url": URL, "headers": None, "body": None, "timeout_ms": None})
    assert (least.headers, least.body, least.patience) == ((), None, None)


def test_what_is_shown_of_it_holds_no_header_and_no_body():
    request = parse_request({"method": "PUT", "url": URL, "headers": {"Authorization": "secret"}, "body": b"secret"})
    assert "secret" not in repr(request)


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=3), st.text(max_size=8), st.text(max_size=20))
def test_whatever_is_asked_frames_no_message(headers, method, url):
    try:
        request = parse_request({"method": method, "url": url, "headers": headers})
    except CapabilityError as error:
        assert error.kind == "invalid"  # noqa: PT017 - whether it raises is what varies
        return
    sent = [request.method, request.destination.target, request.destination.authority, *sum(request.headers, ())]
    assert not [text for text in sent if set(text) & set("\r\n\0") or not text.isascii()]
    assert request.method in METHODS


@given(st.text(max_size=20), st.text(max_size=20))
def test_a_header_has_one_line_of_ascii(name, value):
    try:
        lower = check_header(name, value)
    except ValueError as error:
        assert value not in str(error) or len(value) < 8 or value in name  # noqa: PT017
        return
    assert lower == name.lower()
    assert value == value.strip() or not value
    assert not set(name + value) & set("\r\n\0:") - {":"}


def test_servers_that_take_an_underscore_for_a_dash_are_minded():
    request = parse_request({"method": "GET", "url": URL, "headers": {"x_api_key": "a"}})
    assert request.has("x-api-key")
    assert not request.has("x-api")


def test_an_operators_headers_are_checked_like_a_guests():
    assert secret_headers({"X-Key": "a"}) == (("x-key", "a"),)
    with pytest.raises(ValueError, match="`host` is set by the host"):
        secret_headers({"Host": "a"})


def test_what_is_private_goes_to_no_other_origin():
    headers = {"Authorization": "a", "Cookie": "b", "Accept": "c"}
    request = parse_request({"method": "GET", "url": URL, "headers": headers})
    for url, kept in (
        ("https://a.test/y", 3),
        ("https://a.test:444/x", 1),
        ("http://a.test:443/", 1),
        ("https://b.test", 1),
    ):
        assert len(request.redirected(302, parse_url(url)).headers) == kept


def test_a_body_that_is_dropped_takes_its_description_along():
    asked = {"method": "POST", "url": URL, "headers": {"Content-Type": "a", "X": "b"}, "body": b"c"}
    request = parse_request(asked).redirected(303, parse_url(URL))
    assert (request.method, request.headers, request.body) == ("GET", (("x", "b"),), None)
