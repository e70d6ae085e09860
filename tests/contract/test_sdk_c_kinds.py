"""`wardian_kinds.h`: durations, layers, schedules and outcomes, with a trap wherever C leaves behaviour undefined."""

from __future__ import annotations

import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.raw_guest import GuestFailed, RawGuest, Refused

CC = Path(__file__).parents[2] / "sdk" / "c" / "wardian-cc"
SOURCE = """
#include "wardian_kinds.h"

/* Only the checks for overflow need it: 64 by 64 bits in four parts, with the signs put right afterwards. */
__attribute__((used)) __int128 __multi3(__int128 left, __int128 right) {
    uint64_t a = (uint64_t)left, b = (uint64_t)right, low = (uint32_t)a, high = a >> 32;
    uint64_t first = (uint32_t)b, second = b >> 32;
    uint64_t middle = low * second + (low * first >> 32), other = high * first + (uint32_t)middle;
    uint64_t top = high * second + (middle >> 32) + (other >> 32);
    top += (uint64_t)(left >> 64) * b + (uint64_t)(right >> 64) * a;
    return (__int128)((unsigned __int128)top << 64 | (other << 32 | (uint32_t)(low * first)));
}

static wardian_result number(int64_t value) {
    wardian_writer reply = wardian_write();
    wardian_put_int(&reply, value);
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(duration) {
    int64_t nanoseconds;
    return wardian_as_duration(request, &nanoseconds) ? number(nanoseconds) : wardian_null();
}

WARDIAN_ENTRY(configured) {
    wardian_writer reply = wardian_write();
    wardian_put_list(&reply);
    wardian_put_item(&reply, wardian_configured(request, "key"));
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

static wardian_schedule schedule;

WARDIAN_ENTRY(begin) {
    schedule.next = 0;
    wardian_as_int(wardian_get(request, "interval"), &schedule.interval);
    wardian_as_bool(wardian_get(request, "at_once"), &schedule.at_once);
    return wardian_reply_interval(&schedule);
}

static bool put_time(wardian_writer *records, int64_t now) {
    wardian_put_int(records, now);
    return true;
}

WARDIAN_ENTRY(source_poll) { return wardian_reply_poll(&schedule, request, put_time); }

static bool forget(wardian_writer *records, int64_t now) {
    (void)records, (void)now;
    return wardian_state_delete("key", NULL);
}

WARDIAN_ENTRY(poll_with_state) { return wardian_reply_poll(&schedule, request, forget); }

static bool outcome(wardian_writer *reply, wardian_item record) {
    wardian_text key;
    if (!wardian_as_text(record, &key)) {
        wardian_put_error(reply, WARDIAN_INVALID, "no text");
        return true;
    }
    if (!wardian_state_add(wardian_format("%.*s", WARDIAN_ARG(key)), 1, NULL)) return false;
    wardian_put_map(reply);
    wardian_set_others(reply, record, "any");
    wardian_set_str(reply, "str", "a");
    wardian_set_text(reply, "text", key);
    wardian_set_int(reply, "int", -1);
    wardian_set_double(reply, "double", 0.5);
    wardian_set_item(reply, "item", record);
    wardian_put_end(reply);
    return true;
}

WARDIAN_ENTRY(each) { return wardian_reply_each(request, outcome); }

WARDIAN_ENTRY(others) {
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_set_others(&reply, request, "left out");
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}
"""
UNITS = {"ns": 1, "us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
LONGEST = 100 * 365 * 24 * 3600 * 10**9


@pytest.fixture(scope="module")
def wasm(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kinds")
    (folder / "kinds.c").write_text(SOURCE)
    options = ["-fsanitize=undefined", "-fsanitize-trap=undefined"]
    subprocess.run([sys.executable, CC, folder / "kinds.c", *options], check=True)
    return folder / "kinds.wasm"


@pytest.fixture(scope="module")
def kinds(wasm):
    return RawGuest(wasm)


def nanoseconds(text):
    """What a duration means, by another way: each part exactly, and what is below a nanosecond of it left out."""
    parts = re.findall(r"(\d+(?:\.(\d+))?)(ns|us|ms|s|m|h)", text)
    if not parts or "".join(number + unit for number, _, unit in parts) != text:
        return None
    total = sum(int(Fraction(number) * UNITS[unit]) for number, _, unit in parts)
    return total if total <= LONGEST and all(len(decimals) <= 9 for _, decimals, _ in parts) else None


@settings(max_examples=300)
@given(
    text=st.from_regex(r"([0-9]{1,20}(\.[0-9]{1,10})?(ns|us|ms|s|m|h)){1,4}", fullmatch=True)
    | st.from_regex(r"[0-9.nsmuh -]{0,12}", fullmatch=True)
)
def test_a_duration_is_the_sum_of_its_parts_or_none(kinds, text):
    found, expected = kinds.call("duration", text), nanoseconds(text)
    # Decimals of an hour are taken in two steps, of which each is rounded down.
    assert found == expected or (None not in (found, expected) and abs(found - expected) <= text.count("."))


@given(number=st.integers(-(2**63), 2**64 - 1))
def test_an_integer_is_nanoseconds(kinds, number):
    assert kinds.call("duration", number) == (number if 0 <= number <= LONGEST else None)


@pytest.mark.parametrize("item", [None, True, 1.5, b"1s", [], {}, "", "1s "])
def test_all_else_is_no_duration(kinds, item):
    assert kinds.call("duration", item) is None


NOTHING = st.sampled_from([None, ""])
layer = st.dictionaries(st.sampled_from(["key", "other"]), st.integers().filter(lambda n: abs(n) < 2**63) | NOTHING)


@given(config=layer, layers=st.none() | st.lists(layer, max_size=4))
def test_the_configuration_counts_and_where_it_says_nothing_the_last_layer_that_does(kinds, config, layers):
    said = [each["key"] for each in [*(layers or []), config] if each.get("key") not in (None, "")]
    assert kinds.call("configured", {"config": config, "layers": layers}) == [said[-1] if said else None]


@settings(max_examples=150)
@given(
    interval=st.integers(1, LONGEST) | st.integers(1, 10**10),
    at_once=st.booleans(),
    start=st.integers(0, 2**62),
    steps=st.lists(st.tuples(st.integers(-(10**10), 10**11), st.integers(0, 3)), max_size=12),
)
def test_a_schedule_gives_at_most_one_record_in_each_interval_and_says_when_to_ask_again(
    kinds, interval, at_once, start, steps
):
    assert kinds.call("begin", {"interval": interval, "at_once": at_once}) == {"interval_ms": -(-interval // 10**6)}
    now, due = start, start if at_once else start + interval
    for step, demand in [(0, 1), *steps]:
        now = max(0, now + step)
        if due - now > interval:
            due = now + interval
        wanted = now >= due and demand > 0
        if wanted:
            due += ((now - due) // interval + 1) * interval
        reply = kinds.call("source_poll", {"now": now, "demand": demand})
        assert reply["records"] == [now] * wanted
        assert reply.get("wait_ms") == (-(-(due - now) // 10**6) if due > now else None)


def test_each_item_has_one_outcome_in_its_order(kinds):
    good = {"str": "a", "int": -1, "double": 0.5}
    assert kinds.call("each", ["ü", 7, "x"]) == [
        {**good, "text": "ü", "item": "ü"},
        {"kind": "invalid", "message": "no text"},
        {**good, "text": "x", "item": "x"},
    ]
    assert kinds.call("each", []) == kinds.call("each", None) == kinds.call("each", "text") == []


def test_a_host_call_that_fails_ends_the_whole_call(wasm):
    def refuse(_):
        raise Refused("exhausted", "enough")

    guest = RawGuest(wasm, host={"state_add": refuse, "state_delete": refuse})
    guest.call("begin", {"interval": 1, "at_once": True})
    for entry, request in (("each", [1, "a"]), ("poll_with_state", {"now": 5, "demand": 1})):
        with pytest.raises(GuestFailed, match=r"\[exhausted\] enough"):
            guest.call(entry, request)


def test_all_pairs_but_one_are_copied(kinds):
    assert kinds.call("others", {"a": [1], "left out": 2, b"left out": 3}) == {"a": [1], b"left out": 3}
    assert kinds.call("others", [1, 2]) == {}
