/* The SDK for C without its arena, which would take for free what Lua's heap has, and without its library. */
#include "../../c/src/internal.h"

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
        uint8_t head = *at++, major = head >> 5, more = head & 31;
        uint64_t value = more;
        heads++;
        if (more >= 24 && more < 28) {
            size_t bytes = (size_t)1 << (more - 24);
            if (bytes > (size_t)(end - at)) break;
            for (value = 0; bytes; bytes--) value = value << 8 | *at++;
        }
        if (major == ZCBOR_MAJOR_TYPE_MAP && more == 31) endless = true;
        if (major == ZCBOR_MAJOR_TYPE_MAP && more != 31) keys += value < size ? (size_t)value : size;
        if ((major == ZCBOR_MAJOR_TYPE_BSTR || major == ZCBOR_MAJOR_TYPE_TSTR) && more != 31)
            at = value > (size_t)(end - at) ? end : at + value;
    }
    return endless || keys > heads ? heads : keys;
}

const char *wardian_decode(uint8_t *data, size_t size, wardian_item *item) {
    arena_top = aligned(arena_top);
    if (!arena_reserve(count_keys(data, size) * sizeof(struct key) + 64)) return out_of_memory;
    return decode_in_room(data, size, item);
}

#include "../../c/src/read.c"

#include "../../c/src/time.c"

#include "../../c/src/write.c"

#include "../../c/src/entry.c"

#include "../../c/src/host.c"

#include "../../c/src/format.c"
