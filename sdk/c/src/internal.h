/* What the parts of the SDK know of each other. They are one translation unit, wardian.c, so that no name of theirs can
 * meet a name of the plugin's: all that is not in wardian.h is static.
 */
#ifndef WARDIAN_INTERNAL_H
#define WARDIAN_INTERNAL_H

#include <stdarg.h>
#include <string.h>

#include "../wardian.h"
#include "zcbor_decode.h"
#include "zcbor_encode.h"

#define MAX_DEPTH 64 /* the ABI's limit, and what one uint64_t of bits can follow */

/* The one fault that is told apart from the others, by its address: it makes an `exhausted` error. */
static const char out_of_memory[] = "out of memory";

/* memory.c */
static uint8_t *arena_floor; /* where the arena begins at the next call; what is kept lies below */
static uint8_t *arena_top;
static uint8_t *aligned(uint8_t *at);
static bool arena_reserve(size_t size); /* room at the top; false when the host refuses to let memory grow */

/* check.c */
static bool is_utf8(const uint8_t *at, size_t size);

/* read.c */
static void open_state(zcbor_state_t *state, size_t states, wardian_item item);
static const uint8_t *after(const uint8_t *at, const uint8_t *end); /* where the item that begins at `at` ends */

/* write.c */
static const char *fault_of(const wardian_writer *writer); /* why it holds no whole item, or NULL */

/* entry.c */
static wardian_result pack(const uint8_t *data, size_t size, bool failed);
static wardian_result fail_for(const char *fault);

/* host.c: the last failure of a host call, by the host's own error or a fault on this side; forgotten at each call */
static wardian_item host_error;
static const char *host_fault;

#endif
