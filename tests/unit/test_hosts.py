"""Hosts: one strict parser for what is granted and what is asked."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.hosts import Host, parse_authority, parse_granted, parse_host


@pytest.mark.parametrize(
    ("text", "host", "port", "below"),
    [
        ("example.com", "example.com", None, False), ("EXAMPLE.com:443", "example.com", 443, False),
        ("*.example.com:8443", "example.com", 8443, True), ("*.a", "a", None, True), ("a_b.c-d", "a_b.c-d",
        None, False),
        ("127.0.0.1:8080", "127.0.0.1", 8080, False), ("[::1]:80", "::1", 80, False), ("10.0.0.1", "10.0.0.1",
        None, False),
        ("[0:0::1]", "::1", None, False), ("xn--caf-dma.example", "xn--caf-dma.example", None, False),
        ("1.example", "1.example", None, False), ("0xg.example", "0xg.example", None, False),
    ],
)  # fmt: skip
def test_what_is_granted_is_a_host_with_or_without_a_port(text, host, port, below):
    granted = parse_granted(text)
    assert (granted.host.text, granted.port, granted.below) == (host, port, below)


@pytest.mark.parametrize(
    "text",
    ["", "*", "*.", "*.*.a", "a.*", "*a.b", ".a", "a.", "a..b", "-a", "a-", "a b", "a/b", "a@b", "a:b", "a:", "a:0",
     "a:080",
     "a:65536", "a:1:2", "http://a", "[::1", "::1", "[a]", "[::1%1]", "[127.0.0.1]", "127.1", "0", "0x7f000001",
     "1.2.3",
     "256.1.1.1", "01.2.3.4", "1.2.3.4.", "1.2.3.4.5", "a.0x1", "a.1", "*.127.0.0.1", "*.[::1]", "caf\u00e9", "a\n",
     "a\0",
     "\u2460.com", "a" * 64, "a." * 127 + "com", "%61"],
    ids=ascii,
)  # fmt: skip
def test_anything_else_is_none(text):
    with pytest.raises(ValueError, match=r"\S"):
        parse_granted(text)


def test_an_address_of_ipv6_is_written_in_brackets():
    assert str(parse_host("[::1]")) == "[::1]"
    assert str(parse_host("127.0.0.1")) == "127.0.0.1"
    assert parse_authority("[::1]:8") == (Host("::1", address=True), 8)


@given(st.ip_addresses())
def test_every_address_is_read_as_itself(address):
    text = f"[{address}]" if address.version == 6 and address.scope_id is None else str(address)
    if "%" not in text:
        host = parse_host(text)
        assert (ip_address(host.text), host.address) == (address, True)


@given(st.text(max_size=30))
def test_what_is_read_is_a_name_of_ascii_or_an_address(text):
    try:
        host, port = parse_authority(text)
    except ValueError:
        return
    assert host.text.isascii()
    assert host.text == host.text.lower()
    assert port is None or 0 < port < 65_536
    assert parse_host(str(host)) == host


@given(st.from_regex(r"[a-c]{1,3}(\.[a-c]{1,3}){0,3}", fullmatch=True), st.from_regex(r"[a-c.]{1,12}", fullmatch=True))
def test_a_star_covers_subdomains_alone(granted, asked):
    try:
        host = parse_host(asked)
    except ValueError:
        return
    covers = parse_granted(f"*.{granted}").covers(host, 443, 443)
    assert covers == asked.endswith(f".{granted}")
    assert parse_granted(granted).covers(host, 443, 443) == (asked == granted)
    assert not parse_granted(granted).covers(host, 444, 443)
