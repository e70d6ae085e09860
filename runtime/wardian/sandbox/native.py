"""The door to wasmtime's C API: the loaded library, and the way from objects of the Python API to its pointers.

See `prototypes` for why some calls go this way.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any, Final

from wasmtime import _ffi as public

from wardian.sandbox._prototypes import ffi

if TYPE_CHECKING:
    from collections.abc import Callable

    from wasmtime import Config, Engine, FuncType, InstancePre, Linker, Module

# cffi's objects have no static types: what is loaded here is typed by the declarations in `prototypes`.
lib: Final[Any] = ffi.dlopen(public.dll._name)  # noqa: SLF001 - the very library that the public API has loaded
libc: Final[Any] = ffi.dlopen(None)
NULL: Final[Any] = ffi.NULL
new: Final[Callable[..., Any]] = ffi.new
typeof: Final[Callable[[str], Any]] = ffi.typeof
cast: Final[Callable[[Any, Any], Any]] = ffi.cast
address_of: Final[Callable[..., Any]] = ffi.addressof
buffer: Final[Callable[..., Any]] = ffi.buffer
from_buffer: Final[Callable[..., Any]] = ffi.from_buffer
callback: Final[Callable[..., Any]] = ffi.callback
text_of: Final[Callable[[Any, int], Any]] = ffi.unpack


def pointer(owner: Config | Engine | FuncType | InstancePre | Linker | Module) -> Any:  # noqa: ANN401 - see `lib`
    """The C pointer of a living object of the public API; the caller keeps that object alive while it is used."""
    return ffi.cast("void *", ctypes.addressof(owner.ptr().contents))


def take_bytes(vector: Any) -> bytes:  # noqa: ANN401
    """The bytes of a `wasm_byte_vec_t`, which is freed."""
    taken = bytes(ffi.buffer(vector.data, vector.size)) if vector.size else b""
    lib.wasm_byte_vec_delete(vector)
    return taken
