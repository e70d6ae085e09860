"""A body is unpacked as it comes, and no further than it may be."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.egress.budget import Budget, OverLimit
from wardian.egress.decoding import Body
from wardian.errors import CapabilityError


def body(encoding, response=2**20):
    return Body(encoding, Budget(60, None, response, lambda: 60.0))


PACKERS = {
    "": bytes, "identity": bytes, "br": bytes, "gzip": gzip.compress, "x-gzip": gzip.compress, "deflate": zlib.compress,
}  # fmt: skip


@given(st.sampled_from([*PACKERS]), st.binary(max_size=300), st.lists(st.integers(1, 40), max_size=10))
def test_whatever_the_pieces_the_whole_is_the_same(encoding, content, cuts):
    packed, kept = PACKERS[encoding](content), body(encoding)
    for cut in cuts:
        kept.feed(packed[:cut])
        packed = packed[cut:]
    kept.feed(packed)
    assert kept.whole() == content
    assert kept.size == len(content)


@given(st.binary(min_size=1, max_size=60), st.sampled_from(["gzip", "deflate"]))
def test_noise_is_an_error_or_less_than_its_limit(noise, encoding):
    kept = body(encoding, 10_000)
    try:
        kept.feed(noise)
        assert len(kept.whole()) <= 10_000
    except CapabilityError as error:
        assert error.guest_code == "protocol"  # noqa: PT017 - whether it raises is what varies


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_is_stopped_before_it_is_unpacked(encoding):
    kept = body(encoding, 100_000)
    with pytest.raises(OverLimit) as caught:
        kept.feed(PACKERS[encoding](b"\0" * 2**25))
    assert 100_000 < caught.value.asked < 300_000


def test_more_than_a_step_comes_out_whole_whatever_went_in():
    content = b"\0" * 2**20
    kept = body("gzip")
    for byte in gzip.compress(content):
        kept.feed(bytes([byte]))
    assert kept.whole() == content
