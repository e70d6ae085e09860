from wardian.errors import DeadlineExceeded, GuestError, Trap
from wardian.toolchain.cases.judging import told


def test_an_error_of_the_plugin_is_told_by_its_kind_and_others_by_their_code():
    assert told(GuestError("invalid", "no name")) == "[invalid] no name"
    assert told(DeadlineExceeded("too slow", value=1)) == "deadline_exceeded: too slow"


def test_a_trap_is_told_with_where_it_happened():
    assert told(Trap("it gave up", backtrace=("count_words", "main"))) == "trap: it gave up, in count_words"
