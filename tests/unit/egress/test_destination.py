"""Where a request goes is read once, strictly, and sent as it was read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.egress.destination import NoDestination, parse_location, parse_url


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "target", "authority"),
    [
        ("http://a", "http", "a", 80, "/", "a"), ("https://a/", "https", "a", 443, "/", "a"),
        ("HTTPS://A.Example:8443/x?y=z", "https", "a.example", 8443, "/x?y=z", "a.example:8443"),
        ("http://a:80?q", "http", "a", 80, "/?q", "a"), ("http://[::1]:8/", "http", "::1", 8, "/", "[::1]:8"),
        ("https://127.0.0.1/%2e%2e/@:;,", "https", "127.0.0.1", 443, "/%2e%2e/@:;,", "127.0.0.1"),
        ("http://a:443//b", "http", "a", 443, "//b", "a:443"), ("http://a/?a?b/c", "http", "a", 80, "/?a?b/c", "a"),
    ],
)  # fmt: skip
def test_a_url_has_one_meaning(url, scheme, host, port, target, authority):
    found = parse_url(url)
    assert (found.scheme, found.host.text, found.port, found.target) == (scheme, host, port, target)
    assert found.authority == authority
    assert found.origin == (scheme, host, port)
    assert parse_url(found.url) == found


def test_what_is_shown_has_no_query_and_no_end_of_a_long_path():
    assert parse_url("http://a/b?token=secret").shown == "http://a/b"
    assert len(parse_url("http://a/" + "b" * 5000).shown) < 1100


@pytest.mark.parametrize(
    "url", ["http://a/#", "http://a@b/", "a", "http://a/ ", "ftp://a/", "http://a/\n", "http://a\\b/"]
)
def test_no_text_of_the_guest_is_in_the_refusal(url):
    with pytest.raises(NoDestination) as caught:
        parse_url(f"{url}SECRET")
    assert "SECRET" not in str(caught.value)


AUTHORITY = st.text("ab.:@/\\#?[]%0123 \t\u3002*", max_size=20)


@given(AUTHORITY | st.text(max_size=30), st.text("ab/?#@:\\%. ", max_size=10))
def test_what_is_read_as_a_destination_can_be_read_in_no_other_way(authority, rest):
    """The parsers of others, which mend what they are given, find the same host in it."""
    from urllib.parse import urlsplit

    try:
        found = parse_url(f"http://{authority}{rest}")
    except NoDestination:
        return
    other = urlsplit(f"http://{authority}{rest}")
    assert (other.hostname, other.port or 80, other.username, other.fragment) == (found.host.text, found.port, None, "")
    assert re.fullmatch(r"[!-~]+", found.url)
    assert parse_url(found.url) == found


BASE = parse_url("https://a.example:8443/x/y?z")


@pytest.mark.parametrize(
    ("location", "url"),
    [("http://b/", "http://b/"), ("//b/c", "https://b/c"), ("/c", "https://a.example:8443/c"),
     ("c", "https://a.example:8443/x/c"), ("?d", "https://a.example:8443/x/y?d"), ("../c#f", "https://a.example:8443/c"),
     ("HTTP://B/c#", "http://b/c")],
)  # fmt: skip
def test_a_redirect_is_relative_to_what_answered(location, url):
    assert parse_location(location, BASE).url == url


@given(st.text(max_size=40) | st.text("ab:/@#?[]\\%. \t", max_size=20))
def test_a_redirect_leads_to_a_destination_or_nowhere(location):
    try:
        found = parse_location(location, BASE)
    except NoDestination:
        return
    assert parse_url(found.url) == found
