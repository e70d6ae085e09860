"""WASI's functions on paths: they read the package's own files, and change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from wardian.sandbox import wasi_fd, wasi_vectors
from wardian.sandbox.wasi_descriptors import Rights
from wardian.sandbox.wasi_errno import Errno, Refused
from wardian.sandbox.wasi_package import Directory, File

if TYPE_CHECKING:
    from typing import Never

    from wardian.sandbox.deadline import Call
    from wardian.sandbox.wasi_descriptors import Descriptor
    from wardian.sandbox.wasi_package import Node
    from wardian.sandbox.wasi_world import World

# oflags of WASI preview 1
_CREAT: Final = 1
_DIRECTORY: Final = 2
_EXCL: Final = 4
_TRUNC: Final = 8


def path_open(
    world: World,
    call: Call,
    fd: int,
    _lookup: int,
    path: int,
    length: int,
    oflags: int,
    rights: int,
    _inheriting: int,
    fdflags: int,
    opened: int,
) -> None:
    """Open a file or a directory for reading."""
    memory, directory = call.instance.memory, world.directory(fd)
    # First, so that no descriptor is open whose number the guest never learns.
    wasi_vectors.require(memory, opened, 4)
    try:
        node = directory.package.find(directory.node, wasi_vectors.path(memory, path, length))
    except Refused as refused:
        if refused.errno is Errno.NOENT and oflags & _CREAT:
            raise Refused(Errno.ROFS) from None
        raise
    _permit(node, oflags, rights)
    descriptor: Descriptor = File(node) if node.data is not None else Directory(directory.package, node)
    wasi_fd.set_flags(descriptor, fdflags)
    wasi_vectors.put_u32(memory, opened, world.open(descriptor))


def _permit(node: Node, oflags: int, rights: int) -> None:
    if oflags & _CREAT and oflags & _EXCL:
        raise Refused(Errno.EXIST)
    if node.data is None and rights & Rights.FD_WRITE:
        raise Refused(Errno.ISDIR)
    if node.data is not None and oflags & _DIRECTORY:
        raise Refused(Errno.NOTDIR)
    if oflags & _TRUNC or rights & Rights.FD_WRITE:
        raise Refused(Errno.ROFS)


def filestat_get(world: World, call: Call, fd: int, _lookup: int, path: int, length: int, stat: int) -> None:
    """The attributes of a file or a directory."""
    memory, directory = call.instance.memory, world.directory(fd)
    node = directory.package.find(directory.node, wasi_vectors.path(memory, path, length))
    memory.write(stat, wasi_fd.filestat(node))


def readlink(world: World, call: Call, fd: int, path: int, length: int, _buffer: int, _size: int, _used: int) -> Never:
    """Refuse: a package has no links."""
    directory = world.directory(fd)
    directory.package.find(directory.node, wasi_vectors.path(call.instance.memory, path, length))
    raise Refused(Errno.INVAL)


def change(world: World, _call: Call, fd: int, *_arguments: int) -> Never:
    """Refuse to make, change or remove anything."""
    world.directory(fd)
    raise Refused(Errno.ROFS)


def symlink(world: World, call: Call, _old: int, _length: int, fd: int, *_arguments: int) -> Never:
    """Refuse to make a link."""
    change(world, call, fd)


FUNCTIONS: Final[dict[str, tuple[str, Any]]] = {
    "path_create_directory": ("i32 i32 i32", change),
    "path_filestat_get": ("i32 i32 i32 i32 i32", filestat_get),
    "path_filestat_set_times": ("i32 i32 i32 i32 i64 i64 i32", change),
    "path_link": ("i32 i32 i32 i32 i32 i32 i32", change),
    "path_open": ("i32 i32 i32 i32 i32 i64 i64 i32 i32", path_open),
    "path_readlink": ("i32 i32 i32 i32 i32 i32", readlink),
    "path_remove_directory": ("i32 i32 i32", change),
    "path_rename": ("i32 i32 i32 i32 i32 i32", change),
    "path_symlink": ("i32 i32 i32 i32 i32", symlink),
    "path_unlink_file": ("i32 i32 i32", change),
}
