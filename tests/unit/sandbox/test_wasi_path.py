import struct

import pytest

from unit.sandbox.test_wasi import Guest
from wardian.sandbox import wasi
from wardian.sandbox.wasi_errno import Errno

CREAT, DIRECTORY, EXCL, TRUNC = 1, 2, 4, 8
READ, WRITE = 2, 64
FILES = {"a.txt": b"hello", "folder/b": b"bee"}


@pytest.fixture
def guest():
    with Guest(package=wasi.Package(FILES)) as guest:
        yield guest


def test_a_file_is_opened_and_read(guest):
    errno, fd = guest.open("folder/b")
    assert (errno, guest.read(fd, 10)) == (0, (0, b"bee"))


def test_a_file_is_opened_through_a_directory(guest):
    errno, folder = guest.open("folder", oflags=DIRECTORY)
    assert errno == 0
    errno, fd = guest.open("b", fd=folder)
    assert (errno, guest.read(fd, 10)) == (0, (0, b"bee"))
    assert guest.open("../a.txt", fd=folder)[0] == Errno.NOTCAPABLE


def test_each_opening_stands_for_itself(guest):
    (_, one), (_, two) = guest.open("a.txt"), guest.open("a.txt")
    assert guest.read(one, 3) == (0, b"hel")
    assert guest.read(two, 5) == (0, b"hello")


@pytest.mark.parametrize(
    ("path", "oflags", "rights", "errno"),
    [
        ("a.txt", 0, READ | WRITE, Errno.ROFS),
        ("a.txt", TRUNC, READ, Errno.ROFS),
        ("a.txt", CREAT | TRUNC, WRITE, Errno.ROFS),
        ("a.txt", CREAT | EXCL, READ, Errno.EXIST),
        ("new", CREAT, READ, Errno.ROFS),
        ("new", CREAT | EXCL, WRITE, Errno.ROFS),
        ("folder/new/newer", CREAT, WRITE, Errno.ROFS),
        ("../new", CREAT, WRITE, Errno.NOTCAPABLE),
        ("folder", 0, WRITE, Errno.ISDIR),
        ("folder", TRUNC, READ, Errno.ROFS),
        ("a.txt", DIRECTORY, READ, Errno.NOTDIR),
    ],
)
def test_nothing_is_opened_for_a_change(guest, path, oflags, rights, errno):
    assert guest.open(path, oflags=oflags, rights=rights)[0] == errno
    assert set(guest.world.descriptors) == {0, 1, 2, 3}


def test_a_file_that_would_be_made_but_is_there_is_opened(guest):
    assert guest.open("a.txt", oflags=CREAT)[0] == 0


HOSTILE = [
    ("..", Errno.NOTCAPABLE),
    ("../../../etc/passwd", Errno.NOTCAPABLE),
    ("/etc/passwd", Errno.NOTCAPABLE),
    ("folder/../../a.txt", Errno.NOTCAPABLE),
    ("a/../../b", Errno.NOENT),
    ("C:\\a.txt", Errno.NOENT),
    ("..\\a.txt", Errno.NOENT),
    ("A.TXT", Errno.NOENT),
    ("", Errno.NOENT),
    ("a.txt\0", Errno.INVAL),
    (b"\xff\xfe", Errno.ILSEQ),
    ("x" * 300, Errno.NAMETOOLONG),
    ("x/" * 2500, Errno.NAMETOOLONG),
]


@pytest.mark.parametrize(("path", "errno"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_paths_lead_nowhere(guest, path, errno):
    assert guest.open(path)[0] == errno
    encoded = path if isinstance(path, bytes) else path.encode()
    assert guest.ask("path_filestat_get", 3, 1, 1024, len(encoded), 300) == errno
    assert guest.ask("path_readlink", 3, 1024, len(encoded), 300, 10, 400) == errno


def test_a_path_is_refused_by_its_length_alone(guest):
    assert guest.ask("path_open", 3, 0, 2**32 - 1, 2**32 - 1, 0, 2, 0, 0, 300) == Errno.NAMETOOLONG


def test_a_path_starts_at_a_directory(guest):
    _, fd = guest.open("a.txt")
    assert guest.open("a.txt", fd=fd)[0] == Errno.NOTDIR
    assert guest.open("a.txt", fd=1)[0] == Errno.NOTDIR
    assert guest.open("a.txt", fd=99)[0] == Errno.BADF


def test_unknown_flags_are_refused_and_open_nothing(guest):
    assert guest.open("a.txt", fdflags=32)[0] == Errno.INVAL
    assert set(guest.world.descriptors) == {0, 1, 2, 3}


def test_64_descriptors_are_open_at_most_and_a_closed_one_makes_room(guest):
    opened = [guest.open("a.txt") for _ in range(60)]
    assert [errno for errno, _ in opened] == [0] * 60
    assert len({fd for _, fd in opened}) == 60
    assert guest.open("a.txt")[0] == Errno.MFILE
    assert guest.ask("fd_close", opened[7][1]) == 0
    assert guest.open("a.txt") == (0, opened[7][1])


def test_attributes_are_those_of_what_the_path_leads_to(guest):
    for path, kind, size in (("a.txt", 4, 5), ("folder", 3, 0), (".", 3, 0)):
        guest.put(1024, path.encode())
        assert guest.ask("path_filestat_get", 3, 0, 1024, len(path), 2048) == 0
        assert struct.unpack("<16xB15xQ24x", guest.get(2048, 64)) == (kind, size)


def test_nothing_in_a_package_is_a_link(guest):
    guest.put(1024, b"a.txt")
    assert guest.ask("path_readlink", 3, 1024, 5, 2048, 100, 300) == Errno.INVAL


CHANGES = {
    "path_create_directory": (3, 1024, 5),
    "path_filestat_set_times": (3, 0, 1024, 5, 0, 0, 0),
    "path_link": (3, 0, 1024, 5, 3, 1030, 5),
    "path_remove_directory": (3, 1024, 5),
    "path_rename": (3, 1024, 5, 3, 1030, 5),
    "path_symlink": (1030, 5, 3, 1024, 5),
    "path_unlink_file": (3, 1024, 5),
}


@pytest.mark.parametrize(("name", "arguments"), CHANGES.items(), ids=CHANGES)
def test_nothing_is_made_changed_or_removed(guest, name, arguments):
    guest.put(1024, b"a.txt\0other")
    assert guest.ask(name, *arguments) == Errno.ROFS
    assert guest.read(guest.open("a.txt")[1], 10) == (0, b"hello")


@pytest.mark.parametrize(("name", "arguments"), CHANGES.items(), ids=CHANGES)
def test_without_a_package_there_is_nothing_to_change(name, arguments):
    with Guest() as guest:
        assert guest.ask(name, *arguments) == Errno.BADF
