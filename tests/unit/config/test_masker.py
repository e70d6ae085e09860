"""`wardian.config.masker`: secrets are taken out, in whatever form they are said."""

import base64
import dataclasses
import json
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.config.masker import PART, Masker
from wardian.document.problem import Problem
from wardian.errors import ConfigError, GuestError, HostFunctionError, Trap

SECRET = 'correct-horse/battery "stäple"?'
MASKER = Masker([SECRET])
RAW = SECRET.encode()

FORMS = {
    "exact": SECRET,
    "json": json.dumps(SECRET),
    "json as it is": json.dumps(SECRET, ensure_ascii=False),
    "json with slashes": json.dumps(SECRET).replace("/", r"\/"),
    "hex": RAW.hex(),
    "HEX": RAW.hex().upper(),
    "url": urllib.parse.quote(SECRET),
    "url, all": urllib.parse.quote(SECRET, safe=""),
    "url, plus": urllib.parse.quote_plus(SECRET),
    "url, each byte": "".join(f"%{byte:02X}" for byte in RAW),
    "url, lower": "".join(f"%{byte:02x}" for byte in RAW),
    "base64": base64.b64encode(RAW).decode(),
    "base64, shifted by one": base64.b64encode(b"a" + RAW + b"b").decode(),
    "base64, shifted by two": base64.b64encode(b"ab" + RAW + b"cd").decode(),
    "base64url": base64.urlsafe_b64encode(RAW).decode(),
    "escaped as logs are": SECRET.encode("unicode_escape").decode(),
    "repr": repr(SECRET),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_masked_within_a_text(form):
    text = f"before {FORMS[form]} after"
    made = MASKER.mask(text)
    assert made.startswith("before ")
    assert made.endswith(" after")
    assert "***" in made
    kept = made.removeprefix("before ").removesuffix(" after").split("***")
    assert not [each for each in kept if len(each) > 4]


@given(st.integers(0, len(SECRET) - PART), st.integers(PART, len(SECRET)))
def test_each_part_of_eight_characters_is_masked(start, length):
    assert MASKER.mask(f"<{SECRET[start : start + max(length, PART)]}>") == "<***>"


@given(st.text(alphabet="abcdefgh ", max_size=40), st.text(alphabet="abcdefgh ", max_size=40))
def test_what_is_around_stays_as_it_is(before, after):
    masker = Masker(["0123456789"])
    assert masker.mask(f"{before}0123456789{after}") == f"{before}***{after}"
    assert masker.mask(before + after) == before + after


def test_parts_that_touch_are_masked_as_one_and_those_apart_each():
    masker = Masker(["0123456789", "abcdefghij"])
    assert masker.mask("0123456789abcdefghij") == "***"
    assert masker.mask("01234567890123456789") == "***"
    assert masker.mask("0123456789 - 23456789 -") == "*** - *** -"


def test_a_short_secret_is_masked_where_it_stands_as_it_is_and_nowhere_else():
    masker = Masker(["pin9", ""])
    assert masker.mask("the pin9 is cGluOQ== or 70696e39") == "the *** is cGluOQ== or 70696e39"


def test_without_secrets_everything_is_given_back_as_it_is():
    none = Masker()
    value, error, take = {"a": ["x"]}, GuestError("internal", "x"), print
    assert not none
    assert none.mask_value(value) is value
    assert none.mask_error(error) is error
    assert none.mask_lines(take) is take
    assert none.mask("x" * 100) == "x" * 100


def test_plain_data_is_masked_throughout():
    masker = Masker(["12345678", SECRET])
    value = {SECRET: [SECRET, (1, SECRET)], "n": 12345678, "f": 1.5, "ok": True, "raw": RAW + b"\xff", "other": b"\xff"}
    assert masker.mask_value(value) == {
        "***": ["***", (1, "***")], "n": "***", "f": 1.5, "ok": True, "raw": b"***", "other": b"\xff",
    }  # fmt: skip


def test_errors_are_masked_with_all_that_they_hold_and_with_their_causes():
    error = GuestError("internal", f"no {SECRET}", guest_code=SECRET, details={"a": [SECRET]}, where=f"p: {SECRET}")
    cause = Trap(f"at {SECRET}", backtrace=[f"f({SECRET})"], hint=SECRET)
    error.__cause__ = cause
    assert MASKER.mask_error(error) is error
    for said in (str(error), repr(error), repr(vars(error)), str(cause), repr(vars(cause))):
        assert SECRET not in said
    assert (error.kind, error.code, error.details) == ("internal", "guest_error", {"a": ["***"]})
    circle = HostFunctionError(SECRET)
    circle.__context__ = circle
    assert str(MASKER.mask_error(circle)) == "***"


def test_problems_stay_problems():
    problem = Problem("a text", f"`{SECRET}`", file="w.yaml", line=3, path="a.b")
    (made,) = MASKER.mask_error(ConfigError("wrong", problems=[problem])).problems
    assert made == "w.yaml:3: a.b: expected a text, got `***`"
    assert (made.line, made.path) == (3, "a.b")


def test_log_lines_are_masked_before_they_are_given_on():
    from wardian import LogLine

    lines = []
    line = LogLine("p", "i", "info", f"hello {SECRET}", {"k": SECRET, SECRET: 1})
    MASKER.mask_lines(lines.append)(line)
    assert lines == [dataclasses.replace(line, message="hello ***", fields={"k": "***", "***": 1})]


def test_it_says_nothing_of_what_it_knows():
    assert repr(MASKER) == "<Masker of secrets>"
