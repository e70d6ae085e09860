"""WASI's functions on open descriptors.

The layouts of structures are those of `typenames.witx` of WASI preview 1, little-endian, each field at a multiple of
its own size.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any, Final

from wardian.sandbox import wasi_vectors
from wardian.sandbox.wasi_errno import Errno, Refused
from wardian.sandbox.wasi_package import Directory, File, Node

if TYPE_CHECKING:
    from typing import Never

    from wardian.sandbox.deadline import Call
    from wardian.sandbox.wasi_descriptors import Descriptor
    from wardian.sandbox.wasi_world import World

_FDSTAT: Final = struct.Struct("<BxHxxxxQQ")  # fs_filetype, fs_flags, fs_rights_base, fs_rights_inheriting
_FILESTAT: Final = struct.Struct("<QQBxxxxxxxQQQQQ")  # dev, ino, filetype, nlink, size, atim, mtim, ctim
_PRESTAT: Final = struct.Struct("<BxxxI")  # the tag 0 of `dir`, pr_name_len
_DIRENT: Final = struct.Struct("<QQIBxxx")  # d_next, d_ino, d_namlen, d_type
_FDFLAGS: Final = 0x1F  # append, dsync, nonblock, rsync, sync


def write(world: World, call: Call, fd: int, vectors: int, count: int, written: int) -> None:
    """Write from the buffers as much as the descriptor takes at once."""
    memory, descriptor = call.instance.memory, world.descriptor(fd)
    wasi_vectors.require(memory, written, 4)
    data = wasi_vectors.gather(memory, wasi_vectors.buffers(memory, vectors, count), descriptor.at_once)
    descriptor.write(call, data)
    wasi_vectors.put_u32(memory, written, len(data))


def pwrite(world: World, _call: Call, fd: int, _vectors: int, _count: int, _offset: int, _written: int) -> Never:
    """Nothing that can be written to has places."""
    raise Refused(Errno.BADF if isinstance(world.descriptor(fd), Directory | File) else Errno.SPIPE)


def read(world: World, call: Call, fd: int, vectors: int, count: int, got: int) -> None:
    """Read into the buffers."""
    memory, descriptor = call.instance.memory, world.descriptor(fd)
    wasi_vectors.require(memory, got, 4)
    into = wasi_vectors.buffers(memory, vectors, count)
    data = descriptor.read(sum(length for _, length in into))
    wasi_vectors.scatter(memory, into, data)
    wasi_vectors.put_u32(memory, got, len(data))


def pread(world: World, call: Call, fd: int, vectors: int, count: int, offset: int, got: int) -> None:
    """Read into the buffers from a place in a file."""
    memory, descriptor = call.instance.memory, world.descriptor(fd)
    wasi_vectors.require(memory, got, 4)
    into = wasi_vectors.buffers(memory, vectors, count)
    data = descriptor.read_at(offset, sum(length for _, length in into))
    wasi_vectors.scatter(memory, into, data)
    wasi_vectors.put_u32(memory, got, len(data))


def seek(world: World, call: Call, fd: int, offset: int, whence: int, position: int) -> None:
    """Move within a file."""
    wasi_vectors.require(call.instance.memory, position, 8)
    signed = offset - 2**64 if offset >= 2**63 else offset
    wasi_vectors.put_u64(call.instance.memory, position, world.descriptor(fd).seek(signed, whence))


def tell(world: World, call: Call, fd: int, position: int) -> None:
    """Where a file stands."""
    wasi_vectors.put_u64(call.instance.memory, position, world.descriptor(fd).seek(0, 1))


def close(world: World, _call: Call, fd: int) -> None:
    """Close; the number may be given out again."""
    world.descriptor(fd)
    del world.descriptors[fd]


def renumber(world: World, _call: Call, fd: int, to: int) -> Never:
    """Refuse: descriptors keep their numbers."""
    world.descriptor(fd)
    world.descriptor(to)
    raise Refused(Errno.NOTSUP)


def fdstat_get(world: World, call: Call, fd: int, stat: int) -> None:
    """What the descriptor is, and what can be done with it."""
    found = world.descriptor(fd)
    packed = _FDSTAT.pack(found.filetype, found.flags, found.rights, found.inheriting)
    call.instance.memory.write(stat, packed)


def fdstat_set_flags(world: World, _call: Call, fd: int, flags: int) -> None:
    """Keep the flags of a descriptor."""
    set_flags(world.descriptor(fd), flags)


def set_flags(descriptor: Descriptor, flags: int) -> None:
    """Keep the flags, which change nothing: no descriptor blocks, and none is appended to."""
    if flags & ~_FDFLAGS:
        raise Refused(Errno.INVAL)
    descriptor.flags = flags


def filestat_get(world: World, call: Call, fd: int, stat: int) -> None:
    """The attributes of what is open."""
    call.instance.memory.write(stat, filestat(world.descriptor(fd)))


def filestat(found: Descriptor | Node) -> bytes:
    """The structure `filestat`: one device, one link each, and no times: a package has none."""
    return _FILESTAT.pack(0, found.number, found.filetype, 1, found.size, 0, 0, 0)


def prestat_get(world: World, call: Call, fd: int, stat: int) -> None:
    """That the directory of the package is there, and how long its name is."""
    call.instance.memory.write(stat, _PRESTAT.pack(0, len(_preopened(world, fd))))


def prestat_dir_name(world: World, call: Call, fd: int, path: int, length: int) -> None:
    """The name of the package's directory."""
    name = _preopened(world, fd)
    if length < len(name):
        raise Refused(Errno.NAMETOOLONG)
    call.instance.memory.write(path, name)


