"""`wardian.transport.holdings`: what a file holds, and what of it is forgotten."""

import pytest

from support.keepings import keep
from wardian.transport.holdings import Holdings, forget
from wardian.transport.tables import open_file


@pytest.fixture
def file(tmp_path):
    keep(tmp_path / "a.db", "a", "count", "sum", waiting=3)
    with open_file(tmp_path / "a.db", "a") as opened:
        yield opened


def instances(file):
    return [each.scope.instance for each in Holdings.of(file).state]


def test_what_waits_and_what_is_kept_is_counted(file):
    held = Holdings.of(file)
    assert (held.cursor, held.waiting, held.dead, held.offsets, held.windows) == (1, 3, 0, ("in",), ("count", "sum"))
    assert held.waiting_bytes > 3
    assert [(each.scope.instance, each.keys) for each in held.state] == [("a/count", 1), ("a/sum", 1)]


def test_a_new_file_holds_nothing(tmp_path):
    with open_file(tmp_path / "b.db", "b") as file:
        assert Holdings.of(file) == Holdings(0, 0, 0, 0, (), (), ())


def test_what_belongs_to_one_member_is_forgotten_and_nothing_else(file):
    assert forget(file, "a", "count")
    held = Holdings.of(file)
    assert (held.windows, held.offsets, held.waiting, instances(file)) == (("sum",), ("in",), 3, ["a/sum"])
    assert not forget(file, "a", "count")


def test_a_source_begins_anew(file):
    assert forget(file, "a", "in")
    assert Holdings.of(file).offsets == ()


def test_what_uses_of_a_plugin_share_has_no_member(tmp_path):
    keep(tmp_path / "c.db", "c", "", "own")
    with open_file(tmp_path / "c.db", "c") as file:
        assert forget(file, "c", "")
        assert instances(file) == ["c/own"]
