"""`wardian.engine.log_rate`: how often one member may say something."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardian.engine.log_form import Entry
from wardian.engine.log_rate import LogRate


def entry(member="m", message="said"):
    return Entry(0.0, "info", message, "p", member, "x")


def test_a_burst_is_let_through_and_then_so_many_a_second():
    rate = LogRate(per_second=10.0, burst=5)
    assert sum(bool(rate.admitted(entry(), 0.0)) for _ in range(100)) == 5
    assert sum(bool(rate.admitted(entry(), 0.3)) for _ in range(100)) == 3


def test_what_was_left_out_is_told_before_the_next_line():
    rate = LogRate(per_second=1.0, burst=1)
    assert rate.admitted(entry(), 0.0) == (entry(),)
    assert [rate.admitted(entry(), 0.0) for _ in range(3)] == [(), (), ()]
    told, said = rate.admitted(entry(), 1.0)
    assert (told.level, told.message) == ("warn", "3 lines were left out: more than 1 a second")
    assert (told.pipeline, told.member, told.plugin, told.fields) == ("p", "m", "x", {})
    assert said == entry()
    assert rate.admitted(entry(), 2.0) == (entry(),)


def test_what_was_left_out_is_told_also_where_nothing_more_is_said():
    rate = LogRate(per_second=1.0, burst=1)
    for _ in range(3):
        rate.admitted(entry(), 0.0)
    assert rate.left_out(0.5) == []
    assert [each.message for each in rate.left_out(1.0)] == ["2 lines were left out: more than 1 a second"]
    assert rate.left_out(2.0) == []


def test_one_that_says_much_takes_nothing_from_another():
    rate = LogRate(per_second=1.0, burst=1)
    for _ in range(100):
        rate.admitted(entry("loud"), 0.0)
    assert rate.admitted(entry("quiet"), 0.0) == (entry("quiet"),)


def test_nothing_is_kept_of_those_that_have_been_quiet_for_long():
    rate = LogRate(per_second=1.0, burst=1)
    for index in range(1_000):
        rate.admitted(entry(str(index)), 0.0)
    rate.left_out(10.0)
    assert not rate._buckets


def test_a_clock_that_goes_back_gives_no_more_and_no_less():
    rate = LogRate(per_second=1.0, burst=1)
    assert rate.admitted(entry(), 100.0)
    assert not rate.admitted(entry(), 50.0)
    assert rate.admitted(entry(), 101.0)


@given(st.lists(st.floats(0, 0.5), max_size=200))
def test_each_line_is_written_or_counted_as_left_out(pauses):
    rate, now, written, told = LogRate(per_second=4.0, burst=3), 0.0, 0, 0
    for pause in pauses:
        now += pause
        for each in rate.admitted(entry(), now):
            counted = each.message.split()[0]
            written, told = (written, told + int(counted)) if counted.isdigit() else (written + 1, told)
    told += sum(int(each.message.split()[0]) for each in rate.left_out(float("inf")))
    assert written + told == len(pauses)
