/* What the C library asks of WASI, answered here: a plugin imports nothing that its author did not ask for.
 *
 * Nothing is ambient: there are no files, time stands still, and where the C library writes nobody reads.
 */
#include <stdint.h>

enum { SUCCESS = 0, BAD_DESCRIPTOR = 8, NOT_SUPPORTED = 52 };
#define WASI(name) __imported_wasi_snapshot_preview1_##name

int32_t WASI(clock_time_get)(int32_t clock, int64_t precision, int32_t time) {
    *(int64_t *)(uintptr_t)time = 0;
    return SUCCESS;
}
int32_t WASI(fd_close)(int32_t descriptor) { return BAD_DESCRIPTOR; }
int close(int descriptor) { return -1; } /* which zig has in another way than the others */
int32_t WASI(fd_fdstat_get)(int32_t descriptor, int32_t status) { return BAD_DESCRIPTOR; }
int32_t WASI(fd_seek)(int32_t descriptor, int64_t offset, int32_t whence, int32_t place) { return BAD_DESCRIPTOR; }
int32_t WASI(fd_write)(int32_t descriptor, int32_t pieces, int32_t count, int32_t written) { return BAD_DESCRIPTOR; }
_Noreturn void WASI(proc_exit)(int32_t code) { __builtin_trap(); }
