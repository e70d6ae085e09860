import pytest

from wardian.sandbox.wasi_descriptors import Descriptor, Rights
from wardian.sandbox.wasi_errno import Errno, Refused
from wardian.sandbox.wasi_package import Directory, File
from wardian.sandbox.wasi_streams import Collected, Input, Lines

CHANGES = ~(Rights.FD_READ | Rights.FD_SEEK | Rights.FD_TELL | Rights.FD_ADVISE | Rights.FD_FDSTAT_SET_FLAGS
            | Rights.PATH_OPEN | Rights.FD_READDIR | Rights.PATH_READLINK | Rights.PATH_FILESTAT_GET
            | Rights.FD_FILESTAT_GET | Rights.POLL_FD_READWRITE)  # fmt: skip


@pytest.mark.parametrize(
    ("ask", "errno"),
    [
        (lambda it: it.left(), Errno.BADF),
        (lambda it: it.read(1), Errno.BADF),
        (lambda it: it.read_at(0, 1), Errno.SPIPE),
        (lambda it: it.write(None, b""), Errno.BADF),
        (lambda it: it.seek(0, 0), Errno.SPIPE),
    ],
)
def test_a_descriptor_can_do_nothing_by_itself(ask, errno):
    with pytest.raises(Refused) as caught:
        ask(Descriptor())
    assert caught.value.errno is errno
    assert Descriptor().rights == 0


@pytest.mark.parametrize("kind", [Input, File, Directory])
def test_what_is_read_has_no_right_to_change_anything(kind):
    assert not kind.rights & CHANGES


@pytest.mark.parametrize("kind", [Lines, Collected])
def test_what_is_written_has_the_right_to_be_written_only(kind):
    assert kind.rights & CHANGES == Rights.FD_WRITE
    assert not kind.rights & Rights.FD_READ


def test_the_bits_are_those_of_preview_1():
    assert (Rights.FD_READ, Rights.FD_WRITE, Rights.PATH_OPEN, Rights.POLL_FD_READWRITE) == (2, 64, 8192, 134_217_728)
