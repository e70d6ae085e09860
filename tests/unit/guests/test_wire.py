import pytest

from wardian.abi.bounds import Bounds, CodecError
from wardian.abi.codec import decode, encode
from wardian.errors import AbiViolation, ReplyTooLarge, RequestTooLarge
from wardian.guests import wire

BOUNDS = Bounds(size=10, items=5, depth=2)
OVER = [("request", "x" * 10), ("items", [0] * 5), ("depth", [[[]]])]


@pytest.mark.parametrize(("limit", "value"), OVER)
def test_a_request_over_a_limit_names_it(limit, value):
    with pytest.raises(RequestTooLarge) as caught:
        wire.encode_request(value, BOUNDS)
    assert (caught.value.limit, bool(caught.value.hint)) == (limit, True)


@pytest.mark.parametrize(("limit", "value"), OVER)
def test_a_reply_over_a_limit_names_it(limit, value):
    with pytest.raises(ReplyTooLarge) as caught:
        wire.encode_reply(value, BOUNDS, "f")
    assert caught.value.limit == {"request": "reply"}.get(limit, limit)


def test_no_bytes_are_null_where_the_abi_says_so():
    assert wire.encode_reply(None, BOUNDS, "f") == b""
    assert wire.encode_request(None, BOUNDS) == wire.NULL


def test_what_is_no_item_is_a_broken_rule():
    with pytest.raises(AbiViolation) as caught:
        wire.decode_reply(b"\xff", BOUNDS)
    assert caught.value.code == "bad_cbor"
    with pytest.raises(CodecError) as refused:
        decode(b"\xff", BOUNDS)
    broken = wire.unreadable(refused.value, "f")
    assert (type(broken), broken.code, "`f`" in broken.message) == (AbiViolation, "bad_cbor", True)


@pytest.mark.parametrize(("limit", "value"), OVER)
def test_a_request_of_a_guest_over_a_limit_names_it(limit, value):
    with pytest.raises(CodecError) as refused:
        decode(encode(value, Bounds(100, 100, 100)), BOUNDS)
    over = wire.unreadable(refused.value, "f")
    assert (type(over), over.limit) == (RequestTooLarge, limit)


def test_what_cannot_be_encoded_is_the_callers_mistake():
    for wrong in (lambda: wire.encode_request(object(), BOUNDS), lambda: wire.encode_reply([{1: 2}], BOUNDS, "f")):
        with pytest.raises(TypeError):
            wrong()
