import struct

import pytest

from unit.sandbox.test_wasi import SIZE, Guest
from wardian.sandbox import wasi
from wardian.sandbox.wasi_descriptors import Filetype, Rights
from wardian.sandbox.wasi_errno import Errno

FILES = {"a.txt": b"hello world", "folder/b": b"bee", "folder/é": b""}


@pytest.fixture
def guest():
    with Guest(package=wasi.Package(FILES), stdin=b"input") as guest:
        yield guest


@pytest.fixture
def file(guest):
    errno, fd = guest.open("a.txt")
    assert errno == 0
    return fd


def entries(guest, fd, *, length=4096, cookie=0):
    """Gives what `fd_readdir` put, as bytes."""
    assert guest.ask("fd_readdir", fd, 4096, length, cookie, 300) == 0
    return guest.get(4096, guest.number(300))


def parsed(data):
    found = []
    while data:
        after, inode, length, kind = struct.unpack_from("<QQIB", data)
        found.append((data[24 : 24 + length].decode(), kind, after, inode))
        data = data[24 + length :]
    return found


def test_a_file_is_read_into_several_buffers_in_order(guest, file):
    assert guest.ask("fd_read", file, *guest.vectors(256, (2048, 3), (3072, 0), (4096, 100)), 300) == 0
    assert (guest.number(300), guest.get(2048, 4), guest.get(4096, 9)) == (11, b"hel\0", b"lo world\0")


def test_buffers_of_more_than_the_memory_together_take_what_there_is(guest, file):
    assert guest.ask("fd_read", file, *guest.vectors(256, *[(65_536, 65_536)] * 1024), 300) == 0
    assert guest.number(300) == 11


def test_a_file_is_read_from_a_place_and_stays_where_it_stands(guest, file):
    assert guest.ask("fd_pread", file, *guest.vectors(256, (1024, 5)), 6, 300) == 0
    assert guest.get(1024, 5) == b"world"
    assert guest.ask("fd_pread", file, *guest.vectors(256, (1024, 5)), 2**64 - 1, 300) == 0
    assert guest.number(300) == 0
    assert guest.read(file, 5) == (0, b"hello")


def test_a_file_moves_by_a_signed_offset(guest, file):
    for offset, whence, position in ((6, 0, 6), (-1, 1, 5), (-5, 2, 6)):
        assert guest.ask("fd_seek", file, offset, whence, 400) == 0
        assert guest.number(400, 8) == position
    assert guest.ask("fd_tell", file, 400) == 0
    assert guest.number(400, 8) == 6
    assert guest.read(file, 100) == (0, b"world")
    assert guest.ask("fd_seek", file, -1, 0, 400) == Errno.INVAL
    assert guest.ask("fd_seek", file, 0, 3, 400) == Errno.INVAL


@pytest.mark.parametrize("fd", [0, 1, 2])
def test_streams_have_no_places(guest, fd):
    assert guest.ask("fd_seek", fd, 0, 1, 400) == Errno.SPIPE
    assert guest.ask("fd_tell", fd, 400) == Errno.SPIPE
    assert guest.ask("fd_pread", fd, *guest.vectors(256, (1024, 5)), 0, 300) == Errno.SPIPE
    assert guest.ask("fd_pwrite", fd, *guest.vectors(256, (1024, 5)), 0, 300) == Errno.SPIPE
    assert guest.ask("fd_advise", fd, 0, 0, 0) == Errno.SPIPE


def test_files_and_directories_cannot_be_written(guest, file):
    for fd in (3, file):
        assert guest.write(fd, b"x")[0] == Errno.BADF
        assert guest.ask("fd_pwrite", fd, *guest.vectors(256, (1024, 5)), 0, 300) == Errno.BADF
        for name, arguments in (("fd_allocate", 2), ("fd_filestat_set_size", 1), ("fd_filestat_set_times", 3)):
            assert guest.ask(name, fd, *[0] * arguments) == Errno.ROFS
    assert guest.read(file, 100) == (0, FILES["a.txt"])


def test_streams_have_no_size_and_no_times_to_set(guest):
    for name, arguments in (("fd_allocate", 2), ("fd_filestat_set_size", 1), ("fd_filestat_set_times", 3)):
        assert guest.ask(name, 1, *[0] * arguments) == Errno.NOTSUP


def test_rights_cannot_be_changed(guest, file):
    for fd in (0, 1, 3, file):
        assert guest.ask("fd_fdstat_set_rights", fd, 2**64 - 1, 2**64 - 1) == Errno.NOTSUP


def test_a_directory_has_no_bytes(guest):
    assert guest.read(3, 10)[0] == Errno.ISDIR
    assert guest.ask("fd_pread", 3, *guest.vectors(256, (1024, 5)), 0, 300) == Errno.ISDIR


def fdstat(guest, fd):
    assert guest.ask("fd_fdstat_get", fd, 1024) == 0
    return struct.unpack("<BxH4xQQ", guest.get(1024, 24))


def test_the_streams_of_a_reactor_are_devices_that_are_written_line_by_line(guest):
    kind, flags, rights, inheriting = fdstat(guest, 1)
    assert (kind, flags, inheriting) == (Filetype.CHARACTER_DEVICE, 0, 0)
    # By these a C library tells a terminal: a device without places.
    assert rights & Rights.FD_WRITE
    assert not rights & (Rights.FD_SEEK | Rights.FD_TELL)
    assert fdstat(guest, 2) == (kind, flags, rights, inheriting)
    assert fdstat(guest, 0)[2] & Rights.FD_READ


