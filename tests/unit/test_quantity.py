import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.quantity import format_duration, format_size, parse_duration, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 0), ("64KiB", 65_536), ("16MiB", 2**24), ("1GB", 10**9), ("1.5KiB", 1536), (" 2 kb ", 2000), ("7b", 7),
        ("7B", 7), (12, 12), (0, 0),
    ],
)  # fmt: skip
def test_a_size_is_read_as_people_write_it(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "given_", ["", "MiB", "-1", "1.2.3", "1 TiB", "0.3B", "1e3", "1MiB!", 1.5, True, None, b"1", []]
)
def test_what_is_no_size_is_refused_with_an_example(given_):
    with pytest.raises(ValueError, match="64KiB"):
        parse_size(given_)


@given(st.integers(0, 2**50))
def test_a_size_comes_back_as_it_was_written(size):
    assert parse_size(format_size(size)) == size


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("250ms", 0.25), ("2s", 2), ("1m30s", 90), ("1h", 3600), ("1d", 86_400), ("5us", 5e-6), ("5µs", 5e-6),
        ("100ns", 1e-7), ("1.5s", 1.5), (" 3s ", 3), (2, 2), (0.5, 0.5), ("0s", 0),
    ],
)  # fmt: skip
def test_a_duration_is_read_as_people_write_it(text, seconds):
    assert math.isclose(parse_duration(text), seconds)


@pytest.mark.parametrize(
    "given_", ["", "s", "-1s", "1", "1 s", "1m 30s", "1w", "1.s", math.nan, math.inf, True, None, b"1s", []]
)
def test_what_is_no_duration_is_refused_with_an_example(given_):
    with pytest.raises(ValueError, match="250ms"):
        parse_duration(given_)


@given(st.integers(1, 999_999), st.sampled_from(["ns", "us", "ms", "s"]))
def test_a_duration_comes_back_as_it_was_written(count, unit):
    seconds = parse_duration(f"{count}{unit}")
    assert math.isclose(parse_duration(format_duration(seconds)), seconds, rel_tol=1e-5)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    for parse in (parse_size, parse_duration):
        try:
            assert parse(text) >= 0
        except ValueError as error:
            assert repr(text) in str(error)  # noqa: PT017 - whether it raises is what varies
