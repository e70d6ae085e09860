import pytest

from unit.transport.logs import letter
from wardian.errors import StateError
from wardian.transport.contract import WindowChange
from wardian.transport.packing import to_bytes
from wardian.transport.pending import Pending, window_of


def test_commits_add_up_to_what_the_last_of_them_says():
    first = Pending(0).after(3, [letter(1)], [WindowChange("sum", False, [(1, {})]), WindowChange("max", True, [])])
    second = first.after(5, [letter(5)], [WindowChange("sum", False, [(4, {})])])
    assert (second.cursor, [each.cursor for each in second.dead], second.commits) == (5, [1, 5], 2)
    assert second.windows == {"sum": (False, ((1, {}), (4, {}))), "max": (True, ())}
    assert second.after(6, [], [WindowChange("sum", True, [(6, {})])]).windows["sum"] == (True, ((6, {}),))
    assert first.windows["sum"] == (False, ((1, {}),))


def test_counts_the_records_that_it_keeps_back():
    assert Pending(1).after(2, [letter()], [WindowChange("sum", False, [(1, {}), (2, {})])]).records == 3


@pytest.mark.parametrize("data", [to_bytes(1), to_bytes([1]), to_bytes([[1]]), b"\xff"])
def test_a_damaged_window_is_told(data):
    with pytest.raises(StateError) as caught:
        window_of([(data,)], "words.db")
    assert caught.value.code == "state_corrupt"