def test_the_reply_of_a_command_is_no_device():
    with Guest(reply_limit=10) as guest:
        assert fdstat(guest, 1)[0] == Filetype.UNKNOWN


def test_files_and_directories_say_what_they_are(guest, file):
    assert fdstat(guest, file)[0] == Filetype.REGULAR_FILE
    kind, _, rights, inheriting = fdstat(guest, 3)
    assert kind == Filetype.DIRECTORY
    assert rights & Rights.PATH_OPEN
    assert inheriting & Rights.FD_READ


def test_flags_are_kept_and_unknown_ones_refused(guest, file):
    for fd in (0, 1, 3, file):
        assert guest.ask("fd_fdstat_set_flags", fd, 4) == 0
        assert fdstat(guest, fd)[1] == 4
        assert guest.ask("fd_fdstat_set_flags", fd, 32) == Errno.INVAL
        assert fdstat(guest, fd)[1] == 4


def test_the_attributes_of_what_is_open(guest, file):
    for fd, kind, size in ((0, 0, 0), (1, 2, 0), (3, 3, 0), (file, 4, 11)):
        assert guest.ask("fd_filestat_get", fd, 1024) == 0
        device, _, filetype, links, length, *times = struct.unpack("<QQB7xQQQQQ", guest.get(1024, 64))
        assert (device, filetype, links, length, times) == (0, kind, 1, size, [0, 0, 0])


def test_the_package_is_found_under_its_name(guest):
    assert guest.ask("fd_prestat_get", 3, 1024) == 0
    assert struct.unpack("<B3xI", guest.get(1024, 8)) == (0, 8)
    assert guest.ask("fd_prestat_dir_name", 3, 2048, 8) == 0
    assert guest.get(2048, 9) == b"/package\0"
    assert guest.ask("fd_prestat_dir_name", 3, 2048, 7) == Errno.NAMETOOLONG
    assert [guest.ask("fd_prestat_get", fd, 1024) for fd in (0, 4)] == [Errno.BADF] * 2


def test_without_a_package_there_is_no_directory():
    with Guest() as guest:
        assert guest.ask("fd_prestat_get", 3, 1024) == Errno.BADF
        assert guest.ask("fd_prestat_dir_name", 3, 1024, 100) == Errno.BADF
        assert guest.open("a.txt")[0] == Errno.BADF


def test_an_opened_directory_is_not_taken_for_the_package(guest):
    _, fd = guest.open("folder")
    assert guest.ask("fd_prestat_get", fd, 1024) == Errno.BADF


def test_a_directory_lists_its_entries_with_types_and_inodes(guest):
    found = parsed(entries(guest, 3))
    assert [entry[:3] for entry in found] == [(".", 3, 1), ("..", 3, 2), ("a.txt", 4, 3), ("folder", 3, 4)]
    _, folder = guest.open("folder")
    assert [entry[0] for entry in parsed(entries(guest, folder))] == [".", "..", "b", "é"]
    assert parsed(entries(guest, folder))[0][3] == found[3][3]


def test_a_listing_fills_the_buffer_and_cuts_its_last_entry(guest):
    everything = entries(guest, 3)
    for length in range(len(everything) + 2):
        assert entries(guest, 3, length=length) == everything[:length]


def test_a_listing_goes_on_from_each_entry(guest):
    everything = parsed(entries(guest, 3))
    for _, _, cookie, _ in everything:
        assert parsed(entries(guest, 3, cookie=cookie)) == everything[cookie:]
    assert entries(guest, 3, cookie=2**64 - 1) == b""


def test_only_a_directory_has_entries(guest, file):
    assert guest.ask("fd_readdir", file, 1024, 100, 0, 300) == Errno.NOTDIR
    assert guest.ask("fd_readdir", 0, 1024, 100, 0, 300) == Errno.NOTDIR
    assert guest.ask("fd_readdir", 3, SIZE - 99, 100, 0, 300) == Errno.FAULT


def test_what_is_closed_is_gone(guest, file):
    for fd in (0, 1, 2, 3, file):
        assert guest.ask("fd_close", fd) == 0
        assert guest.ask("fd_close", fd) == Errno.BADF
        assert guest.ask("fd_fdstat_get", fd, 1024) == Errno.BADF
    assert guest.write(1, b"x")[0] == Errno.BADF


def test_a_file_that_is_opened_later_is_never_taken_for_the_package(guest):
    _, folder = guest.open("folder")
    assert guest.ask("fd_close", 3) == 0
    assert guest.open("b", fd=folder) == (0, folder + 1)
    assert guest.ask("fd_prestat_get", 3, 1024) == Errno.BADF


def test_descriptors_keep_their_numbers(guest, file):
    for _ in range(100):
        assert guest.ask("fd_renumber", file, 1) == Errno.NOTSUP
    assert guest.ask("fd_renumber", 9, 1) == Errno.BADF
    assert guest.ask("fd_renumber", 1, 9) == Errno.BADF
    assert guest.read(file, 5) == (0, b"hello")


def test_advice_is_taken_and_nothing_waits_to_be_written(guest, file):
    assert guest.ask("fd_advise", file, 0, 0, 5) == 0
    assert guest.ask("fd_advise", file, 0, 0, 6) == Errno.INVAL
    for fd in (1, 3, file):
        assert guest.ask("fd_sync", fd) == 0
        assert guest.ask("fd_datasync", fd) == 0


NAMES = sorted(name for _, name in wasi.functions() if name.startswith("fd_"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fd", [4, 2**31, 2**32 - 1])
def test_what_is_not_open_is_a_bad_descriptor(guest, name, fd):
    assert guest.ask(name, fd, *[0] * 4) == Errno.BADF
