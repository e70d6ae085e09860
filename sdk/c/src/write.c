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

static bool begin_put(wardian_writer *writer, zcbor_state_t *state, bool may_be_key, size_t size) {
    if (!place_item(writer, may_be_key, size)) return false;
    zcbor_new_encode_state(state, 1, writer->data + writer->size, writer->capacity - writer->size, 0);
    return true;
}

static void end_put(wardian_writer *writer, const zcbor_state_t *state, bool encoded) {
    if (encoded)
        writer->size = (size_t)(state->payload - writer->data);
    else
        spoil(writer, "a value could not be encoded");
}

void wardian_put_null(wardian_writer *writer) {
    zcbor_state_t state[1];
    if (begin_put(writer, state, false, 0)) end_put(writer, state, zcbor_nil_put(state, NULL));
}

void wardian_put_bool(wardian_writer *writer, bool value) {
    zcbor_state_t state[1];
    if (begin_put(writer, state, false, 0)) end_put(writer, state, zcbor_bool_put(state, value));
}

void wardian_put_int(wardian_writer *writer, int64_t value) {
    zcbor_state_t state[1];
    if (begin_put(writer, state, false, 0)) end_put(writer, state, zcbor_int64_put(state, value));
}

void wardian_put_uint(wardian_writer *writer, uint64_t value) {
    zcbor_state_t state[1];
    if (begin_put(writer, state, false, 0)) end_put(writer, state, zcbor_uint64_put(state, value));
}

void wardian_put_double(wardian_writer *writer, double value) {
    zcbor_state_t state[1];
    if (begin_put(writer, state, false, 0)) end_put(writer, state, zcbor_float64_put(state, value));
}

void wardian_put_text(wardian_writer *writer, wardian_text value) {
    zcbor_state_t state[1];
    if (!is_utf8((const uint8_t *)value.data, value.size))
        spoil(writer, "a text is not UTF-8");
    else if (begin_put(writer, state, true, value.size))
        end_put(writer, state, zcbor_tstr_encode_ptr(state, value.data, value.size));
}

void wardian_put_str(wardian_writer *writer, const char *value) { wardian_put_text(writer, wardian_str(value)); }

void wardian_put_bytes(wardian_writer *writer, wardian_bytes value) {
    zcbor_state_t state[1];
    if (begin_put(writer, state, true, value.size))
        end_put(writer, state, zcbor_bstr_encode_ptr(state, (const char *)value.data, value.size));
}

/* Containers have no length in front: the author need not count. */
static void put_container(wardian_writer *writer, bool is_map) {
    zcbor_state_t state[1];
    if (writer->depth == MAX_DEPTH) spoil(writer, "it nests too deep");
    if (!begin_put(writer, state, false, 0)) return;
    end_put(writer, state, is_map ? zcbor_map_start_encode(state, 0) : zcbor_list_start_encode(state, 0));
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
        writer->data[writer->size++] = 0xff; /* a break */
        writer->depth--;
    }
}

static void put_encoded(wardian_writer *writer, const uint8_t *data, size_t size) {
    zcbor_major_type_t major = ZCBOR_MAJOR_TYPE(*data);
    bool may_be_key = major == ZCBOR_MAJOR_TYPE_TSTR || major == ZCBOR_MAJOR_TYPE_BSTR;
    if (!place_item(writer, may_be_key, size)) return;
    memcpy(writer->data + writer->size, data, size);
    writer->size += size;
}

void wardian_put_item(wardian_writer *writer, wardian_item item) {
    if (item.at)
        put_encoded(writer, item.at, (size_t)(after(item.at, item.end) - item.at));
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
