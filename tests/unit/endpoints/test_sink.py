"""What the host's own sinks share."""

import pytest

from wardian import Record
from wardian.endpoints.sink import Sink


class Keeps(Sink):
    name = "keeps"

    def __init__(self):
        super().__init__()
        self.kept, self.released = [], 0

    def _written(self, records):
        self.kept += records
        return [None] * len(records)

    def _release(self):
        self.released += 1


def test_there_is_an_outcome_for_each_record_of_any_iterable():
    one = Keeps()
    assert one.write(Record(each) for each in range(3)) == [None, None, None]
    assert one.write([]) == []
    one.flush(urgent=True)


def test_what_is_no_record_is_refused_before_anything_is_taken():
    one = Keeps()
    with pytest.raises(TypeError, match="expected records"):
        one.write([Record(1), 2])
    assert one.kept == []


def test_it_is_closed_once_and_then_takes_nothing():
    with Keeps() as one:
        pass
    one.close()
    assert one.released == 1
    with pytest.raises(RuntimeError, match="closed"):
        one.write([])
    with pytest.raises(RuntimeError, match="closed"):
        one.flush()
    assert repr(one) == "<sink of type keeps>"
