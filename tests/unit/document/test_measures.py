"""`wardian.document.measures`: what is measured, within bounds, as its JSON Schema says."""

import jsonschema
import pytest

from support.shapes import read
from wardian.document.measures import SPAN, Number, Size

CASES = [
    (Size(), ["1", "64KiB", "16MiB", "1GB", 1, 2**40], ["", "lots", "-1", 0, -1, True, None, 1.5, 2**40 + 1, []]),
    (Size(least=1024, most=4096), [1024, 4096], [1023, 4097]),
    (Number(0, 1), [0, 1, 0.5], [-0.1, 1.1, "0.5", True, None, []]),
    (Number(1, 100), [1.0, 100], [0.99, 101]),
    (SPAN, ["1ms", 1, "1m30s"], [0, 0.5, -1, "soon", None, True]),
]


@pytest.mark.parametrize(("shape", "right", "wrong"), CASES, ids=[str(at) for at in range(len(CASES))])
def test_what_is_read_and_what_is_refused_is_what_the_schema_says(shape, right, wrong):
    validator = jsonschema.Draft202012Validator(shape.schema({}))
    for value in right:
        assert not read(shape, value)[1], value
        assert validator.is_valid(value), value
    for value in wrong:
        assert len(read(shape, value)[1]) == 1, value
        assert not validator.is_valid(value), value


def test_a_size_is_bytes_and_a_number_has_a_fraction():
    assert [read(Size(), each)[0] for each in ("64KiB", 10, "1GB")] == [65_536, 10, 10**9]
    value, _ = read(Number(0, 9), 3)
    assert (value, type(value)) == (3.0, float)


def test_what_is_out_of_bounds_is_told_with_the_bounds():
    assert "from 1KiB to 4KiB" in read(Size(least=1024, most=4096), "8KiB")[1][0]
    assert "a number from 0 to 1, got `2`" in read(Number(0, 1), 2)[1][0]
    assert "at least 1ms" in read(SPAN, "0s")[1][0]


def test_a_value_is_written_as_a_person_writes_it():
    assert (Size().written(2**20), SPAN.written(0.02)) == ("1MiB", "20ms")
