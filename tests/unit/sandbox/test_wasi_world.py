from types import SimpleNamespace

import pytest

from unit.sandbox.test_wasi import Guest
from wardian.sandbox.wasi import Package, World
from wardian.sandbox.wasi_errno import Errno, Refused

CALL = SimpleNamespace(ended_by=None)


def ignore(_call, _level, _text):
    pass


def test_by_default_a_guest_has_its_three_streams_and_nothing_else():
    world = World(ignore)
    assert set(world.descriptors) == {0, 1, 2}
    assert world.clock.now(0) == 0
    assert world.random.bytes(8) == World(ignore).random.bytes(8)
    assert world.descriptor(0).left() == 0


def test_a_package_is_found_as_number_three():
    assert World(ignore, package=Package({})).directory(3).preopened == b"/package"


def test_a_reactor_has_no_reply_and_a_commands_is_what_it_wrote():
    reactor, command = World(ignore), World(ignore, reply_limit=100)
    for world in (reactor, command):
        world.descriptor(1).write(CALL, b"reply\n")
    assert (reactor.reply(), command.reply()) == (b"", b"reply\n")


def test_finishing_a_call_ends_the_lines_of_both_streams_once():
    lines = []
    world = World(lambda call, level, text: lines.append((call, level, text)))
    world.descriptor(1).write(CALL, b"out")
    world.descriptor(2).write(CALL, b"err")
    world.finish(CALL)
    world.finish(CALL)
    assert lines == [(CALL, 2, "out"), (CALL, 3, "err")]


def test_what_is_not_open_is_refused():
    with pytest.raises(Refused) as caught:
        World(ignore).descriptor(3)
    assert caught.value.errno is Errno.BADF


def test_two_instances_share_nothing_but_the_package():
    package = Package({"a": b"hello"})
    with Guest(package=package, stdin=b"one") as one, Guest(package=package, stdin=b"two") as two:
        (_, first), (_, second) = one.open("a"), two.open("a")
        assert one.read(first, 3) == (0, b"hel")
        assert two.read(second, 3) == (0, b"hel")
        assert (one.read(0, 9), two.read(0, 9)) == ((0, b"one"), (0, b"two"))
        one.write(1, b"line\n")
        assert (one.lines, two.lines) == ([(2, "line")], [])
        assert one.ask("fd_close", 1) == 0
        assert two.write(1, b"x")[0] == 0


def test_what_a_guest_opened_stays_open_between_its_calls():
    with Guest(package=Package({"a": b"hello"})) as guest:
        _, fd = guest.open("a")
        assert [guest.read(fd, 2)[1] for _ in range(3)] == [b"he", b"ll", b"o"]
