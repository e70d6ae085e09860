/* Heads of CBOR: the first byte holds the major type and 5 bits more, which are the value, or say how many bytes of it
 * follow, or that there is no length.
 */
#include "internal.h"

static size_t head_size(uint8_t first) {
    unsigned more = first & 31;
    return more < 24 || more == INDEFINITE ? 1 : 1 + (1u << (more - 24));
}

static uint64_t head_value(const uint8_t *at) {
    size_t size = head_size(*at);
    return size > 1 ? read_number(at + 1, size - 1) : *at & 31;
}

static uint64_t read_number(const uint8_t *at, size_t size) {
    uint64_t value = 0;
    while (size--) value = value << 8 | *at++;
    return value;
}

static uint8_t *write_head(uint8_t *to, unsigned major, uint64_t value) {
    unsigned width = (value > 0xff) + (value > 0xffff) + (value > 0xffffffff);
    *to++ = (uint8_t)(major << 5 | (value < 24 ? (unsigned)value : 24 + width));
    if (value >= 24)
        for (unsigned shift = 8u << width; shift;) *to++ = (uint8_t)(value >> (shift -= 8));
    return to;
}
