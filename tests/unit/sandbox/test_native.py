import ctypes
import re
from pathlib import Path

import pytest
import wasmtime
from wasmtime import _ffi as public

from wardian.sandbox import native, prototypes
from wardian.sandbox._prototypes import ffi

NAMES = re.findall(r"\b(\w+)\(", re.sub(r"typedef.*?;\n", "", prototypes.DECLARATIONS, flags=re.DOTALL))
OURS = sorted({name for name in NAMES if name.startswith(("wasm_", "wasmtime_"))})


def test_the_library_is_the_one_that_the_public_api_has_loaded():
    loaded = {line.split()[-1] for line in Path("/proc/self/maps").read_text().splitlines() if "libwasmtime" in line}
    assert loaded == {str(Path(public.dll._name).resolve())}


@pytest.mark.parametrize("name", OURS)
def test_each_function_that_is_declared_is_there(name):
    assert getattr(native.lib, name)


@pytest.mark.parametrize("name", [name for name in OURS if hasattr(public, name)])
def test_each_takes_as_many_arguments_as_the_public_api_gives_it(name):
    ours = ffi.typeof(getattr(native.lib, name))
    theirs = getattr(public.dll, name)
    if theirs.argtypes is not None:
        assert len(ours.args) == len(theirs.argtypes)


SIZES = {
    "wasm_byte_vec_t": public.wasm_byte_vec_t,
    "wasmtime_func_t": public.wasmtime_func_t,
    "wasmtime_memory_t": public.wasmtime_memory_t,
    "wasmtime_global_t": public.wasmtime_global_t,
    "wasmtime_instance_t": public.wasmtime_instance_t,
    "wasmtime_extern_t": public.wasmtime_extern_t,
    "wasmtime_val_t": public.wasmtime_val_t,
}


@pytest.mark.parametrize("name", SIZES)
def test_a_struct_has_the_size_that_the_library_writes(name):
    """One too small would be written beyond its end."""
    assert ffi.sizeof(name) == ctypes.sizeof(SIZES[name])


def test_a_pointer_is_that_of_the_object():
    engine = wasmtime.Engine()
    assert native.pointer(engine) == native.pointer(engine) != native.NULL
    assert native.pointer(engine) != native.pointer(wasmtime.Engine())


def test_bytes_are_taken_as_they_are_also_none():
    vector = native.new("wasm_byte_vec_t *")
    assert native.take_bytes(vector) == b""
    error = native.lib.wasmtime_error_new(b"told \xc3\xa4")
    native.lib.wasmtime_error_message(native.cast("void *", error), vector)
    assert native.take_bytes(vector) == "told ä".encode()
    native.lib.wasmtime_error_delete(native.cast("void *", error))
