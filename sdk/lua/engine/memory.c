/* The arena of the SDK for C in pieces of the C library's heap, and the heap of Lua. A part of items.c. */
#include <stdlib.h>
#include <string.h>

#define PIECE ((size_t)16384)

struct piece {
    struct piece *before;
    size_t size;
    uint64_t content[];
};

bool wardian_building;

static struct piece *piece;
static uint8_t *arena_floor, *arena_top, *arena_end;
static wardian_bytes request_buffer;

static void give_back(void *block, size_t size) {
    if (wardian_building) memset(block, 0, size);
    free(block);
}

static bool arena_reserve(size_t size) {
    if (piece && size <= (size_t)(arena_end - arena_top)) return true;
    if (size > SIZE_MAX / 4) return false;
    size_t room = size > PIECE ? (size + 7) & ~(size_t)7 : PIECE; /* what is left of a piece is a multiple of 8 */
    struct piece *more = malloc(sizeof *more + room);
    if (!more) return false;
    *more = (struct piece){piece, room};
    piece = more;
    arena_top = (uint8_t *)more->content;
    arena_end = arena_top + room;
    if (!more->before) arena_floor = arena_top;
    return true;
}

void wardian_clear_arena(void) {
    while (piece && (piece->before || wardian_building)) {
        struct piece *before = piece->before;
        give_back(piece, sizeof *piece + piece->size);
        piece = before;
    }
    arena_floor = arena_top = piece ? (uint8_t *)piece->content : NULL;
    arena_end = piece ? arena_floor + piece->size : NULL;
}

void *wardian_scratch(size_t size) {
    if (!arena_reserve(size)) return NULL;
    uint8_t *block = arena_top;
    arena_top += (size + 7) & ~(size_t)7;
    return block;
}

size_t wardian_mark(void) { return (size_t)arena_top; }

void wardian_release(size_t mark) {
    uint8_t *to = (uint8_t *)mark;
    if (piece && to >= (uint8_t *)piece->content && to <= arena_end) arena_top = to;
}

/* The host's request buffer: its own block, so that the arena can be cleared while a request is read. */
WARDIAN_EXPORT("wardian_alloc") void *wardian_alloc(size_t size);
void *wardian_alloc(size_t size) {
    wardian_clear_arena();
    if (size <= request_buffer.size) return (void *)request_buffer.data;
    free((void *)request_buffer.data);
    request_buffer.data = size > SIZE_MAX / 2 ? NULL : malloc(size);
    request_buffer.size = request_buffer.data ? size : 0;
    return (void *)request_buffer.data;
}

void wardian_forget_request(void);
void wardian_forget_request(void) {
    give_back((void *)request_buffer.data, request_buffer.size);
    request_buffer = (wardian_bytes){NULL, 0};
}

void *wardian_allocate(void *context, void *block, size_t old, size_t size);
void *wardian_allocate(void *context, void *block, size_t old, size_t size) {
    (void)context;
    if (size == 0) {
        if (block) give_back(block, old);
        return NULL;
    }
    if (!wardian_building || !block) return realloc(block, size);
    void *moved = malloc(size);
    if (!moved) return NULL;
    memcpy(moved, block, old < size ? old : size);
    give_back(block, old);
    return moved;
}

WARDIAN_EXPORT("wardian_abi_v1") void wardian_abi_v1(void);
void wardian_abi_v1(void) {}
