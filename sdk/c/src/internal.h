/* What the parts of the SDK know of each other. They are one translation unit, wardian.c, so that no name of theirs can
 * meet a name of the plugin's: all that is not in wardian.h is static.
 */
#ifndef WARDIAN_INTERNAL_H
#define WARDIAN_INTERNAL_H

#include <stdarg.h>
#include <string.h>

#include "../wardian.h"

#define MAX_DEPTH 64 /* the ABI's limit, and what one uint64_t of bits can follow */

/* The one fault that is told apart from the others, by its address: it makes an `exhausted` error. */
static const char out_of_memory[] = "out of memory";

/* The major types, and what stands in a head beside them. */
enum { UINT, NEGATIVE, BYTES, TEXT, LIST, MAP, TAG, SIMPLE };
enum { NO = 0xf4, YES = 0xf5, NOTHING = 0xf6, FLOAT16 = 0xf9, FLOAT64 = 0xfb, STOP = 0xff, INDEFINITE = 31 };

struct head {
    uint8_t major;
    uint8_t info; /* INDEFINITE, or how the value is written */
    uint64_t value;
};

/* head.c */
static const uint8_t *read_head(const uint8_t *at, struct head *head); /* what follows it; all of it has to be there */
static uint8_t *write_head(uint8_t *at, unsigned major, uint64_t value); /* in its shortest form: at most 9 bytes */
static const uint8_t *after(const uint8_t *at); /* where the checked item that begins at `at` ends */

/* memory.c */
static uint8_t *arena_floor; /* where the arena begins at the next call; what is kept lies below */
static uint8_t *arena_top;
static uint8_t *aligned(uint8_t *at);
static bool arena_reserve(size_t size); /* room at the top; false when the host refuses to let memory grow */

/* read.c */
static bool is_float(uint8_t first); /* by the first byte of an item */

/* check.c */
static bool is_utf8(const uint8_t *at, size_t size);

/* write.c */
static const char *fault_of(const wardian_writer *writer); /* why it holds no whole item, or NULL */

/* entry.c */
static wardian_result pack(const uint8_t *data, size_t size, bool failed);
static wardian_result fail_for(const char *fault);

/* host.c: the last failure of a host call, by the host's own error or a fault on this side; forgotten at each call */
static wardian_item host_error;
static const char *host_fault;

#endif
