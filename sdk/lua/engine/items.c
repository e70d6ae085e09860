/* The SDK for C without its arena, which would take for free what Lua's heap has, and without its library. */
#include "../../c/src/internal.h"

#include "../../c/src/head.c"

#include "memory.c"

#define wardian_decode decode_in_room
#include "../../c/src/check.c"
#undef wardian_decode

/* How many keys of maps the bytes have at most. The check lays keys side by side, so there has to be room for them in one
 * piece of the arena. Where the bytes are no item this stops, as the check will, or goes on for nothing. */
static size_t count_keys(const uint8_t *at, size_t size) {
    const uint8_t *end = at + size;
    size_t heads = 0, keys = 0;
    bool endless = false;
    while (at < end) {
        unsigned major = *at >> 5;
        bool no_length = (*at & 31) == INDEFINITE;
        if (head_size(*at) > (size_t)(end - at)) break;
        uint64_t value = head_value(at);
        at += head_size(*at);
        heads++;
        if (major == MAP && no_length) endless = true;
        if (major == MAP && !no_length) keys += value < size ? (size_t)value : size;
        if ((major == BYTES || major == TEXT) && !no_length)
            at = value > (size_t)(end - at) ? end : at + value;
    }
    return endless || keys > heads ? heads : keys;
}

const char *wardian_decode(uint8_t *data, size_t size, wardian_item *item) {
    if (!arena_reserve(count_keys(data, size) * sizeof(struct key) + 64)) return out_of_memory;
    return decode_in_room(data, size, item);
}

#include "../../c/src/read.c"

#include "../../c/src/time.c"

#include "../../c/src/write.c"

#include "../../c/src/entry.c"

#include "../../c/src/host.c"

#include "../../c/src/format.c"
