"""`wardian.config.names`: names that no file system, terminal or person takes for another."""

import re

import pytest

from wardian.config import names
from wardian.document.problem import Problems
from wardian.document.reading import parse

HOSTILE = [
    "../x", "..", "/abs",
    "C:\\x", "a/../../b", "a\\b", "a\0b", "a\u202eb", "\u0430", "cafe\u0301", "caf\u00e9", "\ufb01", "a b",
    "a\n", "",
    "x" * 10_000, "-a", "a-", "_a", "a.b", "$", "${x}", "~", "*", "a%2fb", "\ufeffa",
]  # fmt: skip


def fits(shape, name):
    return len(name) <= shape.most and re.fullmatch(shape.pattern, name) is not None


@pytest.mark.parametrize("name", HOSTILE)
def test_no_hostile_name_is_a_name(name):
    assert not fits(names.NAME, name)
    assert not fits(names.PLUGIN, name)
    assert not fits(names.ACTION, name)


def test_names_as_the_field_has_them_are_names():
    assert all(fits(names.NAME, each) for each in ("ticker-team-a", "A1", "x", "special_feed"))
    assert all(fits(names.PLUGIN, each) for each in ("botkube/ticker", "example-plugin"))
    assert all(fits(names.SYMBOL, each) for each in ("word_count", "intelmq.bots.collectors.special", "hello-world"))
    assert all(fits(names.ACTION, each) for each in ("hello", "example-plugin:hello-world", "acme/x:y"))
    assert not fits(names.PLUGIN, "a/b/c")
    assert not fits(names.ACTION, "a:b:c")


def test_twins_are_told_with_both_lines():
    problems = Problems()
    names.no_twins(parse("ticker-a: 1\nx: 2\nTicker_A: 3\n", "w"), "sources", problems)
    assert [(each.line, each.found) for each in problems.found] == [(3, "`Ticker_A` beside `ticker-a` of line 1")]
