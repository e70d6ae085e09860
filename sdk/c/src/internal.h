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
static const char *const out_of_memory = "out of memory";
/* What both reading and writing may find. Pointers, for an array would be aligned to 16. */
static const char *const not_utf8 = "a text is not UTF-8";
static const char *const too_deep = "it nests too deep";
static const char *const too_many = "more than one item";

/* head.c: the major types of CBOR, of which all after the tags is floats and simple values */
enum { UINT, NEGATIVE, BYTES, TEXT, LIST, MAP, TAG, SIMPLE };
#define INDEFINITE 31 /* in the lower bits of a head: no length, but a break at the end */
#define STOP 0xff
static size_t head_size(uint8_t first);
static uint64_t head_value(const uint8_t *at);
static uint64_t read_number(const uint8_t *at, size_t size);
static uint8_t *write_head(uint8_t *to, unsigned major, uint64_t value); /* at most 9 bytes; gives their end */

/* memory.c */
static uint8_t *arena_floor; /* where the arena begins at the next call; what is kept lies below */
static uint8_t *arena_top;   /* a multiple of 8 */

/* check.c */
static bool is_utf8(const uint8_t *at, size_t size);

/* write.c */
static void copy(void *to, const void *from, size_t size); /* they may overlap */
static const char *fault_of(const wardian_writer *writer); /* why it holds no whole item, or NULL */
static bool append(wardian_writer *writer, const void *data, size_t size); /* bytes as they are */

/* entry.c */
static wardian_result pack(const uint8_t *data, size_t size, bool failed);
static wardian_result fail_for(const char *fault);

/* host.c: the last failure of a host call, by the host's own error or a fault on this side; forgotten at each call */
static wardian_item host_error;
static const char *host_fault;

#endif
