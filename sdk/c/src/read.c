/* Reading items that were checked. */
#include "internal.h"

static bool has_major(wardian_item item, unsigned major) { return item.at && *item.at >> 5 == major; }

enum wardian_kind wardian_kind_of(wardian_item item) {
    if (!item.at) return WARDIAN_MISSING;
    switch (*item.at >> 5) {
    case UINT:
    case NEGATIVE:
        return WARDIAN_INT;
    case BYTES:
        return WARDIAN_BYTES;
    case TEXT:
        return WARDIAN_TEXT;
    case LIST:
        return WARDIAN_LIST;
    case MAP:
        return WARDIAN_MAP;
    case TAG:
        return WARDIAN_TIME;
    default:
        return *item.at >= 0xf9 ? WARDIAN_FLOAT : *item.at <= 0xf5 ? WARDIAN_BOOL : WARDIAN_NULL;
    }
}

bool wardian_is_null(wardian_item item) { return !item.at || *item.at == 0xf6; }

bool wardian_as_bool(wardian_item item, bool *value) {
    if (!item.at || *item.at >> 1 != 0xf4 >> 1) return false;
    *value = *item.at & 1;
    return true;
}

bool wardian_as_int(wardian_item item, int64_t *value) {
    if (!item.at || *item.at >> 5 > NEGATIVE) return false;
    uint64_t read = head_value(item.at);
    if (read >> 63) return false;
    *value = (int64_t)(*item.at >> 5 == NEGATIVE ? ~read : read);
    return true;
}

bool wardian_as_uint(wardian_item item, uint64_t *value) {
    if (!has_major(item, UINT)) return false;
    *value = head_value(item.at);
    return true;
}

/* Of 16 bits: as one of 32 bits whose exponent is too small by 112, and that of infinity by more. */
static float half(uint32_t bits) {
    uint32_t wide = (bits & 0x7fff) << 13;
    float value;
    memcpy(&value, &wide, sizeof value);
    value *= 0x1p112f;
    if ((bits & 0x7c00) == 0x7c00) {
        wide |= 0x7f800000;
        memcpy(&value, &wide, sizeof value);
    }
    return bits & 0x8000 ? -value : value;
}

bool wardian_as_double(wardian_item item, double *value) {
    int64_t whole;
    uint64_t bits;
    if (wardian_as_int(item, &whole))
        *value = (double)whole;
    else if (wardian_as_uint(item, &bits))
        *value = (double)bits;
    else if (wardian_kind_of(item) == WARDIAN_FLOAT) {
        bits = head_value(item.at);
        uint32_t lower = (uint32_t)bits;
        float narrow;
        memcpy(&narrow, &lower, sizeof narrow);
        if (*item.at == 0xfb)
            memcpy(value, &bits, sizeof *value);
        else
            *value = *item.at == 0xfa ? narrow : half(lower);
    } else
        return false;
    return true;
}

bool wardian_as_text(wardian_item item, wardian_text *value) {
    if (!has_major(item, TEXT)) return false;
    *value = (wardian_text){(const char *)item.at + head_size(*item.at), (size_t)head_value(item.at)};
    return true;
}

bool wardian_as_bytes(wardian_item item, wardian_bytes *value) {
    if (!has_major(item, BYTES)) return false;
    *value = (wardian_bytes){item.at + head_size(*item.at), (size_t)head_value(item.at)};
    return true;
}

/* How many items are within a list, map or tag; more than there can be when a break ends them. */
static size_t count_within(const uint8_t *at) {
    unsigned major = *at >> 5;
    if (major < LIST || major > MAP) return major == TAG;
    return ((*at & 31) == INDEFINITE ? SIZE_MAX : (size_t)head_value(at)) << (major == MAP);
}

wardian_iterator wardian_each(wardian_item item) {
    if (!has_major(item, LIST) && !has_major(item, MAP)) return (wardian_iterator){NULL, 0};
    return (wardian_iterator){item.at + head_size(*item.at), count_within(item.at)};
}

/* Where the item that begins at `at` ends. */
static const uint8_t *after(const uint8_t *at) {
    const uint8_t *end = at + head_size(*at);
    if (*at >> 6 == 1) return end + head_value(at); /* a text or bytes */
    for (size_t left = count_within(at); left; left--) {
        if (*end == STOP) return end + 1;
        end = after(end);
    }
    return end;
}

bool wardian_next(wardian_iterator *each, wardian_item *item) {
    if (each->left == 0 || *each->at == STOP) return false;
    const uint8_t *next = after(each->at);
    *item = (wardian_item){each->at, next};
    each->at = next;
    each->left--;
    return true;
}

bool wardian_next_pair(wardian_iterator *each, wardian_item *key, wardian_item *value) {
    return wardian_next(each, key) && wardian_next(each, value);
}

wardian_item wardian_get(wardian_item map, const char *key) {
    size_t wanted = strlen(key);
    if (!has_major(map, MAP)) return (wardian_item){NULL, NULL};
    const uint8_t *at = map.at + head_size(*map.at);
    for (size_t left = count_within(map.at); left && *at != STOP; left -= 2) {
        const uint8_t *name = at + head_size(*at);
        size_t size = (size_t)head_value(at);
        const uint8_t *value = name + size, *next = after(value);
        if (*at >> 5 == TEXT && size == wanted && memcmp(name, key, size) == 0) return (wardian_item){value, next};
        at = next;
    }
    return (wardian_item){NULL, NULL};
}

wardian_text wardian_str(const char *text) { return (wardian_text){text, strlen(text)}; }

bool wardian_equal(wardian_text left, wardian_text right) {
    return left.size == right.size && memcmp(left.data, right.data, left.size) == 0;
}
