from types import SimpleNamespace

import pytest

from wardian.abi.codec import decode, encode
from wardian.abi.contract import HOST_IMPORTS
from wardian.capabilities.capability import QuotaSpent
from wardian.capabilities.random import Random
from wardian.errors import AbiViolation, CapabilityError, PermissionDenied, ReplyTooLarge, RequestTooLarge
from wardian.guests import imports
from wardian.guests.context import request_bounds
from wardian.policy import Grants, Limits
from wardian.sandbox.deadline import Call
from wardian.sandbox.interface import Import
from wardian.sandbox.module import Module

LIMITS = Limits()
BOUNDS = request_bounds(LIMITS)
EVERYTHING = Grants(
    state=True, clock=True, random=True, emit=True, http=["a:1"], template=True, vars=True, actions=True,
    extensions=True, package=True,
)  # fmt: skip
NEEDING = {name: capability for name, capability in HOST_IMPORTS.items() if capability}


def importing(*names):
    """A module that imports these, each as `module.name`."""
    return Module(None, None, "", 0, 0, tuple(Import(*name.split(".", 1), "func") for name in names), {})


def offer(*names, grants=None, functions=None, limits=LIMITS):
    return imports.offer(importing(*names), grants or Grants(), limits, functions or {})


@pytest.mark.parametrize("name", NEEDING)
def test_without_its_grant_a_capability_is_denied_and_the_hint_names_the_grant(name):
    with pytest.raises(PermissionDenied) as raised:
        offer(f"wardian.{name}")
    assert raised.value.imports == (f"wardian.{name}",)
    assert f"{NEEDING[name]}=" in raised.value.hint


@pytest.mark.parametrize("name", sorted(NEEDING))
def test_one_grant_allows_its_own_imports_and_no_others(name):
    granted = Grants(**{NEEDING[name]: ["a:1"] if NEEDING[name] == "http" else True})
    assert set(offer(f"wardian.{name}", grants=granted)) == {("wardian", name)}
    for other, capability in NEEDING.items():
        if capability != NEEDING[name]:
            with pytest.raises(PermissionDenied):
                offer(f"wardian.{name}", f"wardian.{other}", grants=granted)


@pytest.mark.parametrize("name", sorted(set(HOST_IMPORTS) - set(NEEDING)))
def test_what_needs_no_grant_is_always_there(name):
    assert set(offer(f"wardian.{name}")) == {("wardian", name)}


def test_all_that_is_denied_is_told_at_once_with_all_that_would_allow_it():
    with pytest.raises(PermissionDenied) as raised:
        offer("wardian.state_get", "app.one", "wardian.state_put", "wardian.clock_now", "app.two", "wardian.log")
    assert raised.value.imports == (
        "wardian.state_get", "app.one", "wardian.state_put", "wardian.clock_now", "app.two",
    )  # fmt: skip
    for wanted in ("state=True", "clock=True", "'one'", "'two'"):
        assert raised.value.hint.count(wanted) == 1


def test_a_hostile_import_is_listed_printably_and_ten_thousand_are_bounded():
    hostile = [f"app.\x1b[2J\u202e{number}" for number in range(10_000)]
    with pytest.raises(PermissionDenied) as raised:
        offer(*hostile)
    assert raised.value.message.isprintable()
    assert "and 9980 more" in raised.value.message
    assert len(raised.value.message) < 1_500
    assert len(raised.value.imports) == 10_000


def test_what_nobody_knows_is_left_out_for_linking_to_refuse():
    assert offer("wardian.unknown", "env.memory", "wardian.", "WARDIAN.log", "wasi_unstable.fd_read") == {}


def test_wasi_is_offered_whole_to_those_who_import_any_of_it():
    assert offer("wardian.log").keys() == {("wardian", "log")}
    offered = offer("wasi_snapshot_preview1.random_get")
    assert len(offered) == 46
    assert {module for module, _ in offered} == {"wasi_snapshot_preview1"}


def test_only_functions_that_were_passed_are_offered_and_only_those_imported():
    offered = offer("app.one", functions={"one": id, "two": id})
    assert set(offered) == {("app", "one")}


def asking(ask, limits=LIMITS):
    """The encoded answer to a request, and the call that asked."""
    answer, call = imports._answer("app.ask", limits, ask), Call()
    return lambda request: answer(call, request), call


def test_a_request_is_decoded_and_a_reply_encoded():
    answer, _ = asking(lambda _call, request: {"got": request})
    assert decode(answer(encode([1, "a"], BOUNDS))[1], BOUNDS) == {"got": [1, "a"]}
    assert decode(answer(b"")[1], BOUNDS) == {"got": None}


def test_a_reply_of_null_has_no_bytes():
    answer, _ = asking(lambda *_: None)
    assert answer(b"\x01") == (True, b"")


def test_an_error_for_the_guest_goes_to_it_whole():
    def ask(*_):
        raise CapabilityError("transient", "later", guest_code="E1", retry_after_ms=5, details=[1])

    answer, call = asking(ask)
    succeeded, reply = answer(b"\x01")
    assert not succeeded
    assert decode(reply, BOUNDS) == {
        "kind": "transient", "message": "later", "code": "E1", "retry_after_ms": 5, "details": [1],
    }  # fmt: skip
    assert call.spent is None


def test_a_quota_that_was_spent_is_noted_on_the_call():
    error = QuotaSpent("log_lines", "enough", value=1, asked=2)

    def ask(*_):
        raise error

    answer, call = asking(ask)
    assert decode(answer(b"\x01")[1], BOUNDS)["kind"] == "exhausted"
    assert call.spent is error


@pytest.mark.parametrize("request_", [b"\xff", b"\x01\x02", b"\x82\x01", b"\xc0\x01"])
def test_a_request_that_is_no_item_ends_the_call(request_):
    answer, _ = asking(lambda *_: pytest.fail("it was asked"))
    with pytest.raises(AbiViolation) as raised:
        answer(request_)
    assert raised.value.code == "bad_cbor"
    assert "app.ask" in raised.value.message


def test_what_is_over_a_limit_ends_the_call_on_either_side():
    tight = Limits(items=3, request=100, reply=100)
    answer, _ = asking(lambda *_: [0] * 10, tight)
    with pytest.raises(RequestTooLarge) as raised:
        answer(encode([0] * 10, BOUNDS))
    assert raised.value.limit == "items"
    with pytest.raises(ReplyTooLarge) as raised:
        answer(b"\x01")
    assert raised.value.limit == "items"


def test_an_answer_that_cannot_be_encoded_says_of_which_function():
    answer, _ = asking(lambda *_: object())
    with pytest.raises(TypeError, match=r"`app\.ask` cannot be encoded"):
        answer(b"\x01")


def test_each_instance_is_asked_with_the_capability_of_its_own():
    """The function is shared by all instances of a plugin; what it asks is that of the calling one."""
    (function,) = offer("wardian.random_bytes", grants=EVERYTHING).values()
    calls = []
    for size in (3, 5):
        call = Call()
        memory = SimpleNamespace(read=lambda _start, _length, size=size: bytes([size]))
        bound = SimpleNamespace(bytes=None)
        context = SimpleNamespace(random=bound, touched=[])
        call.instance = SimpleNamespace(limits=LIMITS, memory=memory, context=context)
        calls.append(call)

    for call in calls:
        call.instance.context.random = Random()
        function.run(call, 0, 1)
    assert [len(call.waiting) for call in calls] == [4, 6]
    assert [call.instance.context.touched for call in calls] == [[], []]
