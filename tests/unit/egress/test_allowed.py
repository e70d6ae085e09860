"""What is not granted is neither asked nor dialled, whatever is written and whatever names stand for."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.egress.addresses import why_not_public
from wardian.egress.allowed import AllowList
from wardian.egress.destination import NoDestination, parse_url

ALLOWED = AllowList(["api.example.com", "*.cdn.example.com:8443", "10.0.0.5:8080", "[fd00::5]:8080", "127.0.0.1"])


def own(_):
    return True


def stranger(_):
    return False


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://api.example.com/", True), ("http://API.example.com/", True), ("https://api.example.com:8443/", False),
        ("https://a.cdn.example.com:8443/", True), ("https://cdn.example.com:8443/", False),
        ("https://a.cdn.example.com/", False), ("http://10.0.0.5:8080/", True), ("http://10.0.0.5/", False),
        ("http://[fd00:0::5]:8080/", True), ("http://[::ffff:10.0.0.5]:8080/", False), ("http://127.0.0.1/", True),
        ("https://127.0.0.1/", True), ("http://127.0.0.1:8080/", False), ("https://example.com/", False),
    ],
)  # fmt: skip
def test_hosts_are_allowed_as_they_are_granted(url, allowed):
    assert ALLOWED.names(parse_url(url)) is allowed


@pytest.mark.parametrize(
    ("url", "address", "dialled"),
    [
        ("http://api.example.com/", "93.184.216.34", True), ("http://api.example.com/", "10.0.0.5", False),
        ("http://api.example.com/", "127.0.0.1", True), ("http://api.example.com/", "::ffff:127.0.0.1", False),
        ("http://10.0.0.5:8080/", "10.0.0.5", True), ("http://[fd00::5]:8080/", "fd00:0:0::5", True),
        ("https://a.cdn.example.com:8443/", "127.0.0.1", False), ("https://a.cdn.example.com:8443/", "10.0.0.5", False),
    ],
)  # fmt: skip
def test_an_address_inside_is_dialled_where_it_is_granted_with_its_port(url, address, dialled):
    assert (ALLOWED.why_not_dialled(address, parse_url(url), stranger) is None) is dialled


def test_a_public_address_of_this_machine_is_dialled_only_where_it_is_granted():
    destination = parse_url("http://api.example.com/")
    assert ALLOWED.why_not_dialled("93.184.216.34", destination, own)
    granted = AllowList(["api.example.com", "93.184.216.34:80"])
    assert granted.why_not_dialled("93.184.216.34", destination, own) is None


HOSTS = st.sampled_from(
    ["example.com", "a.example.com", "evil-example.com", "example.com.evil", "127.0.0.1", "[::1]", "a"]
)
PORTS = st.none() | st.sampled_from([80, 443, 8080])
GRANTS = st.lists(st.tuples(st.sampled_from(["", "*."]), HOSTS, PORTS), max_size=4)
WRITTEN = st.tuples(st.sampled_from(["http", "https"]), HOSTS | st.text("abe.x@:/#?\\1[]% ", max_size=15), PORTS)


def authority(host, port):
    return host if port is None else f"{host}:{port}"


@given(GRANTS, WRITTEN, st.text("/?#@:\\ab. ", max_size=10))
def test_no_url_leads_where_no_grant_does(granted, written, rest):
    """Judged by a second reading of the rules: a grant is the very host and port, or a suffix after a star."""
    grants = [(star, host, port) for star, host, port in granted if not (star and host[0] in "1[")]
    allowed = AllowList(f"{star}{authority(host, port)}" for star, host, port in grants)
    scheme, host, port = written
    try:
        destination = parse_url(f"{scheme}://{authority(host, port)}{rest}")
    except NoDestination:
        return
    default = {"http": 80, "https": 443}[scheme]
    expected = any(
        destination.port == (default if own_port is None else own_port)
        and (str(destination.host).endswith(f".{name}") if star else str(destination.host) == name)
        for star, name, own_port in grants
    )
    assert allowed.names(destination) is expected


@given(st.ip_addresses(), st.ip_addresses(), st.sampled_from([80, 8080]))
def test_no_address_is_dialled_that_is_neither_public_nor_granted(address, granted, port):
    text = f"[{granted}]" if granted.version == 6 else str(granted)
    if "%" in text:
        return
    allowed = AllowList(["a", f"{text}:{port}"])
    refused = allowed.why_not_dialled(str(address), parse_url("http://a/"), stranger)
    if refused is None:
        assert why_not_public(str(address)) is None or (ip_address(str(granted)) == address and port == 80)
