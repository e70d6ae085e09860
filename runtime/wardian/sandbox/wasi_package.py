"""The files of a plugin's own package as its guest sees them: read only, from memory, under `/package`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wardian.errors import PackageError
from wardian.sandbox.faults import printable
from wardian.sandbox.wasi_descriptors import Descriptor, Filetype, Rights
from wardian.sandbox.wasi_errno import Errno, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PREOPENED: Final = b"/package"
_MOST_NAME: Final = 255  # bytes of one name in a path: NAME_MAX of Linux
_FARTHEST: Final = 2**63 - 1  # offsets are signed


@dataclass(frozen=True, slots=True)
class Node:
    """A file, or a directory.

    Attributes:
        path: from the package's root, which is the empty text.
        number: its inode.
        data: what a file holds; None for a directory.
        names: what a directory holds, sorted.
    """

    path: str
    number: int
    data: bytes | None
    names: tuple[str, ...] = ()

    @property
    def filetype(self) -> Filetype:
        """What the guest is told that it is."""
        return Filetype.DIRECTORY if self.data is None else Filetype.REGULAR_FILE

    @property
    def size(self) -> int:
        """Bytes of a file; 0 for a directory."""
        return len(self.data or b"")


class Package:
    """The files of a package; never changed, so all instances of a plugin share one.

    Args:
        files: their contents by their paths, relative and with `/`.

    Raises:
        PackageError: `bad_path` for a path that is absolute, has an empty part, `.`, `..`, a NUL or a surrogate, or is
            both a file and a directory.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        names: dict[str, set[str]] = {"": set()}
        for path in files:
            parts = path.split("/")
            # A path that UTF-8 cannot carry could be listed to no guest.
            if "\0" in path or path != path.encode(errors="replace").decode() or {"", ".", ".."} & {*parts}:
                raise PackageError(
                    f"`{printable(path)}` cannot be the path of a file in a package", code="bad_path",
                    hint="paths are relative to the package, with `/` between names, without `.` and `..`",
                )  # fmt: skip
            for depth, name in enumerate(parts):
                names.setdefault("/".join(parts[:depth]), set()).add(name)
        for path in names.keys() & files.keys():
            raise PackageError(
                f"`{printable(path)}` is both a file and a directory of the package", code="bad_path",
                hint="rename one of them",
            )  # fmt: skip
        everything = sorted(names.keys() | files.keys())
        self._nodes = {
            path: Node(path, number, files.get(path), tuple(sorted(names.get(path, ()))))
            for number, path in enumerate(everything, start=1)
        }
        self.root = self._nodes[""]

    def find(self, directory: Node, path: str) -> Node:
        """What `path` leads to from the directory, without ever leaving that directory.

        Raises:
            Refused: `NOENT`, `NOTDIR`, `NAMETOOLONG`, or `NOTCAPABLE` for a path that leaves.
        """
        if not path:
            raise Refused(Errno.NOENT)
        if path.startswith("/"):
            raise Refused(Errno.NOTCAPABLE)
        way = [directory]
        for name in path.split("/"):
            here = way[-1]
            if here.data is not None:
                raise Refused(Errno.NOTDIR)
            if name == "..":
                way.pop()
                if not way:
                    raise Refused(Errno.NOTCAPABLE)
            elif name not in {"", "."}:
                way.append(self._child(here, name))
        return way[-1]

    def entries(self, directory: Node, first: int) -> Iterator[tuple[str, Node]]:
        """What a directory holds by name, from the entry with this index; itself and its parent come first."""
        parent = self._nodes[directory.path.rpartition("/")[0]]
        for index in range(first, len(directory.names) + 2):
            if index < 2:
                yield (".", directory) if index == 0 else ("..", parent)
            else:
                name = directory.names[index - 2]
                yield name, self._child(directory, name)

    def _child(self, directory: Node, name: str) -> Node:
        if len(name) > _MOST_NAME or len(name.encode()) > _MOST_NAME:
            raise Refused(Errno.NAMETOOLONG)
        child = self._nodes.get(f"{directory.path}/{name}" if directory.path else name)
        if child is None:
            raise Refused(Errno.NOENT)
        return child


class Directory(Descriptor):
    """An open directory of the package.

    Attributes:
        package: the files it leads to.
        node: which directory of it.
        preopened: the name under which the guest finds it without opening it, or None.
    """

    filetype = Filetype.DIRECTORY
    rights = (
        Rights.FD_FDSTAT_SET_FLAGS | Rights.PATH_OPEN | Rights.FD_READDIR | Rights.PATH_READLINK
        | Rights.PATH_FILESTAT_GET | Rights.FD_FILESTAT_GET
    )  # fmt: skip

    def __init__(self, package: Package, node: Node, preopened: bytes | None = None) -> None:
        self.package, self.node, self.preopened = package, node, preopened
        self.number = node.number

    def read(self, most: int) -> memoryview:  # noqa: ARG002 - refused whatever was asked
        """A directory has no bytes."""
        raise Refused(Errno.ISDIR)

    def read_at(self, offset: int, most: int) -> memoryview:  # noqa: ARG002 - refused whatever was asked
        """A directory has no bytes."""
        raise Refused(Errno.ISDIR)


class File(Descriptor):
    """An open file of the package, and where it stands."""

    filetype = Filetype.REGULAR_FILE
    rights = (
        Rights.FD_READ | Rights.FD_SEEK | Rights.FD_TELL | Rights.FD_ADVISE | Rights.FD_FDSTAT_SET_FLAGS
        | Rights.FD_FILESTAT_GET | Rights.POLL_FD_READWRITE
    )  # fmt: skip

    def __init__(self, node: Node) -> None:
        self.number = node.number
        self.size = node.size
        self._data = memoryview(node.data or b"")
        self._at = 0

    def left(self) -> int:
        """How many bytes there are after where it stands."""
        return max(0, self.size - self._at)

    def read(self, most: int) -> memoryview:
        """Up to `most` bytes from where it stands, which moves on."""
        data = self._data[self._at : self._at + most]
        self._at += len(data)
        return data

    def read_at(self, offset: int, most: int) -> memoryview:
        """Up to `most` bytes from `offset`."""
        return self._data[offset : offset + most]

    def seek(self, offset: int, whence: int) -> int:
        """Move; beyond the end is allowed, and nothing is there."""
        if whence not in {0, 1, 2}:
            raise Refused(Errno.INVAL)
        target = offset + (0, self._at, self.size)[whence]
        if not 0 <= target <= _FARTHEST:
            raise Refused(Errno.INVAL)
        self._at = target
        return target


# With the right to write, so that a C library asks for it, and hears `ROFS` at opening instead of `BADF` at writing.
Directory.inheriting = Directory.rights | File.rights | Rights.FD_WRITE
