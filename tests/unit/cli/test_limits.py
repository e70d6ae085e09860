"""`wardian.cli.limits`: every limit is told."""

import dataclasses

from wardian.cli.limits import meanings
from wardian.policy import Limits


def test_each_limit_has_a_meaning():
    told = meanings()
    assert list(told) == [field.name for field in dataclasses.fields(Limits)]
    assert all(meaning.endswith(".") for meaning in told.values())