def _preopened(world: World, fd: int) -> bytes:
    descriptor = world.descriptor(fd)
    # A guest asks for one number after the other until it hears `BADF`.
    if not isinstance(descriptor, Directory) or descriptor.preopened is None:
        raise Refused(Errno.BADF)
    return descriptor.preopened


def readdir(world: World, call: Call, fd: int, buffer: int, length: int, cookie: int, used: int) -> None:
    """Entries of a directory, as many as the buffer holds, the last one maybe cut."""
    memory, directory = call.instance.memory, world.directory(fd)
    wasi_vectors.require(memory, used, 4)
    wasi_vectors.require(memory, buffer, length)
    filled = bytearray()
    for index, (name, node) in enumerate(directory.package.entries(directory.node, cookie), start=cookie + 1):
        if len(filled) >= length:
            break
        encoded = name.encode()
        filled += _DIRENT.pack(index, node.number, len(encoded), node.filetype) + encoded
    memory.write(buffer, bytes(filled[:length]))
    wasi_vectors.put_u32(memory, used, min(len(filled), length))


def advise(world: World, _call: Call, fd: int, _offset: int, _length: int, advice: int) -> None:
    """Take advice on a file, which changes nothing."""
    if not isinstance(world.descriptor(fd), File):
        raise Refused(Errno.SPIPE)
    if advice > 5:  # normal, sequential, random, willneed, dontneed, noreuse
        raise Refused(Errno.INVAL)


def sync(world: World, _call: Call, fd: int) -> None:
    """Nothing of what is open waits to be written."""
    world.descriptor(fd)


def set_rights(world: World, _call: Call, fd: int, _base: int, _inheriting: int) -> Never:
    """Refuse: what can be done with a descriptor is what its kind can do."""
    world.descriptor(fd)
    raise Refused(Errno.NOTSUP)


def change(world: World, _call: Call, fd: int, *_arguments: int) -> Never:
    """Refuse to change a descriptor's size or times."""
    raise Refused(Errno.ROFS if isinstance(world.descriptor(fd), Directory | File) else Errno.NOTSUP)


FUNCTIONS: Final[dict[str, tuple[str, Any]]] = {
    "fd_advise": ("i32 i64 i64 i32", advise),
    "fd_allocate": ("i32 i64 i64", change),
    "fd_close": ("i32", close),
    "fd_datasync": ("i32", sync),
    "fd_fdstat_get": ("i32 i32", fdstat_get),
    "fd_fdstat_set_flags": ("i32 i32", fdstat_set_flags),
    "fd_fdstat_set_rights": ("i32 i64 i64", set_rights),
    "fd_filestat_get": ("i32 i32", filestat_get),
    "fd_filestat_set_size": ("i32 i64", change),
    "fd_filestat_set_times": ("i32 i64 i64 i32", change),
    "fd_pread": ("i32 i32 i32 i64 i32", pread),
    "fd_prestat_dir_name": ("i32 i32 i32", prestat_dir_name),
    "fd_prestat_get": ("i32 i32", prestat_get),
    "fd_pwrite": ("i32 i32 i32 i64 i32", pwrite),
    "fd_read": ("i32 i32 i32 i32", read),
    "fd_readdir": ("i32 i32 i32 i64 i32", readdir),
    "fd_renumber": ("i32 i32", renumber),
    "fd_seek": ("i32 i64 i32 i32", seek),
    "fd_sync": ("i32", sync),
    "fd_tell": ("i32 i32", tell),
    "fd_write": ("i32 i32 i32 i32", write),
}
