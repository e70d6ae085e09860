/* Reading items that were checked. */
#include "internal.h"

static void open_state(zcbor_state_t *state, size_t states, wardian_item item) {
    zcbor_new_decode_state(state, states, item.at, (size_t)(item.end - item.at), 1, NULL, 0);
}

enum wardian_kind wardian_kind_of(wardian_item item) {
    if (!item.at) return WARDIAN_MISSING;
    switch (ZCBOR_MAJOR_TYPE(*item.at)) {
    case ZCBOR_MAJOR_TYPE_PINT:
    case ZCBOR_MAJOR_TYPE_NINT:
        return WARDIAN_INT;
    case ZCBOR_MAJOR_TYPE_BSTR:
        return WARDIAN_BYTES;
    case ZCBOR_MAJOR_TYPE_TSTR:
        return WARDIAN_TEXT;
    case ZCBOR_MAJOR_TYPE_LIST:
        return WARDIAN_LIST;
    case ZCBOR_MAJOR_TYPE_MAP:
        return WARDIAN_MAP;
    case ZCBOR_MAJOR_TYPE_TAG:
        return WARDIAN_TIME;
    default:
        return ZCBOR_IS_FLOAT(*item.at) ? WARDIAN_FLOAT : *item.at <= 0xf5 ? WARDIAN_BOOL : WARDIAN_NULL;
    }
}

bool wardian_is_null(wardian_item item) { return wardian_kind_of(item) <= WARDIAN_NULL; }

/* zcbor may write to the result before it refuses, so each value is read into a local first. */
#define READ_AS(type, decode)                    \
    zcbor_state_t state[1];                      \
    type read;                                   \
    open_state(state, 1, item);                  \
    if (!item.at || !decode(state, &read)) return false

bool wardian_as_bool(wardian_item item, bool *value) {
    READ_AS(bool, zcbor_bool_decode);
    *value = read;
    return true;
}

bool wardian_as_int(wardian_item item, int64_t *value) {
    READ_AS(int64_t, zcbor_int64_decode);
    *value = read;
    return true;
}

bool wardian_as_uint(wardian_item item, uint64_t *value) {
    READ_AS(uint64_t, zcbor_uint64_decode);
    *value = read;
    return true;
}

bool wardian_as_double(wardian_item item, double *value) {
    int64_t whole;
    uint64_t large;
    if (wardian_as_int(item, &whole)) {
        *value = (double)whole;
        return true;
    }
    if (wardian_as_uint(item, &large)) {
        *value = (double)large;
        return true;
    }
    READ_AS(double, zcbor_float_decode);
    *value = read;
    return true;
}

bool wardian_as_text(wardian_item item, wardian_text *value) {
    READ_AS(struct zcbor_string, zcbor_tstr_decode);
    *value = (wardian_text){(const char *)read.value, read.len};
    return true;
}

bool wardian_as_bytes(wardian_item item, wardian_bytes *value) {
    READ_AS(struct zcbor_string, zcbor_bstr_decode);
    *value = (wardian_bytes){read.value, read.len};
    return true;
}

wardian_iterator wardian_each(wardian_item item) {
    wardian_iterator each = {NULL, NULL, 0, false};
    enum wardian_kind kind = wardian_kind_of(item);
    if (kind != WARDIAN_LIST && kind != WARDIAN_MAP) return each;
    zcbor_state_t state[3]; /* the state, the backup that a container takes, and zcbor's constants */
    open_state(state, 3, item);
    if (!(kind == WARDIAN_LIST ? zcbor_list_start_decode(state) : zcbor_map_start_decode(state))) return each;
    each = (wardian_iterator){state->payload, item.end, state->elem_count, state->decode_state.indefinite_length_array};
    return each;
}

static const uint8_t *after(const uint8_t *at, const uint8_t *end) {
    zcbor_state_t state[1];
    open_state(state, 1, (wardian_item){at, end});
    return zcbor_any_skip(state, NULL) ? state->payload : end;
}

bool wardian_next(wardian_iterator *each, wardian_item *item) {
    if (each->indefinite ? each->at >= each->end || *each->at == 0xff : each->left == 0) return false;
    const uint8_t *next = after(each->at, each->end);
    *item = (wardian_item){each->at, next};
    each->at = next;
    each->left--;
    return true;
}

bool wardian_next_pair(wardian_iterator *each, wardian_item *key, wardian_item *value) {
    return wardian_next(each, key) && wardian_next(each, value);
}

wardian_item wardian_get(wardian_item map, const char *key) {
    wardian_item found_key, value;
    wardian_text name, wanted = wardian_str(key);
    if (wardian_kind_of(map) == WARDIAN_MAP)
        for (wardian_iterator each = wardian_each(map); wardian_next_pair(&each, &found_key, &value);)
            if (wardian_as_text(found_key, &name) && wardian_equal(name, wanted)) return value;
    return (wardian_item){NULL, NULL};
}

wardian_text wardian_str(const char *text) { return (wardian_text){text, strlen(text)}; }

bool wardian_equal(wardian_text left, wardian_text right) {
    return left.size == right.size && memcmp(left.data, right.data, left.size) == 0;
}
