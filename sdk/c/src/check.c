/* Checking what arrives.
 *
 * One pass that checks an item and tightens it in place: each head in its shortest form, strings in one piece, bignums
 * as integers. Reading what is left needs no further check. It never writes ahead of where it reads, as nothing gets
 * longer.
 */
#include "internal.h"

struct walk {
    const uint8_t *in;
    const uint8_t *end;
    uint8_t *out;
    const char *fault;
    int depth;
};

/* A map's key, for finding duplicates; kept in the arena while its map is being checked. */
struct key {
    _Alignas(8) const uint8_t *data; /* so that wardian_scratch lays keys side by side, as an array */
    uint32_t size;
    uint32_t major;
};

static bool walk_item(struct walk *walk);

static const char too_early[] = "it ends too early";

static bool refuse(struct walk *walk, const char *fault) {
    walk->fault = fault;
    return false;
}

static bool walk_head(struct walk *walk, struct head *head) {
    if (walk->in == walk->end) return refuse(walk, too_early);
    uint8_t info = *walk->in & 31;
    if (info >= 24 && info < 28 && walk->end - walk->in <= 1 << (info - 24)) return refuse(walk, too_early);
    if (info >= 28 && info < INDEFINITE) return refuse(walk, "a reserved head");
    walk->in = read_head(walk->in, head);
    bool allowed = info != INDEFINITE || (head->major >= BYTES && head->major <= MAP);
    return allowed || refuse(walk, "a break or an indefinite length where none may be");
}

static void keep_head(struct walk *walk, unsigned major, uint64_t value) {
    walk->out = write_head(walk->out, major, value);
}

static bool is_utf8(const uint8_t *at, size_t size) {
    const uint8_t *end = at + size;
    while (at < end) {
        uint8_t first = *at++;
        if (first < 0x80) continue;
        int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
        if (first < 0xc2 || first > 0xf4 || end - at < more) return false;
        /* The second byte's range shuts out overlong forms, surrogates and what lies beyond U+10FFFF. */
        uint8_t low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        uint8_t high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (*at < low || *at > high) return false;
        for (at++, more--; more; at++, more--)
            if ((*at & 0xc0) != 0x80) return false;
    }
    return true;
}

/* Checks one definite string (or chunk) and moves its bytes to `to`. */
static bool walk_chunk(struct walk *walk, const struct head *head, uint8_t *to) {
    if (head->value > (size_t)(walk->end - walk->in)) return refuse(walk, too_early);
    size_t size = (size_t)head->value;
    if (head->major == TEXT && !is_utf8(walk->in, size)) return refuse(walk, "a text is not UTF-8");
    if (to != walk->in) memmove(to, walk->in, size);
    walk->in += size;
    return true;
}

/* Leaves the string as one definite string at `out`; `*string` is where its bytes lie. */
static bool walk_string(struct walk *walk, const struct head *head, struct key *string) {
    size_t size = 0;
    if (head->info != INDEFINITE) {
        keep_head(walk, head->major, head->value);
        if (!walk_chunk(walk, head, walk->out)) return false;
        size = (size_t)head->value;
    } else {
        /* The length is known last: gather the chunks one byte behind `out`, then make room for the head. All heads of
         * the chunks and the break take more bytes than the one head that replaces them. */
        uint8_t *gathered = walk->out + 1;
        for (;;) {
            if (walk->in < walk->end && *walk->in == STOP) break;
            struct head chunk;
            if (!walk_head(walk, &chunk)) return false;
            if (chunk.major != head->major || chunk.info == INDEFINITE) return refuse(walk, "a wrong chunk of a string");
            if (!walk_chunk(walk, &chunk, gathered + size)) return false;
            size += (size_t)chunk.value;
        }
        walk->in++;
        uint8_t written[9]; /* to know how long the head is */
        memmove(walk->out + (write_head(written, head->major, size) - written), gathered, size);
        keep_head(walk, head->major, size);
    }
    *string = (struct key){walk->out, size, head->major};
    walk->out += size;
    return true;
}

static int compare_keys(const struct key *left, const struct key *right) {
    if (left->major != right->major) return left->major < right->major ? -1 : 1;
    if (left->size != right->size) return left->size < right->size ? -1 : 1;
    return memcmp(left->data, right->data, left->size);
}

static void sift_down(struct key *keys, size_t root, size_t count) {
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && compare_keys(&keys[child], &keys[child + 1]) < 0) child++;
        if (compare_keys(&keys[root], &keys[child]) >= 0) return;
        struct key swapped = keys[root];
        keys[root] = keys[child];
        keys[child] = swapped;
    }
}

