/* Long on purpose: the SDK is one source, so that adding it to any build is adding one file and zcbor's three.
 *
 * Parts, in order: memory, checking what arrives, reading, writing, entry points, the host's functions.
 * zcbor (Nordic, Apache-2.0) reads and writes the single CBOR heads and values; this file adds what it leaves out.
 */
#include "wardian.h"

#include <stdarg.h>
#include <string.h>

#include "zcbor_decode.h"
#include "zcbor_encode.h"

#define MAX_DEPTH 64 /* the ABI's limit, and what one uint64_t of bits can follow */
#define FIRST_SECOND INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define LAST_SECOND INT64_C(253402300799)  /* 9999-12-31T23:59:59Z */
#define PAGE ((size_t)65536)

static const char out_of_memory[] = "out of memory";

/* ---- Memory: [data][stack] at the start, then what is kept, the request buffer, and the arena to the end ---- */

extern uint8_t __heap_base;

static uint8_t *arena_floor = &__heap_base; /* where the arena begins at the next call; kept memory lies below */
static uint8_t *arena_top = &__heap_base;
static uint8_t *arena_end; /* NULL until first used: the end of memory */
static wardian_bytes request_buffer;

static uint8_t *aligned(uint8_t *at) { return (uint8_t *)(((uintptr_t)at + 7) & ~(uintptr_t)7); }

/* Makes room for `size` bytes at the arena's top; false when the host refuses to let memory grow. */
static bool arena_reserve(size_t size) {
    if (!arena_end) arena_end = (uint8_t *)(__builtin_wasm_memory_size(0) * PAGE);
    while (size > (size_t)(arena_end - arena_top)) {
        size_t missing = size - (size_t)(arena_end - arena_top);
        size_t pages = missing / PAGE + (missing % PAGE != 0);
        size_t before = __builtin_wasm_memory_grow(0, pages);
        if (before == SIZE_MAX) return false;
        uint8_t *grown = (uint8_t *)(before * PAGE);
        if (grown != arena_end) arena_top = grown; /* somebody else grew memory too: step over theirs */
        arena_end = grown + pages * PAGE;
    }
    return true;
}

void *wardian_scratch(size_t size) {
    arena_top = aligned(arena_top);
    if (size > SIZE_MAX - PAGE || !arena_reserve(size)) return NULL;
    uint8_t *block = arena_top;
    arena_top += size;
    return block;
}

void *wardian_keep(const void *data, size_t size) {
    void *block = wardian_scratch(size);
    if (!block) return NULL;
    memcpy(block, data, size);
    arena_floor = arena_top = aligned(arena_top);
    return block;
}

wardian_text wardian_keep_text(wardian_text text) {
    const char *kept = wardian_keep(text.data, text.size);
    return (wardian_text){kept, kept ? text.size : 0};
}

size_t wardian_mark(void) { return (size_t)arena_top; }

void wardian_release(size_t mark) {
    uint8_t *to = (uint8_t *)mark;
    arena_top = to < arena_floor ? arena_floor : to;
}

/* The host's request buffer. It grows in place while nothing was kept behind it. */
WARDIAN_EXPORT("wardian_alloc") void *wardian_alloc(size_t size);
void *wardian_alloc(size_t size) {
    arena_top = arena_floor;
    if (size <= request_buffer.size && request_buffer.data) return (void *)request_buffer.data;
    bool last = request_buffer.data && request_buffer.data + request_buffer.size == arena_floor;
    if (last) arena_top = (uint8_t *)request_buffer.data;
    uint8_t *block = size > SIZE_MAX / 2 ? NULL : wardian_scratch((size + 255) & ~(size_t)255);
    if (!block) {
        arena_top = arena_floor;
        return NULL;
    }
    request_buffer = (wardian_bytes){block, (size_t)(arena_top - block)};
    arena_floor = arena_top;
    return block;
}

WARDIAN_EXPORT("wardian_abi_v1") void wardian_abi_v1(void);
void wardian_abi_v1(void) {}

