import pytest

from wardian.cli.dead_record import mended
from wardian.cli.usage import Usage

BEFORE = {"data": {"n": 1, "raw": b"\0"}, "key": "k"}


def test_what_is_not_named_stays_as_it_was_bytes_included():
    assert mended(BEFORE, None, ["data.n=2"]) == {"data": {"n": 2, "raw": b"\0"}, "key": "k"}
    assert BEFORE["data"]["n"] == 1


def test_a_record_that_is_given_may_be_set_in_part_as_well():
    assert mended(BEFORE, '{"data": {}}', ["data.n=2"]) == {"data": {"n": 2}}


def test_the_same_record_is_no_change():
    assert mended({"data": 1}, '{"data": 1}', []) is None


@pytest.mark.parametrize(("given", "changes"), [("[1]", ["a=1"]), ('{"key": 1, "data": 1}', []), ("{}", [])])
def test_what_is_no_record_is_refused(given, changes):
    with pytest.raises(Usage, match="record"):
        mended(BEFORE, given, changes)
