/* Checking what arrives.
 *
 * One pass that checks an item and tightens it in place: each head in its shortest form, strings in one piece, bignums
 * as integers. Reading needs no further check, and equal keys are equal bytes. It never writes ahead of where it reads,
 * as nothing gets longer.
 */
#include "internal.h"

struct walk {
    const uint8_t *in;
    const uint8_t *end;
    uint8_t *out;
};

/* What may stand in a place: a bit for each major type, eight further on for the endless ones, and one for false, true
 * and null. Nothing else has a bit. */
#define ONE(major) (1u << (major))
#define CHUNKED(major) (ONE(major) | 1u << ((major) + 8))
#define CONSTANT 16
#define NOWHERE 31
#define STRINGS (CHUNKED(BYTES) | CHUNKED(TEXT))
#define NUMBERS (ONE(UINT) | ONE(NEGATIVE) | ONE(SIMPLE))
#define ANY (STRINGS | NUMBERS | CHUNKED(LIST) | CHUNKED(MAP) | ONE(TAG) | 1u << CONSTANT)

static const char *const too_early = "it ends too early";

static const char *walk_item(struct walk *walk, unsigned allowed, unsigned depth);

static unsigned type_of(uint8_t first) {
    unsigned major = first >> 5, more = first & 31;
    if (more == INDEFINITE) return major + 8;
    if (more > 27) return NOWHERE;
    if (major == SIMPLE && more < 25) return more - 20 < 3 ? CONSTANT : NOWHERE;
    return major;
}

/* All bits of a character's bytes but the `10` of those that follow; all that is not UTF-8 lies in five ranges. */
static bool is_utf8(const uint8_t *at, size_t size) {
    const uint8_t *end = at + size;
    while (at < end) {
        uint64_t eight = UINT64_MAX;
        if (end - at >= 8) memcpy(&eight, at, 8);
        if (!(eight & 0x8080808080808080)) {
            at += 8;
            continue;
        }
        uint32_t code = *at++;
        if (code < 0x80) continue;
        int more = 1 + (code >= 0xe0) + (code >= 0xf0);
        do {
            if (at == end || (*at & 0xc0) != 0x80) return false;
            code = code << 6 | (*at++ & 0x3f);
        } while (--more);
        /* Two bytes from c2 80, three from e0 a0 80 without the surrogates, four from f0 90 80 80 to f4 8f bf bf. */
        if (code < 0x3080 || code - 0x3800 < 0xe0800 - 0x3800 || code - 0xed800 < 0x800 ||
            code - 0xf0000 < 0x3c10000 - 0xf0000 || code >= 0x3d10000)
            return false;
    }
    return true;
}

/* A key of a map, for finding duplicates; kept in the arena while its map is being checked. */
struct key {
    _Alignas(8) const uint8_t *at; /* so that wardian_scratch lays keys side by side, as an array */
    size_t size;                   /* with the head, which tells texts and bytes apart */
};

static int compare_keys(const struct key *left, const struct key *right) {
    if (left->size != right->size) return left->size < right->size ? -1 : 1;
    return memcmp(left->at, right->at, left->size);
}

/* Sorts, by heap so that no choice of keys makes it slow. No sort gets by without comparing two that are equal. */
static bool has_duplicate(struct key *keys, size_t count) {
    for (size_t start = count / 2; count > 1;) {
        if (start)
            start--;
        else {
            struct key last = keys[--count];
            keys[count] = keys[0];
            keys[0] = last;
        }
        for (size_t root = start, child; (child = 2 * root + 1) < count; root = child) {
            int order;
            if (child + 1 < count) {
                order = compare_keys(&keys[child], &keys[child + 1]);
                if (order == 0) return true;
                child += order < 0;
            }
            order = compare_keys(&keys[root], &keys[child]);
            if (order == 0) return true;
            if (order > 0) break;
            struct key swapped = keys[root];
            keys[root] = keys[child];
            keys[child] = swapped;
        }
    }
    return false;
}

/* The chunks of an endless string, which become one string: each loses its head, and the string gets one that says its
 * length, as the length is known last. All heads of the chunks and the break take more bytes than the one head. */
static void join_chunk(struct walk *walk, uint8_t *chunk) {
    size_t size = head_size(*chunk);
    walk->out -= size;
    copy(chunk, chunk + size, (size_t)(walk->out - chunk));
}

static void close_string(struct walk *walk, unsigned major, uint8_t *content) {
    size_t size = (size_t)(walk->out - content);
    uint8_t *to = content + (size < 24 ? 0 : size <= UINT8_MAX ? 1 : size <= UINT16_MAX ? 2 : 4);
    copy(to, content, size);
    write_head(content - 1, major, size);
    walk->out = to + size;
}

