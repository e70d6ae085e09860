"""`wardian.document.scalars`: YAML 1.2 alone."""

import json
import math

import pytest

from wardian.document.scalars import TooLarge, meaning


@pytest.mark.parametrize(
    "text",
    ["on", "off", "yes", "no", "y", "12:30:45", "017", "2024-01-02", "1_000", "0b11", "<<", "1.2.3", "-", "08.5"],
)
def test_what_older_yaml_would_turn_into_something_else_stays_text(text):
    assert meaning(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("False", False), ("null", None), ("~", None), ("", None), ("0", 0), ("-7", -7), ("+7", 7),
        ("0x1F", 31), ("0o17", 15), ("1.5", 1.5), ("-.5", -0.5), ("1e3", 1000.0), ("5.", 5.0), (".inf", math.inf),
        ("-.INF", -math.inf), ("18446744073709551615", 2**64 - 1),
    ],
)  # fmt: skip
def test_only_booleans_null_integers_and_floats_are_typed(text, value):
    made = meaning(text)
    assert made == value
    assert type(made) is type(value)


def test_nan_is_a_float():
    assert math.isnan(meaning(".nan"))


@pytest.mark.parametrize("text", ["18446744073709551616", "-9223372036854775809", "9" * 10_000, json.dumps(10**70)])
def test_an_integer_of_more_than_64_bits_is_refused_and_never_computed(text):
    with pytest.raises(TooLarge):
        meaning(text)
