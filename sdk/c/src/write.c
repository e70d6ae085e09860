/* Writing items into the arena. */
#include "internal.h"

wardian_writer wardian_write(void) { return (wardian_writer){NULL, 0, 0, 0, 0, 0, NULL}; }

static bool spoil(wardian_writer *writer, const char *fault) {
    if (!writer->fault) writer->fault = fault;
    return false;
}

/* Room for `more` bytes. At the arena's top a writer grows where it is; elsewhere it moves to twice its size. */
static bool make_room(wardian_writer *writer, size_t more) {
    if (more <= writer->capacity - writer->size) return true;
    if (more > SIZE_MAX / 4 || writer->size > SIZE_MAX / 4) return spoil(writer, out_of_memory);
    size_t wanted = writer->size + more;
    if (writer->data && writer->data + writer->capacity == arena_top) {
        size_t extra = ((wanted - writer->capacity) + 63) & ~(size_t)63;
        if (!arena_reserve(extra)) return spoil(writer, out_of_memory);
        if (writer->data + writer->capacity == arena_top) { /* else the arena goes on behind somebody else's memory */
            arena_top += extra;
            writer->capacity += extra;
            return true;
        }
    }
    size_t capacity = wanted + writer->size + 64;
    uint8_t *moved = wardian_scratch(capacity);
    if (!moved) return spoil(writer, out_of_memory);
    if (writer->size) memcpy(moved, writer->data, writer->size);
    writer->data = moved;
    writer->capacity = capacity;
    return true;
}

/* Before each item: its place in the container that is open, and room for its head and `size` bytes more. */
static bool place_item(wardian_writer *writer, bool may_be_key, size_t size) {
    if (writer->fault) return false;
    if (writer->depth == 0) {
        if (writer->size) return spoil(writer, "a writer holds more than one item");
    } else {
        uint64_t bit = (uint64_t)1 << (writer->depth - 1);
        if (writer->maps & bit) {
            if (!(writer->values & bit) && !may_be_key) return spoil(writer, "a map's key is neither text nor bytes");
            writer->values ^= bit;
        }
    }
    return make_room(writer, size < SIZE_MAX - 9 ? size + 9 : SIZE_MAX);
}

/* A head, with room for `size` bytes behind it; false when it has no place. */
static bool put_head(wardian_writer *writer, unsigned major, uint64_t value, size_t size) {
    if (!place_item(writer, major == BYTES || major == TEXT, size)) return false;
    writer->size = (size_t)(write_head(writer->data + writer->size, major, value) - writer->data);
    return true;
}

static void put_bytes(wardian_writer *writer, const void *data, size_t size) {
    if (size) memcpy(writer->data + writer->size, data, size);
    writer->size += size;
}

void wardian_put_null(wardian_writer *writer) { (void)put_head(writer, SIMPLE, NOTHING & 31, 0); }

void wardian_put_bool(wardian_writer *writer, bool value) {
    (void)put_head(writer, SIMPLE, (value ? YES : NO) & 31, 0);
}

void wardian_put_int(wardian_writer *writer, int64_t value) {
    (void)put_head(writer, value < 0 ? NEGATIVE : UINT, (uint64_t)(value < 0 ? -1 - value : value), 0);
}

void wardian_put_uint(wardian_writer *writer, uint64_t value) { (void)put_head(writer, UINT, value, 0); }

void wardian_put_double(wardian_writer *writer, double value) {
    union {
        double value;
        uint64_t bits;
    } of = {value};
    if (!place_item(writer, false, 0)) return;
    writer->data[writer->size++] = FLOAT64;
    for (int shift = 64; shift;) writer->data[writer->size++] = (uint8_t)(of.bits >> (shift -= 8));
}

void wardian_put_text(wardian_writer *writer, wardian_text value) {
    if (!is_utf8((const uint8_t *)value.data, value.size))
        spoil(writer, "a text is not UTF-8");
    else if (put_head(writer, TEXT, value.size, value.size))
        put_bytes(writer, value.data, value.size);
}

void wardian_put_str(wardian_writer *writer, const char *value) { wardian_put_text(writer, wardian_str(value)); }

void wardian_put_bytes(wardian_writer *writer, wardian_bytes value) {
    if (put_head(writer, BYTES, value.size, value.size)) put_bytes(writer, value.data, value.size);
}

/* Containers have no length in front: the author need not count. */
static void put_container(wardian_writer *writer, bool is_map) {
    if (writer->depth == MAX_DEPTH) spoil(writer, "it nests too deep");
    if (!place_item(writer, false, 0)) return;
    writer->data[writer->size++] = (uint8_t)((is_map ? MAP : LIST) << 5 | INDEFINITE);
    uint64_t bit = (uint64_t)1 << writer->depth++;
    writer->maps = is_map ? writer->maps | bit : writer->maps & ~bit;
    writer->values &= ~bit;
}

void wardian_put_list(wardian_writer *writer) { put_container(writer, false); }
void wardian_put_map(wardian_writer *writer) { put_container(writer, true); }

void wardian_put_end(wardian_writer *writer) {
    if (writer->fault) return;
    if (writer->depth == 0)
        spoil(writer, "an end without a list or map");
    else if (writer->values >> (writer->depth - 1) & 1)
        spoil(writer, "a key without a value");
    else if (make_room(writer, 1)) {
        writer->data[writer->size++] = STOP;
        writer->depth--;
    }
}

static void put_encoded(wardian_writer *writer, const uint8_t *data, size_t size) {
    unsigned major = *data >> 5;
    if (place_item(writer, major == TEXT || major == BYTES, size)) put_bytes(writer, data, size);
}

void wardian_put_item(wardian_writer *writer, wardian_item item) {
    if (item.at)
        put_encoded(writer, item.at, (size_t)(after(item.at) - item.at));
    else
        wardian_put_null(writer);
}

static const char *fault_of(const wardian_writer *writer) {
    return writer->fault ? writer->fault : writer->depth ? "an end is missing" : NULL;
}

void wardian_put_writer(wardian_writer *writer, const wardian_writer *finished) {
    if (!finished || finished->size == 0)
        wardian_put_null(writer);
    else if (fault_of(finished))
        spoil(writer, fault_of(finished));
    else
        put_encoded(writer, finished->data, finished->size);
}
