/* Writing items into the arena. */
#include "internal.h"

/* Where the compiler writes the instruction, it looks for a size of 0 first; so that is in one place. */
__attribute__((noinline)) static void copy(void *to, const void *from, size_t size) {
    if (to != from) memmove(to, from, size);
}

wardian_writer wardian_write(void) { return (wardian_writer){NULL, 0, 0, 0, 0, 0, NULL}; }

__attribute__((noinline)) static void spoil(wardian_writer *writer, const char *fault) {
    if (!writer->fault) writer->fault = fault;
}

/* At the arena's top a writer grows where it is; elsewhere it moves to twice its size. */
static bool append(wardian_writer *writer, const void *data, size_t size) {
    if (size >= writer->capacity - writer->size) { /* one byte more, for the zero of wardian_format */
        uintptr_t end = (uintptr_t)writer->data + writer->capacity;
        bool on_top = writer->data && end == (uintptr_t)arena_top;
        size_t wanted = size + 64 + (on_top ? 0 : 2 * writer->size);
        uint8_t *block = (size | writer->size) > SIZE_MAX / 4 ? NULL : wardian_scratch(wanted);
        if (!block) {
            spoil(writer, out_of_memory);
            return false;
        }
        if ((uintptr_t)block != end) {
            if (on_top) return append(writer, data, size); /* the arena goes on elsewhere, so now it moves */
            copy(block, writer->data, writer->size);
            writer->data = block;
        }
        writer->capacity = (size_t)(arena_top - writer->data);
    }
    copy(writer->data + writer->size, data, size);
    writer->size += size;
    return true;
}

/* Each item goes through here: its place in the container that is open, then its head and content. */
static void put(wardian_writer *writer, const uint8_t *head, size_t length, const void *content, size_t size) {
    bool is_key = writer->maps & ~writer->values & 1;
    if (writer->depth == 0 && writer->size) spoil(writer, too_many);
    if (is_key && *head >> 6 != 1) spoil(writer, "a key is no text or bytes");
    if (writer->fault) return;
    writer->values ^= writer->maps & 1;
    append(writer, head, length);
    append(writer, content, size);
}

static void put_string(wardian_writer *writer, unsigned major, uint64_t value, const void *content, size_t size) {
    uint8_t head[9];
    put(writer, head, (size_t)(write_head(head, major, value) - head), content, size);
}

static void put_value(wardian_writer *writer, unsigned major, uint64_t value) {
    put_string(writer, major, value, "", 0);
}

void wardian_put_null(wardian_writer *writer) { put_value(writer, SIMPLE, 22); }

void wardian_put_bool(wardian_writer *writer, bool value) { put_value(writer, SIMPLE, value ? 21 : 20); }

void wardian_put_int(wardian_writer *writer, int64_t value) {
    put_value(writer, value < 0 ? NEGATIVE : UINT, (uint64_t)(value < 0 ? ~value : value));
}

void wardian_put_uint(wardian_writer *writer, uint64_t value) { put_value(writer, UINT, value); }

void wardian_put_double(wardian_writer *writer, double value) {
    uint64_t bits;
    uint8_t item[9] = {0xfb};
    memcpy(&bits, &value, sizeof bits);
    for (size_t at = 8; at; at--, bits >>= 8) item[at] = (uint8_t)bits;
    put(writer, item, sizeof item, "", 0);
}

void wardian_put_text(wardian_writer *writer, wardian_text value) {
    if (!is_utf8((const uint8_t *)value.data, value.size)) spoil(writer, not_utf8);
    put_string(writer, TEXT, value.size, value.data, value.size);
}

void wardian_put_str(wardian_writer *writer, const char *value) { wardian_put_text(writer, wardian_str(value)); }

void wardian_put_bytes(wardian_writer *writer, wardian_bytes value) {
    put_string(writer, BYTES, value.size, value.data, value.size);
}

/* Containers have no length in front: the author need not count. */
static void put_container(wardian_writer *writer, bool is_map) {
    uint8_t head = (uint8_t)((is_map ? MAP : LIST) << 5 | INDEFINITE);
    if (writer->depth == MAX_DEPTH) spoil(writer, too_deep);
    put(writer, &head, 1, "", 0);
    if (writer->fault) return;
    writer->depth++;
    writer->maps = writer->maps << 1 | is_map;
    writer->values <<= 1;
}

void wardian_put_list(wardian_writer *writer) { put_container(writer, false); }
void wardian_put_map(wardian_writer *writer) { put_container(writer, true); }

void wardian_put_end(wardian_writer *writer) {
    uint8_t end = STOP;
    if (writer->depth == 0) spoil(writer, "an end too many");
    if (writer->values & 1) spoil(writer, "a key without a value");
    if (writer->fault) return;
    append(writer, &end, 1);
    writer->depth--;
    writer->maps >>= 1;
    writer->values >>= 1;
}

void wardian_put_item(wardian_writer *writer, wardian_item item) {
    if (item.at)
        put(writer, item.at, (size_t)(item.end - item.at), "", 0);
    else
        wardian_put_null(writer);
}

static const char *fault_of(const wardian_writer *writer) {
    return writer->fault ? writer->fault : writer->depth ? "an end is missing" : NULL;
}

void wardian_put_writer(wardian_writer *writer, const wardian_writer *finished) {
    if (finished && fault_of(finished))
        spoil(writer, fault_of(finished));
    else if (!finished || finished->size == 0)
        wardian_put_null(writer);
    else
        put(writer, finished->data, finished->size, "", 0);
}
