import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardian.errors import PackageError
from wardian.sandbox.wasi_descriptors import Filetype
from wardian.sandbox.wasi_errno import Errno, Refused
from wardian.sandbox.wasi_package import Directory, File, Package

PACKAGE = Package({"a.txt": b"hello", "folder/b": b"bee", "folder/deep/c": b"", "..a": b"dots"})


def refusal(path, directory=PACKAGE.root):
    with pytest.raises(Refused) as caught:
        PACKAGE.find(directory, path)
    return caught.value.errno


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a.txt", "a.txt"), ("./a.txt", "a.txt"), ("folder//b", "folder/b"), ("folder/../a.txt", "a.txt"),
        ("folder/deep/../../folder/b", "folder/b"), (".", ""), ("./", ""), ("folder/", "folder"), ("..a", "..a"),
        ("folder/..", ""),
    ],
)  # fmt: skip
def test_a_path_within_leads_to_what_is_there(path, found):
    assert PACKAGE.find(PACKAGE.root, path).path == found


@pytest.mark.parametrize(
    "path", ["..", "../a.txt", "/a.txt", "/etc/passwd", "/", "folder/../..", "folder/../../package/a.txt"]
)
def test_a_path_that_leaves_is_refused(path):
    assert refusal(path) is Errno.NOTCAPABLE


def test_a_path_may_not_leave_the_directory_it_starts_from_even_within_the_package():
    folder = PACKAGE.find(PACKAGE.root, "folder")
    assert PACKAGE.find(folder, "deep/..") is folder
    assert refusal("../a.txt", folder) is Errno.NOTCAPABLE


@pytest.mark.parametrize(
    ("path", "errno"),
    [
        ("", Errno.NOENT), ("b", Errno.NOENT), ("A.TXT", Errno.NOENT), ("a.txt/", Errno.NOTDIR),
        ("a.txt/.", Errno.NOTDIR), ("a.txt/..", Errno.NOTDIR), ("a.txt/x", Errno.NOTDIR), ("folder/x/..", Errno.NOENT),
        ("x" * 255, Errno.NOENT), ("x" * 256, Errno.NAMETOOLONG), ("é" * 128, Errno.NAMETOOLONG),
    ],
)  # fmt: skip
def test_a_path_to_nothing_says_why(path, errno):
    assert refusal(path) is errno


@given(st.lists(st.sampled_from(["..", ".", "", "folder", "deep", "b", "a.txt", "x"]), max_size=20).map("/".join))
def test_whatever_the_path_it_leads_into_the_package_or_nowhere(path):
    try:
        node = PACKAGE.find(PACKAGE.root, path)
    except Refused:
        return
    assert node.path in {"", "a.txt", "folder", "folder/b", "folder/deep"}


@pytest.mark.parametrize("path", ["", "/a", "a/", "a//b", "./a", "a/..", "../a", "a\0b", "\ud800"])
def test_a_package_with_a_path_that_no_guest_could_name_is_refused(path):
    with pytest.raises(PackageError) as caught:
        Package({"good": b"", path: b""})
    assert caught.value.code == "bad_path"


def test_a_package_where_a_file_is_a_directory_too_is_refused():
    with pytest.raises(PackageError, match="both"):
        Package({"a": b"", "a/b": b""})


def test_an_empty_package_is_an_empty_directory():
    package = Package({})
    assert [name for name, _ in package.entries(package.root, 0)] == [".", ".."]


def test_entries_are_sorted_and_can_be_taken_up_anywhere():
    every = list(PACKAGE.entries(PACKAGE.root, 0))
    assert [name for name, _ in every] == [".", "..", "..a", "a.txt", "folder"]
    for first in range(7):
        assert list(PACKAGE.entries(PACKAGE.root, first)) == every[first:]
    assert list(PACKAGE.entries(PACKAGE.root, 2**64 - 1)) == []


def test_the_parent_of_a_directory_is_listed_and_the_roots_is_itself():
    deep = PACKAGE.find(PACKAGE.root, "folder/deep")
    assert dict(PACKAGE.entries(deep, 0))[".."].path == "folder"
    assert dict(PACKAGE.entries(PACKAGE.root, 0))[".."] is PACKAGE.root


def test_inodes_are_distinct_and_the_same_in_each_instance():
    def numbers():
        package = Package({"a": b"", "b/c": b""})
        return [package.find(package.root, path).number for path in (".", "a", "b", "b/c")]

    assert numbers() == numbers()
    assert len(set(numbers())) == 4


def test_a_file_is_read_from_where_it_stands():
    file = File(PACKAGE.find(PACKAGE.root, "a.txt"))
    assert (bytes(file.read(2)), file.left(), bytes(file.read(100)), bytes(file.read(1))) == (b"he", 3, b"llo", b"")
    assert bytes(file.read_at(1, 2)) == b"el"
    assert bytes(file.read_at(2**64 - 1, 2)) == b""


def test_a_file_moves_within_and_beyond_itself_but_not_before_its_start():
    file = File(PACKAGE.find(PACKAGE.root, "a.txt"))
    assert [file.seek(3, 0), file.seek(1, 1), file.seek(-1, 2), file.seek(0, 1)] == [3, 4, 4, 4]
    assert file.seek(10, 2) == 15
    assert (file.left(), bytes(file.read(1))) == (0, b"")
    for offset, whence in ((-1, 0), (-6, 2), (2**63 - 1, 1), (0, 3)):
        with pytest.raises(Refused) as caught:
            file.seek(offset, whence)
        assert caught.value.errno is Errno.INVAL
    assert file.seek(0, 1) == 15


def test_a_directory_has_no_bytes():
    directory = Directory(PACKAGE, PACKAGE.root)
    for read in (lambda: directory.read(1), lambda: directory.read_at(0, 1)):
        with pytest.raises(Refused) as caught:
            read()
        assert caught.value.errno is Errno.ISDIR


def test_nodes_say_what_they_are():
    file, folder = (PACKAGE.find(PACKAGE.root, path) for path in ("a.txt", "folder"))
    assert (file.filetype, file.size) == (Filetype.REGULAR_FILE, 5)
    assert (folder.filetype, folder.size) == (Filetype.DIRECTORY, 0)
