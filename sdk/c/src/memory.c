/* Memory: the stack, then data, what is kept, the request buffer, and the arena to the end. */
#include "internal.h"

#define PAGE ((size_t)65536)

extern uint8_t __heap_base;

static uint8_t *arena_floor = &__heap_base;
static uint8_t *arena_top = &__heap_base;
static uint8_t *arena_end; /* NULL until first used: the end of memory */
static uint8_t *request_buffer = &__heap_base, *request_end = &__heap_base;

void *wardian_scratch(size_t size) {
    if (size > SIZE_MAX - PAGE) return NULL;
    size = (size + 7) & ~(size_t)7;
    if (!arena_end) arena_end = (uint8_t *)(__builtin_wasm_memory_size(0) * PAGE);
    while (size > (size_t)(arena_end - arena_top)) {
        size_t pages = (size - (size_t)(arena_end - arena_top) + PAGE - 1) / PAGE;
        size_t before = __builtin_wasm_memory_grow(0, pages);
        if (before == SIZE_MAX) return NULL;
        uint8_t *grown = (uint8_t *)(before * PAGE);
        /* Somebody else grew memory too: the arena is behind theirs from now on, in later calls as well. */
        if (grown != arena_end) arena_floor = arena_top = grown;
        arena_end = grown + pages * PAGE;
    }
    uint8_t *block = arena_top;
    arena_top += size;
    return block;
}

void *wardian_keep(const void *data, size_t size) {
    void *block = wardian_scratch(size);
    if (!block) return NULL;
    copy(block, data, size);
    arena_floor = arena_top;
    return block;
}

wardian_text wardian_keep_text(wardian_text text) {
    const char *kept = wardian_keep(text.data, text.size);
    return (wardian_text){kept, kept ? text.size : 0};
}

size_t wardian_mark(void) { return (size_t)arena_top; }

void wardian_release(size_t mark) {
    uint8_t *to = (uint8_t *)mark;
    arena_top = to < arena_floor ? arena_floor : to;
}

/* The host's request buffer. It grows in place while nothing was kept behind it. */
WARDIAN_EXPORT("wardian_alloc") void *wardian_alloc(size_t size);
void *wardian_alloc(size_t size) {
    arena_top = arena_floor;
    if (size <= (size_t)(request_end - request_buffer)) return request_buffer;
    if (request_end == arena_floor) arena_top = request_buffer;
    uint8_t *block = wardian_scratch(size | 255); /* some more, for requests that are a little larger */
    if (!block) {
        arena_top = arena_floor;
        return NULL;
    }
    request_buffer = block;
    request_end = arena_floor = arena_top;
    return block;
}

WARDIAN_EXPORT("wardian_abi_v1") void wardian_abi_v1(void);
void wardian_abi_v1(void) {}