/* Room for the key behind `count` of them, where they lie side by side; NULL = no memory. */
static struct key *grow_keys(struct key *keys, size_t count) {
    struct key *last = wardian_scratch(sizeof *keys);
    if (!last || last == keys + count) return last ? keys : NULL;
    /* Somebody else grew memory: the arena went on behind it, and the keys with it, in a block that is surely whole. */
    struct key *moved = wardian_scratch((count + 1) * sizeof *keys);
    if (moved) copy(moved, keys, count * sizeof *keys);
    return moved;
}

/* What is within a list, map or tag, or the chunks of a string: `count` items, or up to a break. */
static const char *walk_within(struct walk *walk, unsigned major, bool endless, size_t count, unsigned allowed,
                               unsigned depth) {
    uint8_t *content = walk->out;
    struct key *keys = (struct key *)wardian_mark(); /* values give their own keys back, so these are an array */
    size_t at = 0;
    for (; endless || at < count; at++) {
        uint8_t *start = walk->out;
        bool is_key = major == MAP && at % 2 == 0;
        if (endless && (is_key || major != MAP) && walk->in < walk->end && *walk->in == STOP) break;
        if (is_key && !(keys = grow_keys(keys, at / 2))) return out_of_memory;
        const char *fault = walk_item(walk, is_key ? STRINGS : allowed, depth);
        if (fault) return fault;
        if (is_key) keys[at / 2] = (struct key){start, (size_t)(walk->out - start)};
        if (major < LIST) join_chunk(walk, start);
    }
    if (endless) {
        walk->in++;
        if (major < LIST)
            close_string(walk, major, content);
        else
            *walk->out++ = STOP;
    }
    if (major == MAP) {
        if (has_duplicate(keys, at / 2)) return "a key comes twice in one map";
        wardian_release((size_t)keys);
    }
    return NULL;
}

/* A byte string as a number; the place where it lay is free again. */
static const char *walk_bignum(struct walk *walk, unsigned depth, uint64_t *number) {
    uint8_t *start = walk->out;
    const char *fault = walk_item(walk, CHUNKED(BYTES), depth);
    if (fault) return fault;
    *number = 0;
    for (const uint8_t *at = start + head_size(*start); at < walk->out; at++) {
        if (*number >> 56) return "an integer out of range";
        *number = *number << 8 | *at;
    }
    walk->out = start;
    return NULL;
}

static const char *walk_item(struct walk *walk, unsigned allowed, unsigned depth) {
    const uint8_t *head = walk->in;
    if (head == walk->end) return too_early;
    if (!(allowed >> type_of(*head) & 1)) return "a reserved or misplaced head";
    unsigned major = *head >> 5, more = *head & 31;
    bool endless = more == INDEFINITE;
    size_t size = 1, count = 0;
    uint64_t value = more;
    if (more >= 24 && !endless) {
        size = head_size(*head);
        if (size > (size_t)(walk->end - head)) return too_early;
        value = read_number(head + 1, size - 1);
    }
    walk->in += size;
    if (major == TAG) {
        if (value > 3) return "an unknown tag";
        count = 1;
        allowed = value ? NUMBERS : CHUNKED(TEXT);
        if (value > 1) {
            major = value == 2 ? UINT : NEGATIVE;
            size = 0; /* there is no such head yet */
            const char *fault = walk_bignum(walk, depth, &value);
            if (fault) return fault;
        }
    }
    /* -2^63 to 2^64 - 1, so that each integer fits int64_t or uint64_t. */
    if (major == NEGATIVE && value >> 63) return "an integer out of range";
    if (size == 1)
        *walk->out++ = *head;
    else if (major != SIMPLE)
        walk->out = write_head(walk->out, major, value);
    else { /* a float keeps its width */
        copy(walk->out, head, size);
        walk->out += size;
    }
    if (major < BYTES || major == SIMPLE) return NULL;
    if (major < TAG && !endless) {
        count = (size_t)value << (major == MAP);
        /* Each item takes a byte at least. */
        if (value > (size_t)(walk->end - walk->in) >> (major == MAP)) return too_early;
    }
    if (major < LIST && !endless) {
        if (major == TEXT && !is_utf8(walk->in, count)) return not_utf8;
        copy(walk->out, walk->in, count);
        walk->in += count;
        walk->out += count;
        return NULL;
    }
    if (major < LIST) allowed = ONE(major);
    if (major == LIST || major == MAP) {
        allowed = ANY;
        if (++depth > MAX_DEPTH) return too_deep;
    }
    return walk_within(walk, major, endless, count, allowed, depth);
}

const char *wardian_decode(uint8_t *data, size_t size, wardian_item *item) {
    struct walk walk = {data, data + size, data};
    size_t mark = wardian_mark();
    const char *fault = walk_item(&walk, ANY, 0);
    if (!fault && walk.in != walk.end) fault = too_many;
    wardian_release(mark);
    *item = fault ? (wardian_item){NULL, NULL} : (wardian_item){data, walk.out};
    return fault;
}
