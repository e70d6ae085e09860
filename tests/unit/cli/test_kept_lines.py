"""`wardian.cli.kept_lines`: printable, whatever a plugin or a pipeline is called."""

from wardian.cli.kept_lines import as_dict, lines
from wardian.engine.kept import Kept
from wardian.errors import StateError
from wardian.state.contract import Scope, Usage
from wardian.transport.holdings import Holdings


def kept(name="a", *usages, **more):
    held = Holdings(5, 1234, 99, 2, ("in",), (), usages)
    return Kept(name, 4096, held, None, **{"orphan": False, "orphans": ()} | more)


def test_numbers_are_written_for_people():
    assert list(lines([kept()], ())) == ["\x1b[1ma\x1b[0m  4KiB, 1,234 waiting, 2 dead"]


def test_every_line_is_printable():
    usage = Usage(Scope("p\x1b[31m", "a/x\n"), 1, 2, 0)
    _head, state = lines([kept("a", usage)], ())
    assert state == "  a/x\\n  p\\x1b[31m: 1 keys, 2 bytes, written 1970-01-01 00:00:00Z"


def test_nothing_is_said_to_be_nothing():
    assert list(lines([], ())) == ["nothing is kept"]


def test_what_cannot_be_read_says_why():
    broken = Kept("a", 7, None, StateError("it is corrupt"), orphan=True, orphans=())
    (line,) = lines([broken], ())
    assert "cannot be read: it is corrupt, " in line
    assert as_dict([broken], ())["pipelines"] == [
        {"name": "a", "bytes": 7, "orphan": True, "orphans": [], "error": "it is corrupt"}
    ]
