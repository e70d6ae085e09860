"""The tests are worth something: without the guard that a test is about, it fails. `just guards` tries all of them."""

import pytest

import guards

# One of each kind, as quick as they are; the others take minutes.
TRIED = [
    "reads of guest memory stay within it",
    "an instance that broke is replaced",
    "host calls are limited",
    "an import needs its grant",
    "a compiled module is authentic",
    "tags are refused but for four",
]


def test_every_guard_stands_where_it_is_said_to_and_is_tested():
    listed = guards.guards()
    assert len(listed) >= 25
    assert len({guard.name for guard in listed}) == len(listed)
    for guard in listed:
        assert (guards.PACKAGE / guard.file).read_text("utf-8").count(guard.old) == guard.count, guard.name
        assert guard.old != guard.new
        assert all((guards.TESTS / test.partition("::")[0]).is_file() for test in guard.tests), guard.name


def test_without_its_guard_a_test_fails(capsys):
    assert set(TRIED) <= {guard.name for guard in guards.guards()}
    assert guards.main(TRIED) == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [("if not pointer:", "if pointer == 0:", "can be taken out"), ("if nothing:", "", "found 0")],
    ids=["held by no test", "not there"],
)
def test_a_guard_that_no_test_holds_is_told(old, new, why):
    test = "contract/test_reply_rules.py::test_a_guest_without_room_for_a_request_is_out_of_memory"
    assert why in guards.untested_without(guards.Guard("mine", "guests/reactor.py", old, new, (test,)))
