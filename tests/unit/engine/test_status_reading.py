"""`wardian.engine.status_reading`: a status that came as JSON."""

from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.statuses import status
from wardian.engine.status_reading import read_status
from wardian.errors import StateError


def test_what_was_given_as_plain_data_is_read_back_as_it_was():
    before = status()
    assert read_status(json.loads(json.dumps(before.as_dict()))) == before


def test_what_a_later_version_says_more_is_left_out_and_what_an_earlier_one_did_not_say_has_its_default():
    plain = status().as_dict()
    plain["mood"] = plain["pipelines"][0]["members"][0]["mood"] = "fine"
    del plain["logs_dropped"], plain["pipelines"][1]["next_run"]
    made = read_status(plain)
    assert (made.logs_dropped, made.pipelines[1].next_run) == (0, None)
    assert made.pipelines[0].members[0].name == "lines"


def test_a_field_of_another_type_is_no_status():
    plain = status().as_dict()
    plain["pipelines"][0]["state"] = 5
    with pytest.raises(StateError, match="no status") as caught:
        read_status(plain)
    assert caught.value.code == "not_a_status"


NAMES = ["pipelines", "members", "counts", "latency", "buckets", "running", "name", "sum", "x"]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=20,
)


@given(JSON)
def test_whatever_came_is_a_status_or_an_error_that_says_so(plain):
    with contextlib.suppress(StateError):
        read_status(plain)