/* Sorts, by heap so that no choice of keys makes it slow, and looks at neighbours. */
static bool has_duplicate(struct key *keys, size_t count) {
    for (size_t root = count / 2; root-- > 0;) sift_down(keys, root, count);
    for (size_t last = count; last-- > 1;) {
        struct key swapped = keys[0];
        keys[0] = keys[last];
        keys[last] = swapped;
        sift_down(keys, 0, last);
    }
    for (size_t i = 1; i < count; i++)
        if (compare_keys(&keys[i - 1], &keys[i]) == 0) return true;
    return false;
}

static bool walk_key(struct walk *walk, const struct key *place) {
    struct head head;
    struct key *key = wardian_scratch(sizeof *key);
    if (key != place) return refuse(walk, out_of_memory);
    if (!walk_head(walk, &head)) return false;
    bool string = head.major == TEXT || head.major == BYTES;
    return string ? walk_string(walk, &head, key) : refuse(walk, "a key is neither text nor bytes");
}

static bool walk_container(struct walk *walk, const struct head *head) {
    if (++walk->depth > MAX_DEPTH) return refuse(walk, "it nests too deep");
    bool is_map = head->major == MAP;
    if (head->info == INDEFINITE)
        *walk->out++ = (uint8_t)(head->major << 5 | INDEFINITE);
    else
        keep_head(walk, head->major, head->value);
    struct key *keys = (struct key *)aligned(arena_top); /* values give their own keys back, so these are an array */
    uint64_t count = 0;
    for (;; count++) {
        if (head->info != INDEFINITE && count == head->value) break;
        if (head->info == INDEFINITE && walk->in < walk->end && *walk->in == STOP) {
            *walk->out++ = *walk->in++;
            break;
        }
        if (is_map && !walk_key(walk, keys + count)) return false;
        if (!walk_item(walk)) return false;
    }
    if (is_map) {
        if (has_duplicate(keys, (size_t)count)) return refuse(walk, "a key comes twice in one map");
        wardian_release((size_t)keys);
    }
    walk->depth--;
    return true;
}

/* -2^63 to 2^64 - 1, so that each integer fits int64_t or uint64_t. */
static bool walk_integer(struct walk *walk, unsigned major, uint64_t value) {
    if (major == NEGATIVE && value >> 63) return refuse(walk, "an integer below -2^63");
    keep_head(walk, major, value);
    return true;
}

/* A bignum of at most 64 bits, left behind as an integer. */
static bool walk_bignum(struct walk *walk, unsigned major) {
    struct walk at = *walk;
    struct head head;
    struct key bytes;
    if (!walk_head(&at, &head) || head.major != BYTES || !walk_string(&at, &head, &bytes))
        return refuse(walk, at.fault ? at.fault : "a bignum that is no byte string");
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size; i++) {
        if (value >> 56) return refuse(walk, "an integer beyond 64 bits");
        value = value << 8 | bytes.data[i];
    }
    walk->in = at.in;
    return walk_integer(walk, major, value);
}

static bool walk_tag(struct walk *walk, uint64_t tag) {
    if (tag > 3) return refuse(walk, "an unknown tag");
    if (tag >= 2) return walk_bignum(walk, tag == 2 ? UINT : NEGATIVE);
    keep_head(walk, TAG, tag);
    if (walk->in == walk->end) return refuse(walk, too_early);
    unsigned major = *walk->in >> 5;
    bool number = major <= NEGATIVE || is_float(*walk->in);
    bool fits = tag == 0 ? major == TEXT : number;
    return fits ? walk_item(walk) : refuse(walk, "a time that is neither text nor number");
}

static bool walk_item(struct walk *walk) {
    const uint8_t *start = walk->in;
    struct head head;
    struct key ignored;
    if (!walk_head(walk, &head)) return false;
    switch (head.major) {
    case UINT:
    case NEGATIVE:
        return walk_integer(walk, head.major, head.value);
    case BYTES:
    case TEXT:
        return walk_string(walk, &head, &ignored);
    case LIST:
    case MAP:
        return walk_container(walk, &head);
    case TAG:
        return walk_tag(walk, head.value);
    default:
        /* false, true and null; or a float, whose width is kept. */
        if (!(*start >= NO && *start <= NOTHING) && !is_float(*start))
            return refuse(walk, "an unknown simple value");
        memmove(walk->out, start, (size_t)(walk->in - start));
        walk->out += walk->in - start;
        return true;
    }
}

const char *wardian_decode(uint8_t *data, size_t size, wardian_item *item) {
    struct walk walk = {data, data + size, data, NULL, 0};
    size_t mark = wardian_mark();
    if (walk_item(&walk) && walk.in != walk.end) walk.fault = "bytes follow the item";
    wardian_release(mark);
    *item = walk.fault ? (wardian_item){NULL, NULL} : (wardian_item){data, walk.out};
    return walk.fault;
}