/* ---- Checking what arrives ----
 *
 * One pass that checks an item and tightens it in place: each head in its shortest form, strings in one piece, bignums
 * as integers. What is left is what zcbor reads, and reading needs no further check. It never writes ahead of where it
 * reads, as nothing gets longer.
 */
struct walk {
    const uint8_t *in;
    const uint8_t *end;
    uint8_t *out;
    const char *fault;
    int depth;
};

struct head {
    zcbor_major_type_t major;
    bool indefinite;
    uint64_t value;
};

/* A map's key, for finding duplicates; kept in the arena while its map is being checked. */
struct key {
    _Alignas(8) const uint8_t *data; /* so that wardian_scratch lays keys side by side, as an array */
    uint32_t size;
    uint32_t major;
};

static bool walk_item(struct walk *walk);

static bool refuse(struct walk *walk, const char *fault) {
    walk->fault = fault;
    return false;
}

static bool walk_head(struct walk *walk, struct head *head) {
    if (walk->in == walk->end) return refuse(walk, "it ends too early");
    uint8_t first = *walk->in++;
    uint8_t additional = ZCBOR_ADDITIONAL(first);
    *head = (struct head){ZCBOR_MAJOR_TYPE(first), additional == ZCBOR_VALUE_IS_INDEFINITE_LENGTH, additional};
    if (additional <= ZCBOR_VALUE_IN_HEADER) return true;
    if (head->indefinite) {
        bool allowed = head->major >= ZCBOR_MAJOR_TYPE_BSTR && head->major <= ZCBOR_MAJOR_TYPE_MAP;
        return allowed || refuse(walk, "a break or an indefinite length where none may be");
    }
    if (additional > ZCBOR_VALUE_IS_8_BYTES) return refuse(walk, "a reserved head");
    size_t size = (size_t)1 << (additional - ZCBOR_VALUE_IS_1_BYTE);
    if (size > (size_t)(walk->end - walk->in)) return refuse(walk, "it ends too early");
    head->value = 0;
    while (size--) head->value = head->value << 8 | *walk->in++;
    return true;
}

/* zcbor writes an unsigned integer; the other major types have the same head under other top bits. */
static void write_head(struct walk *walk, zcbor_major_type_t major, uint64_t value) {
    zcbor_state_t state[1];
    zcbor_new_encode_state(state, 1, walk->out, 9, 0);
    (void)zcbor_uint64_put(state, value);
    *walk->out |= (uint8_t)(major << 5);
    walk->out = state->payload_mut;
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
    if (head->value > (size_t)(walk->end - walk->in)) return refuse(walk, "it ends too early");
    size_t size = (size_t)head->value;
    if (head->major == ZCBOR_MAJOR_TYPE_TSTR && !is_utf8(walk->in, size)) return refuse(walk, "a text is not UTF-8");
    if (to != walk->in) memmove(to, walk->in, size);
    walk->in += size;
    return true;
}

