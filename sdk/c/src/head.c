/* Heads: the first byte of an item and the number behind it. */
#include "internal.h"

static const uint8_t *read_head(const uint8_t *at, struct head *head) {
    uint8_t info = *at & 31;
    *head = (struct head){*at++ >> 5, info, info};
    if (info < 24 || info == INDEFINITE) return at;
    head->value = 0;
    for (const uint8_t *end = at + (1 << (info - 24)); at < end;) head->value = head->value << 8 | *at++;
    return at;
}

static uint8_t *write_head(uint8_t *at, unsigned major, uint64_t value) {
    int info = value < 24 ? (int)value : value <= UINT8_MAX ? 24 : value <= UINT16_MAX ? 25 : value <= UINT32_MAX ? 26 : 27;
    *at++ = (uint8_t)(major << 5 | (unsigned)info);
    if (info >= 24)
        for (int shift = 8 << (info - 24); shift;) *at++ = (uint8_t)(value >> (shift -= 8));
    return at;
}

static const uint8_t *after(const uint8_t *at) {
    struct head head;
    at = read_head(at, &head);
    if (head.major == BYTES || head.major == TEXT) return at + head.value; /* in one piece, see check.c */
    if (head.major == TAG) return after(at);
    if (head.major != LIST && head.major != MAP) return at;
    if (head.info == INDEFINITE) {
        while (*at != STOP) at = after(at);
        return at + 1;
    }
    for (uint64_t left = head.value << (head.major == MAP); left; left--) at = after(at);
    return at;
}
