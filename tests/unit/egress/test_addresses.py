"""Which addresses are public, whatever they are wrapped in."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.egress.addresses import same, why_not_public

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.15.0.1", "172.32.0.1", "100.63.0.1", "100.128.0.1",
    "223.255.255.1",
          "2606:4700::1111", "2a00:1450:4001::1", "64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8"]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_dialled(address):
    assert why_not_public(address) is None


WRAPPINGS = {
    "mapped": lambda bits: 0xFFFF << 32 | bits,
    "compatible": lambda bits: bits,
    "translated": lambda bits: 0xFFFF << 48 | bits,
    "NAT64": lambda bits: 0x64FF9B << 96 | bits,
    "6to4": lambda bits: 0x2002 << 112 | bits << 80 | 1,
    "Teredo's server": lambda bits: 0x20010000 << 96 | bits << 64 | 0xF7F7F7F7,
    "Teredo's client": lambda bits: 0x20010000 << 96 | 0x08080808 << 64 | bits ^ 0xFFFFFFFF,
    "ISATAP": lambda bits: 0x2A00 << 112 | 0x5EFE << 32 | bits,
    "ISATAP, universal": lambda bits: 0x2A00 << 112 | 0x2005EFE << 32 | bits,
    "NAT64, local": lambda bits: 0x64FF9B0001 << 80 | 0x0808 << 64 | 0x0808 << 40 | bits,
    "NAT64, around": lambda bits: 0x64FF9B0001 << 80 | bits >> 16 << 64 | (bits & 0xFFFF) << 40,
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "100.100.100.200", "0.0.0.0", "224.0.0.1"]
)
def test_an_address_is_judged_by_what_it_holds(wrapping, inside):
    assert why_not_public(str(IPv6Address(WRAPPINGS[wrapping](int(IPv4Address(inside))))))


def test_a_wrapping_on_one_link_stays_there_whatever_it_holds():
    assert why_not_public("fe80::5efe:8.8.8.8")
    assert why_not_public("fd00::200:5efe:8.8.8.8")


@given(st.ip_addresses(v=4))
def test_what_python_takes_for_special_is_never_public(address):
    if not address.is_global or address.is_multicast:
        assert why_not_public(str(address))


@given(st.ip_addresses(v=6))
def test_what_lies_outside_of_what_was_given_out_is_never_public(address):
    holds_public = address.ipv4_mapped or int(address) >> 32 in (0, 0xFFFF0000, 0x64FF9B << 64)
    if int(address) >> 125 != 1 and not holds_public and int(address) >> 80 != 0x64FF9B0001:
        assert why_not_public(str(address))


@given(st.ip_addresses())
def test_every_address_is_judged(address):
    assert why_not_public(str(address)) is None or why_not_public(str(address))


@pytest.mark.parametrize("text", ["", "a", "127.1", "0x7f000001", "127.0.0.01", "[::1]", "1.1.1.1 ", "1.1.1.1:80"])
def test_what_is_no_address_is_not_judged_but_refused(text):
    with pytest.raises(ValueError, match=r"\S"):
        why_not_public(text)


def test_addresses_are_the_same_however_they_are_written():
    assert same("::1", "0:0:0:0:0:0:0:1")
    assert not same("127.0.0.1", "::ffff:127.0.0.1")
    assert ip_address("::1").is_loopback
