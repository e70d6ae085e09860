"""The few functions of wasmtime's C API that we call ourselves, typed once.

The public Python API costs 25 µs a call, because it rebuilds the function's type each time; the C API's unchecked call
costs half a microsecond. And a Python exception that leaves a ctypes callback leaves the C caller with an undefined
pointer, which a signal handler that runs at the callback's first instruction makes likely; cffi's callbacks have a
defined result for that case. So: cffi, in its out-of-line ABI mode, whose tables `python -m wardian.sandbox.prototypes`
writes to `_prototypes.py`, so that nothing is parsed when a program starts.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cffi import FFI

# Handles that are only passed on are `void *`. `wasmtime_val_raw_t` is 16 bytes: two 64-bit words, the value in the
# first. Callbacks take and give plain integers: building a pointer object for each argument would double their cost.
DECLARATIONS: Final = """
typedef struct { size_t size; char *data; } wasm_byte_vec_t;
typedef struct { size_t size; void **data; } wasm_frame_vec_t;
typedef struct { uint64_t store_id; void *internal; } wasmtime_func_t;
typedef struct { uint64_t store_id; uint32_t internal1; uint32_t pad; uint32_t internal2; } wasmtime_memory_t;
typedef struct { uint64_t store_id; uint32_t internal1; uint32_t internal2; uint32_t internal3; } wasmtime_global_t;
typedef struct { uint64_t store_id; size_t internal; } wasmtime_instance_t;
typedef union { wasmtime_func_t func; wasmtime_memory_t memory; wasmtime_global_t global_; } wasmtime_extern_union_t;
typedef struct { uint8_t kind; wasmtime_extern_union_t of; } wasmtime_extern_t;
typedef struct { uint8_t kind; union { int64_t i64; int32_t i32; uint64_t words[3]; } of; } wasmtime_val_t;

typedef uintptr_t (*host_function_t)(uintptr_t env, uintptr_t caller, int64_t *args_and_results, size_t length);
typedef uintptr_t (*epoch_callback_t)(uintptr_t context, uintptr_t data, uint64_t *delta, uint8_t *kind);

void wasmtime_config_signals_based_traps_set(void *config, bool enable);
void wasmtime_engine_increment_epoch(void *engine);

void *wasmtime_module_deserialize(void *engine, const char *bytes, size_t length, void **module);
void *wasmtime_linker_define_func_unchecked(void *linker, const char *module, size_t module_length, const char *name,
    size_t name_length, void *type, host_function_t callback, void *env, void *finalizer);

void *wasmtime_store_new(void *engine, void *data, void *finalizer);
void *wasmtime_store_context(void *store);
void wasmtime_store_delete(void *store);
void wasmtime_store_limiter(void *store, int64_t memory_size, int64_t table_elements, int64_t instances, int64_t tables,
    int64_t memories);
void wasmtime_store_epoch_deadline_callback(void *store, epoch_callback_t callback, void *data, void *finalizer);
void wasmtime_context_set_epoch_deadline(void *context, uint64_t ticks_beyond_current);
void *wasmtime_context_set_fuel(void *context, uint64_t fuel);
void *wasmtime_context_get_fuel(void *context, uint64_t *fuel);

uintptr_t wasmtime_instance_pre_instantiate(void *instance_pre, void *context, wasmtime_instance_t *instance,
    uintptr_t *trap);
bool wasmtime_instance_export_get(void *context, const wasmtime_instance_t *instance, const char *name, size_t length,
    wasmtime_extern_t *item);
uintptr_t wasmtime_func_call_unchecked(void *context, const wasmtime_func_t *func, int64_t *args_and_results,
    size_t length, uintptr_t *trap);
uint8_t *wasmtime_memory_data(void *context, const wasmtime_memory_t *memory);
size_t wasmtime_memory_data_size(void *context, const wasmtime_memory_t *memory);
void wasmtime_global_get(void *context, const wasmtime_global_t *global_, wasmtime_val_t *value);

uintptr_t wasmtime_trap_new(const char *message, size_t length);
uintptr_t wasmtime_error_new(const char *message);
bool wasmtime_trap_code(void *trap, uint8_t *code);
void wasm_trap_message(void *trap, wasm_byte_vec_t *message);
void wasm_trap_trace(void *trap, wasm_frame_vec_t *frames);
void wasm_trap_delete(void *trap);
void wasmtime_error_message(void *error, wasm_byte_vec_t *message);
void wasmtime_error_wasm_trace(void *error, wasm_frame_vec_t *frames);
void wasmtime_error_delete(void *error);
uint32_t wasm_frame_func_index(void *frame);
size_t wasm_frame_func_offset(void *frame);
wasm_byte_vec_t *wasmtime_frame_func_name(void *frame);
void wasm_frame_vec_delete(wasm_frame_vec_t *frames);
void wasm_byte_vec_delete(wasm_byte_vec_t *bytes);

int pthread_getattr_np(unsigned long thread, void *attributes);
int pthread_attr_getstack(void *attributes, void **lowest, size_t *size);
int pthread_attr_destroy(void *attributes);
unsigned long pthread_self(void);
"""


def write(target: Path) -> None:
    """Write the tables that `native` loads; run after each change of the declarations."""
    ffi = FFI()
    ffi.set_source("wardian.sandbox._prototypes", None)
    ffi.cdef(DECLARATIONS)
    ffi.emit_python_code(str(target))


if __name__ == "__main__":
    write(Path(__file__).with_name("_prototypes.py"))
