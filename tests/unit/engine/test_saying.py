"""`wardian.engine.saying`: one line of one pipeline."""

import logging

import pytest

from wardian.engine.saying import in_one_line, to_logging
from wardian.errors import ConfigError


@pytest.mark.parametrize(
    ("level", "number"),
    [("trace", logging.DEBUG), ("debug", logging.DEBUG), ("info", logging.INFO), ("warn", logging.WARNING),
        ("error", logging.ERROR)],
)  # fmt: skip
def test_each_level_has_its_own_in_logging(caplog, level, number):
    with caplog.at_level(logging.DEBUG, "wardian.engine"):
        to_logging(level, "it stops", pipeline="words")
    assert caplog.record_tuples == [("wardian.engine", number, "words: it stops")]


def test_an_error_of_several_lines_is_said_in_one():
    assert in_one_line(ConfigError("wrong", problems=["a", "b"], hint="mend it")) == "wrong; a; b; hint: mend it"
