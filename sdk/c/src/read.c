/* Reading items that were checked. */
#include "internal.h"

/* Floats of 16, 32 and 64 bits have the same value in each width: a wider one is made of the bits of a narrower. */
static bool is_float(uint8_t first) { return first >= FLOAT16 && first <= FLOAT64; }

static double float_of(const struct head *head) {
    union {
        uint64_t bits;
        double value;
    } wide = {.bits = head->value};
    union {
        uint32_t bits;
        float value;
    } narrow = {.bits = (uint32_t)head->value};
    if (head->info == (FLOAT64 & 31)) return wide.value;
    if (head->info == (FLOAT16 & 31)) {
        uint32_t half = narrow.bits, exponent = half >> 10 & 31;
        if (exponent == 0) {
            narrow.value = (float)(half & 0x3ff) * 0x1p-24f;
        } else {
            narrow.bits = (exponent == 31 ? 255 : exponent + 112) << 23 | (half & 0x3ff) << 13;
        }
        narrow.bits |= half >> 15 << 31;
    }
    return (double)narrow.value;
}

/* Of an item, also of a missing one: its kind, its head, and where its content begins. */
static enum wardian_kind open_item(wardian_item item, struct head *head, const uint8_t **content) {
    static const uint8_t kinds[] = {WARDIAN_INT,  WARDIAN_INT, WARDIAN_BYTES, WARDIAN_TEXT,
                                    WARDIAN_LIST, WARDIAN_MAP, WARDIAN_TIME};
    if (!item.at) return WARDIAN_MISSING;
    *content = read_head(item.at, head);
    if (head->major != SIMPLE) return kinds[head->major];
    return is_float(*item.at) ? WARDIAN_FLOAT : *item.at <= YES ? WARDIAN_BOOL : WARDIAN_NULL;
}

enum wardian_kind wardian_kind_of(wardian_item item) {
    struct head head;
    const uint8_t *content;
    return open_item(item, &head, &content);
}

bool wardian_is_null(wardian_item item) { return !item.at || *item.at == NOTHING; }

bool wardian_as_bool(wardian_item item, bool *value) {
    if (wardian_kind_of(item) != WARDIAN_BOOL) return false;
    *value = *item.at == YES;
    return true;
}

bool wardian_as_int(wardian_item item, int64_t *value) {
    struct head head;
    const uint8_t *content;
    if (open_item(item, &head, &content) != WARDIAN_INT || head.value > INT64_MAX) return false;
    *value = head.major == UINT ? (int64_t)head.value : -1 - (int64_t)head.value;
    return true;
}

bool wardian_as_uint(wardian_item item, uint64_t *value) {
    struct head head;
    const uint8_t *content;
    if (open_item(item, &head, &content) != WARDIAN_INT || head.major != UINT) return false;
    *value = head.value;
    return true;
}

bool wardian_as_double(wardian_item item, double *value) {
    struct head head;
    const uint8_t *content;
    enum wardian_kind kind = open_item(item, &head, &content);
    if (kind != WARDIAN_INT && kind != WARDIAN_FLOAT) return false;
    *value = kind == WARDIAN_FLOAT ? float_of(&head) : head.major == UINT ? (double)head.value : (double)(-1 - (int64_t)head.value);
    return true;
}

static bool as_string(wardian_item item, enum wardian_kind kind, wardian_bytes *value) {
    struct head head;
    const uint8_t *content;
    if (open_item(item, &head, &content) != kind) return false;
    *value = (wardian_bytes){content, (size_t)head.value};
    return true;
}

bool wardian_as_bytes(wardian_item item, wardian_bytes *value) { return as_string(item, WARDIAN_BYTES, value); }

bool wardian_as_text(wardian_item item, wardian_text *value) {
    wardian_bytes bytes;
    if (!as_string(item, WARDIAN_TEXT, &bytes)) return false;
    *value = (wardian_text){(const char *)bytes.data, bytes.size};
    return true;
}

wardian_iterator wardian_each(wardian_item item) {
    struct head head;
    const uint8_t *content;
    enum wardian_kind kind = open_item(item, &head, &content);
    if (kind != WARDIAN_LIST && kind != WARDIAN_MAP) return (wardian_iterator){NULL, NULL, 0, false};
    return (wardian_iterator){content, item.end, (size_t)head.value << head.major / MAP, head.info == INDEFINITE};
}

bool wardian_next(wardian_iterator *each, wardian_item *item) {
    if (each->indefinite ? *each->at == STOP : each->left == 0) return false;
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