/* Leaves the string as one definite string at `out`; `*string` is where its bytes lie. */
static bool walk_string(struct walk *walk, const struct head *head, struct key *string) {
    size_t size = 0;
    if (!head->indefinite) {
        write_head(walk, head->major, head->value);
        if (!walk_chunk(walk, head, walk->out)) return false;
        size = (size_t)head->value;
    } else {
        /* The length is known last: gather the chunks one byte behind `out`, then make room for the head. All heads of
         * the chunks and the break take more bytes than the one head that replaces them. */
        uint8_t *gathered = walk->out + 1;
        for (;;) {
            if (walk->in < walk->end && *walk->in == 0xff) break;
            struct head chunk;
            if (!walk_head(walk, &chunk)) return false;
            if (chunk.major != head->major || chunk.indefinite) return refuse(walk, "a wrong chunk of a string");
            if (!walk_chunk(walk, &chunk, gathered + size)) return false;
            size += (size_t)chunk.value;
        }
        walk->in++;
        memmove(walk->out + zcbor_header_len(size), gathered, size);
        write_head(walk, head->major, size);
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
    bool string = head.major == ZCBOR_MAJOR_TYPE_TSTR || head.major == ZCBOR_MAJOR_TYPE_BSTR;
    return string ? walk_string(walk, &head, key) : refuse(walk, "a key is neither text nor bytes");
}

static bool walk_container(struct walk *walk, const struct head *head) {
    if (++walk->depth > MAX_DEPTH) return refuse(walk, "it nests too deep");
    bool is_map = head->major == ZCBOR_MAJOR_TYPE_MAP;
    if (head->indefinite)
        *walk->out++ = (uint8_t)(head->major << 5 | ZCBOR_VALUE_IS_INDEFINITE_LENGTH);
    else
        write_head(walk, head->major, head->value);
    struct key *keys = (struct key *)aligned(arena_top); /* values give their own keys back, so these are an array */
    uint64_t count = 0;
    for (;; count++) {
        if (!head->indefinite && count == head->value) break;
        if (head->indefinite && walk->in < walk->end && *walk->in == 0xff) {
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
static bool walk_integer(struct walk *walk, zcbor_major_type_t major, uint64_t value) {
    if (major == ZCBOR_MAJOR_TYPE_NINT && value >> 63) return refuse(walk, "an integer below -2^63");
    write_head(walk, major, value);
    return true;
}

/* A bignum of at most 64 bits, left behind as an integer. */
static bool walk_bignum(struct walk *walk, zcbor_major_type_t major) {
    struct walk at = *walk;
    struct head head;
    struct key bytes;
    if (!walk_head(&at, &head) || head.major != ZCBOR_MAJOR_TYPE_BSTR || !walk_string(&at, &head, &bytes))
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
    if (walk->depth == MAX_DEPTH) return refuse(walk, "it nests too deep");
    if (tag >= 2) return walk_bignum(walk, tag == 2 ? ZCBOR_MAJOR_TYPE_PINT : ZCBOR_MAJOR_TYPE_NINT);
    write_head(walk, ZCBOR_MAJOR_TYPE_TAG, tag);
    if (walk->in == walk->end) return refuse(walk, "it ends too early");
    zcbor_major_type_t major = ZCBOR_MAJOR_TYPE(*walk->in);
    bool number = major <= ZCBOR_MAJOR_TYPE_NINT || ZCBOR_IS_FLOAT(*walk->in);
    bool fits = tag == 0 ? major == ZCBOR_MAJOR_TYPE_TSTR : number;
    return fits ? walk_item(walk) : refuse(walk, "a time that is neither text nor number");
}

static bool walk_item(struct walk *walk) {
    const uint8_t *start = walk->in;
    struct head head;
    struct key ignored;
    if (!walk_head(walk, &head)) return false;
    switch (head.major) {
    case ZCBOR_MAJOR_TYPE_PINT:
    case ZCBOR_MAJOR_TYPE_NINT:
        return walk_integer(walk, head.major, head.value);
    case ZCBOR_MAJOR_TYPE_BSTR:
    case ZCBOR_MAJOR_TYPE_TSTR:
        return walk_string(walk, &head, &ignored);
    case ZCBOR_MAJOR_TYPE_LIST:
    case ZCBOR_MAJOR_TYPE_MAP:
        return walk_container(walk, &head);
    case ZCBOR_MAJOR_TYPE_TAG:
        return walk_tag(walk, head.value);
    default:
        /* false, true and null; or a float, whose width is kept. */
        if (!(*start >= 0xf4 && *start <= 0xf6) && !ZCBOR_IS_FLOAT(*start))
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

/* ---- Reading ---- */

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

/* Where the item that begins at `at` ends. */
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

/* ---- Points in time ---- */

struct cursor {
    const char *at;
    const char *end;
};

/* Exactly `count` digits and the character behind them, unless that is 0; a negative number for anything else. */
static int take_number(struct cursor *text, int count, char then) {
    int value = 0;
    if (text->end - text->at < count + (then != 0)) return -1;
    for (; count; count--, text->at++) {
        if (*text->at < '0' || *text->at > '9') return -1;
        value = value * 10 + (*text->at - '0');
    }
    return !then || *text->at++ == then ? value : -1;
}

/* Days since 1970-01-01 in the Gregorian calendar. Years begin in March here, so that a leap day ends its year. */
static int64_t days_since_1970(int year, int month, int day) {
    int shifted = year - (month <= 2), from_march = (month + 9) % 12;
    int day_of_year = (153 * from_march + 2) / 5 + day - 1;
    return (int64_t)365 * shifted + shifted / 4 - shifted / 100 + shifted / 400 + day_of_year - 719468;
}

static bool parse_rfc3339(struct cursor text, int64_t *seconds, uint32_t *nanoseconds) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = take_number(&text, 4, '-'), month = take_number(&text, 2, '-'), day = take_number(&text, 2, 'T');
    int hour = take_number(&text, 2, ':'), minute = take_number(&text, 2, ':'), second = take_number(&text, 2, 0);
    if (year < 1 || month < 1 || month > 12 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 59)
        return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > days[month - 1] + (month == 2 && leap)) return false;
    uint32_t fraction = 0, unit = 1000000000;
    if (text.at < text.end && *text.at == '.') {
        for (text.at++; text.at < text.end && *text.at >= '0' && *text.at <= '9'; text.at++) {
            if (unit == 1) return false; /* more than nine digits */
            unit /= 10;
            fraction += (uint32_t)(*text.at - '0') * unit;
        }
        if (unit == 1000000000) return false;
    }
    if (text.at == text.end) return false;
    char zone = *text.at++;
    int offset_hour = zone == 'Z' ? 0 : take_number(&text, 2, ':'), offset_minute = zone == 'Z' ? 0 : take_number(&text, 2, 0);
    if ((zone != 'Z' && zone != '+' && zone != '-') || offset_hour < 0 || offset_hour > 23 || offset_minute < 0 ||
        offset_minute > 59 || text.at != text.end)
        return false;
    int64_t offset = (offset_hour * 60 + offset_minute) * (zone == '-' ? -60 : 60);
    *seconds = days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    *nanoseconds = fraction;
    return true;
}

bool wardian_as_time(wardian_item item, int64_t *seconds, uint32_t *nanoseconds) {
    zcbor_state_t state[1];
    uint32_t tag, parsed_fraction = 0;
    int64_t parsed;
    double number;
    wardian_text text;
    open_state(state, 1, item);
    if (!item.at || !zcbor_tag_decode(state, &tag)) return false;
    wardian_item content = {state->payload, item.end};
    if (wardian_as_text(content, &text)) {
        if (!parse_rfc3339((struct cursor){text.data, text.data + text.size}, &parsed, &parsed_fraction)) return false;
    } else if (!wardian_as_int(content, &parsed)) {
        if (!wardian_as_double(content, &number) || !(number > -1e12 && number < 1e12)) return false;
        parsed = (int64_t)number - (number < (double)(int64_t)number);
        parsed_fraction = (uint32_t)((number - (double)parsed) * 1e9);
    }
    if (parsed < FIRST_SECOND || parsed > LAST_SECOND) return false;
    *seconds = parsed;
    *nanoseconds = parsed_fraction;
    return true;
}

/* ---- Writing ---- */

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

/* ---- Entry points ---- */

/* {"kind": "exhausted", "message": "out of memory"}, for when there is no room to write it. */
static const uint8_t exhausted[] = "\xa2\x64kind\x69" "exhausted" "\x67message\x6d" "out of memory";

static wardian_result pack(const uint8_t *data, size_t size, bool failed) {
    return (uint64_t)(uintptr_t)data << 32 | (uint64_t)failed << 31 | size;
}

static wardian_result fail_for(const char *fault) {
    return wardian_fail(fault == out_of_memory ? WARDIAN_EXHAUSTED : WARDIAN_INTERNAL, fault);
}

wardian_result wardian_begin(uint8_t *data, size_t size, wardian_item *request) {
    arena_top = arena_floor;
    const char *fault = wardian_decode(data, size, request);
    if (!fault) return 0;
    if (fault == out_of_memory) return fail_for(fault);
    return wardian_fail(WARDIAN_INVALID, wardian_format("the request is not an item of this ABI: %s", fault));
}

wardian_result wardian_reply(const wardian_writer *writer) {
    const char *fault = fault_of(writer);
    return fault ? fail_for(fault) : pack(writer->data, writer->size, false);
}

wardian_result wardian_fail(const char *kind, const char *message) {
    struct wardian_error error = {kind, message, NULL, -1, NULL};
    return wardian_fail_with(error);
}

wardian_result wardian_fail_with(struct wardian_error error) {
    wardian_writer writer = wardian_write();
    wardian_put_map(&writer);
    wardian_put_str(&writer, "kind");
    wardian_put_str(&writer, error.kind);
    wardian_put_str(&writer, "message");
    wardian_put_str(&writer, error.message);
    if (error.code) {
        wardian_put_str(&writer, "code");
        wardian_put_str(&writer, error.code);
    }
    if (error.retry_after_ms >= 0) {
        wardian_put_str(&writer, "retry_after_ms");
        wardian_put_int(&writer, error.retry_after_ms);
    }
    if (error.details) {
        wardian_put_str(&writer, "details");
        wardian_put_writer(&writer, error.details);
    }
    wardian_put_end(&writer);
    const char *fault = fault_of(&writer);
    if (!fault) return pack(writer.data, writer.size, true);
    return fault == out_of_memory ? pack(exhausted, sizeof exhausted - 1, true) : fail_for(fault);
}

/* ---- A little printf ---- */

struct line {
    char *data;
    size_t size;
    size_t capacity;
};

/* Appends, moving to a block of twice the size when full; what memory has no room for is cut off. */
static void append(struct line *line, const char *data, size_t size) {
    if (size >= line->capacity - line->size) {
        size_t capacity = 2 * (line->size + size) + 64;
        char *moved = wardian_scratch(capacity);
        if (!moved) return;
        memcpy(moved, line->data, line->size);
        line->data = moved;
        line->capacity = capacity;
    }
    memcpy(line->data + line->size, data, size);
    line->size += size;
    line->data[line->size] = '\0';
}

static void append_number(struct line *line, unsigned long long value, unsigned base, bool negative) {
    char digits[21];
    size_t at = sizeof digits;
    do digits[--at] = "0123456789abcdef"[value % base];
    while (value /= base);
    if (negative) digits[--at] = '-';
    append(line, digits + at, sizeof digits - at);
}

const char *wardian_format(const char *format, ...) {
    static char none[1] = "";
    struct line line = {none, 0, 1};
    va_list arguments;
    va_start(arguments, format);
    while (*format) {
        size_t plain = 0;
        while (format[plain] && format[plain] != '%') plain++;
        append(&line, format, plain);
        format += plain;
        if (*format++ != '%') break;
        size_t precision = SIZE_MAX;
        if (format[0] == '.' && format[1] == '*') {
            precision = (size_t)va_arg(arguments, int);
            format += 2;
        }
        int longs = 0;
        while (*format == 'l' || *format == 'z') longs += *format++ == 'l';
        char directive = *format ? *format++ : '%';
        if (directive == 's') {
            const char *text = va_arg(arguments, const char *);
            append(&line, text, precision == SIZE_MAX ? strlen(text) : precision);
        } else if (directive == 'c') {
            char letter = (char)va_arg(arguments, int);
            append(&line, &letter, 1);
        } else if (directive == 'd' || directive == 'i') {
            long long value = longs == 2 ? va_arg(arguments, long long) : va_arg(arguments, int); /* long is int here */
            append_number(&line, value < 0 ? -(unsigned long long)value : (unsigned long long)value, 10, value < 0);
        } else if (directive == 'u' || directive == 'x') {
            unsigned long long value = longs == 2 ? va_arg(arguments, unsigned long long) : va_arg(arguments, unsigned);
            append_number(&line, value, directive == 'u' ? 10 : 16, false);
        } else {
            append(&line, &directive, 1);
        }
    }
    va_end(arguments);
    return line.data;
}

/* ---- The host's functions ---- */

#define HOST(name) __attribute__((import_module("wardian"), import_name(#name))) extern int64_t host_##name

__attribute__((import_module("wardian"), import_name("take"))) extern void host_take(uint8_t *to);

static const uint8_t null_item[1] = {0xf6};

/* The last failure of a host call: the host's own error, or a fault on this side of the call. */
static wardian_item host_error;
static const char *host_fault;

wardian_item wardian_host_error(void) { return host_error; }

wardian_result wardian_pass_on(void) {
    if (!host_error.at) return fail_for(host_fault ? host_fault : "no host call failed");
    return pack(host_error.at, (size_t)(host_error.end - host_error.at), true);
}

static bool host_call_fails(const char *fault) {
    host_error = (wardian_item){NULL, NULL};
    host_fault = fault;
    return false;
}

bool wardian_sends(const wardian_writer *argument, wardian_bytes *sent) {
    *sent = (wardian_bytes){null_item, sizeof null_item};
    if (!argument || (argument->size == 0 && !argument->fault)) return true;
    if (fault_of(argument)) return host_call_fails(fault_of(argument));
    *sent = (wardian_bytes){argument->data, argument->size};
    return true;
}

bool wardian_takes(int64_t status, wardian_item *result) {
    wardian_item taken = {null_item, null_item + sizeof null_item};
    if (status != 0) {
        uint64_t size = status < 0 ? -(uint64_t)status : (uint64_t)status;
        uint8_t *data = size > SIZE_MAX / 2 ? NULL : wardian_scratch((size_t)size);
        if (!data) return host_call_fails(out_of_memory);
        host_take(data);
        const char *fault = wardian_decode(data, (size_t)size, &taken);
        if (fault) return host_call_fails(fault);
    }
    if (status < 0) {
        host_call_fails(NULL);
        host_error = taken;
        return false;
    }
    if (result) *result = taken;
    return true;
}

/* The answer was of another type than the ABI says. */
static bool expects(bool good) { return good || host_call_fails("the host's answer has the wrong type"); }

/* Sends a finished writer, or NULL for null, to an import. */
#define ASK(name, writer, result) \
    (wardian_sends(writer, &sent) && wardian_takes(host_##name(sent.data, sent.size), result))

/* Most requests are a list that begins with a name: `[name, ...]`, or a name alone. */
static wardian_writer list_of(const char *name) {
    wardian_writer request = wardian_write();
    wardian_put_list(&request);
    wardian_put_str(&request, name);
    return request;
}

static wardian_writer pair_of(const char *name, const wardian_writer *item) {
    wardian_writer request = list_of(name);
    wardian_put_writer(&request, item);
    wardian_put_end(&request);
    return request;
}

static wardian_writer name_alone(const char *name) {
    wardian_writer request = wardian_write();
    wardian_put_str(&request, name);
    return request;
}

HOST(log)(const uint8_t *data, size_t size);
bool wardian_log_fields(enum wardian_level level, const char *message, const wardian_writer *fields) {
    wardian_bytes sent;
    size_t mark = wardian_mark();
    wardian_writer request = wardian_write();
    wardian_put_list(&request);
    wardian_put_int(&request, level);
    wardian_put_str(&request, message);
    if (fields) wardian_put_writer(&request, fields);
    wardian_put_end(&request);
    if (!ASK(log, &request, NULL)) return false;
    wardian_release(mark);
    return true;
}

bool wardian_log(enum wardian_level level, const char *message) { return wardian_log_fields(level, message, NULL); }

HOST(state_get)(const uint8_t *data, size_t size);
bool wardian_state_get(const char *key, wardian_item *value) {
    wardian_bytes sent;
    wardian_writer request = name_alone(key);
    return ASK(state_get, &request, value);
}

HOST(state_put)(const uint8_t *data, size_t size);
bool wardian_state_put(const char *key, const wardian_writer *value) {
    wardian_bytes sent;
    wardian_writer request = pair_of(key, value);
    return ASK(state_put, &request, NULL);
}

bool wardian_state_put_ttl(const char *key, const wardian_writer *value, uint64_t ttl_ms) {
    wardian_bytes sent;
    wardian_writer request = list_of(key);
    wardian_put_writer(&request, value);
    wardian_put_uint(&request, ttl_ms);
    wardian_put_end(&request);
    return ASK(state_put, &request, NULL);
}

HOST(state_delete)(const uint8_t *data, size_t size);
bool wardian_state_delete(const char *key, bool *existed) {
    wardian_bytes sent;
    wardian_item answer;
    bool was_there;
    wardian_writer request = name_alone(key);
    if (!ASK(state_delete, &request, &answer) || !expects(wardian_as_bool(answer, &was_there))) return false;
    if (existed) *existed = was_there;
    return true;
}

HOST(state_add)(const uint8_t *data, size_t size);
bool wardian_state_add(const char *key, int64_t delta, int64_t *total) {
    wardian_bytes sent;
    wardian_item answer;
    int64_t sum;
    size_t mark = wardian_mark();
    wardian_writer request = list_of(key);
    wardian_put_int(&request, delta);
    wardian_put_end(&request);
    if (!ASK(state_add, &request, &answer) || !expects(wardian_as_int(answer, &sum))) return false;
    if (total) *total = sum;
    wardian_release(mark);
    return true;
}

HOST(state_swap)(const uint8_t *data, size_t size);
bool wardian_state_swap(const char *key, const wardian_writer *expected, const wardian_writer *value, bool *swapped) {
    wardian_bytes sent;
    wardian_item answer;
    wardian_writer request = list_of(key);
    wardian_put_writer(&request, expected);
    wardian_put_writer(&request, value);
    wardian_put_end(&request);
    return ASK(state_swap, &request, &answer) && expects(wardian_as_bool(answer, swapped));
}

HOST(state_keys)(const uint8_t *data, size_t size);
bool wardian_state_keys(const char *prefix, const char *after_key, uint64_t limit, wardian_item *keys) {
    wardian_bytes sent;
    wardian_writer request = list_of(prefix);
    if (after_key)
        wardian_put_str(&request, after_key);
    else
        wardian_put_null(&request);
    wardian_put_uint(&request, limit);
    wardian_put_end(&request);
    return ASK(state_keys, &request, keys);
}

HOST(emit)(const uint8_t *data, size_t size);
bool wardian_emit(const wardian_writer *records, uint64_t *accepted) {
    wardian_bytes sent;
    wardian_item answer;
    return ASK(emit, records, &answer) && expects(wardian_as_uint(answer, accepted));
}

HOST(clock_now)(const uint8_t *data, size_t size);
bool wardian_clock_now(int64_t *unix_ns, int64_t *monotonic_ns) {
    wardian_bytes sent;
    wardian_item answer, first, second;
    size_t mark = wardian_mark();
    if (!ASK(clock_now, NULL, &answer)) return false;
    wardian_iterator each = wardian_each(answer);
    bool good = wardian_next_pair(&each, &first, &second) && wardian_as_int(first, unix_ns);
    if (!expects(good && (!monotonic_ns || wardian_as_int(second, monotonic_ns)))) return false;
    wardian_release(mark);
    return true;
}

HOST(random_bytes)(const uint8_t *data, size_t size);
bool wardian_random_bytes(void *buffer, size_t size) {
    wardian_bytes sent, drawn;
    wardian_item answer;
    size_t mark = wardian_mark();
    wardian_writer request = wardian_write();
    wardian_put_uint(&request, size);
    if (!ASK(random_bytes, &request, &answer)) return false;
    if (!expects(wardian_as_bytes(answer, &drawn) && drawn.size == size)) return false;
    memcpy(buffer, drawn.data, size);
    wardian_release(mark);
    return true;
}

HOST(http_request)(const uint8_t *data, size_t size);
bool wardian_http_request(const wardian_writer *request, wardian_item *response) {
    wardian_bytes sent;
    return ASK(http_request, request, response);
}

HOST(metric_record)(const uint8_t *data, size_t size);
bool wardian_metric_record(const char *name, const char *kind, double value, const wardian_writer *labels) {
    wardian_bytes sent;
    size_t mark = wardian_mark();
    wardian_writer request = list_of(name);
    wardian_put_str(&request, kind);
    wardian_put_double(&request, value);
    if (labels) {
        wardian_put_writer(&request, labels);
    } else {
        wardian_put_map(&request);
        wardian_put_end(&request);
    }
    wardian_put_end(&request);
    if (!ASK(metric_record, &request, NULL)) return false;
    wardian_release(mark);
    return true;
}

HOST(template_expand)(const uint8_t *data, size_t size);
bool wardian_template_expand(const char *text, wardian_text *expanded) {
    wardian_bytes sent;
    wardian_item answer;
    wardian_writer request = name_alone(text);
    return ASK(template_expand, &request, &answer) && expects(wardian_as_text(answer, expanded));
}

HOST(vars_get)(const uint8_t *data, size_t size);
bool wardian_vars_get(const char *name, wardian_item *value) {
    wardian_bytes sent;
    wardian_writer request = name_alone(name);
    return ASK(vars_get, &request, value);
}

HOST(vars_set)(const uint8_t *data, size_t size);
bool wardian_vars_set(const char *name, const wardian_writer *value) {
    wardian_bytes sent;
    wardian_writer request = pair_of(name, value);
    return ASK(vars_set, &request, NULL);
}

HOST(action_call)(const uint8_t *data, size_t size);
bool wardian_action_call(const char *action, const wardian_writer *params, wardian_item *result) {
    wardian_bytes sent;
    wardian_writer request = pair_of(action, params);
    return ASK(action_call, &request, result);
}

HOST(extension_call)(const uint8_t *data, size_t size);
bool wardian_extension_call(const char *extension, const char *method, const wardian_writer *argument,
                            wardian_item *result) {
    wardian_bytes sent;
    wardian_writer request = list_of(extension);
    wardian_put_str(&request, method);
    wardian_put_writer(&request, argument);
    wardian_put_end(&request);
    return ASK(extension_call, &request, result);
}

HOST(cancelled)(const uint8_t *data, size_t size);
bool wardian_cancelled(void) {
    wardian_bytes sent;
    wardian_item answer;
    bool cancelled = false;
    size_t mark = wardian_mark();
    if (ASK(cancelled, NULL, &answer)) wardian_as_bool(answer, &cancelled);
    wardian_release(mark);
    return cancelled;
}

/* ---- What wasm32-freestanding has no library for; the first three become single instructions ---- */

void *memcpy(void *to, const void *from, size_t size) { return __builtin_memcpy(to, from, size); }
void *memmove(void *to, const void *from, size_t size) { return __builtin_memmove(to, from, size); }
void *memset(void *to, int byte, size_t size) { return __builtin_memset(to, byte, size); }

int memcmp(const void *left, const void *right, size_t size) {
    const uint8_t *a = left, *b = right;
    for (size_t i = 0; i < size; i++)
        if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
    return 0;
}

size_t strlen(const char *text) {
    size_t size = 0;
    while (text[size]) size++;
    return size;
}
