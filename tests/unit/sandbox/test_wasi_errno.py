import errno
import os

import pytest

from wardian.sandbox.wasi_errno import Errno, Refused

# The position of each name in the list `errno` of `typenames.witx`, WASI preview 1, as C libraries were compiled with.
STANDARD = {
    "BADF": 8, "EXIST": 20, "FAULT": 21, "ILSEQ": 25, "INVAL": 28, "ISDIR": 31, "MFILE": 33, "NAMETOOLONG": 37,
    "NOENT": 44, "NOSYS": 52, "NOTDIR": 54, "NOTSUP": 58, "ROFS": 69, "SPIPE": 70, "NOTCAPABLE": 76,
}  # fmt: skip


def test_the_numbers_are_those_of_preview_1():
    assert {each.name: int(each) for each in Errno} == STANDARD


@pytest.mark.parametrize("each", [each for each in Errno if each is not Errno.NOTCAPABLE], ids=lambda each: each.name)
def test_the_names_are_those_of_posix(each):
    assert os.strerror(getattr(errno, f"E{each.name}"))


def test_a_refusal_carries_its_number():
    assert Refused(Errno.BADF).errno == 8
