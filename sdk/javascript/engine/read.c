/* From the bytes of an item to a value. Everything that ABI.md refuses is refused here, whoever sent it. */
#include "engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { UINT, NEGATIVE, BYTES, TEXT, LIST, MAP, TAG, SIMPLE };
enum { INDEFINITE = 31 };
static const int64_t SAFE = (1LL << 53) - 1; /* beyond it an integer is a BigInt */

struct reader {
    JSContext *context;
    const uint8_t *at, *end;
    const char *fault;
};

struct head {
    uint8_t major, info;
    uint64_t argument;
};

struct string {
    const uint8_t *data;
    size_t size;
    uint8_t *joined; /* of chunks; freed by whoever read it */
};

static JSValue read_value(struct reader *from, int depth);

static JSValue refuse(struct reader *from, const char *fault) {
    if (!from->fault) from->fault = fault;
    return JS_EXCEPTION;
}

static bool read_head(struct reader *from, struct head *head) {
    if (from->at == from->end) return refuse(from, "it ends early"), false;
    uint8_t first = *from->at++;
    *head = (struct head){first >> 5, first & 31, first & 31};
    if (head->info < 24) return true;
    if (head->info == INDEFINITE) {
        if (head->major >= BYTES && head->major != TAG) return true;
        return refuse(from, "a head that is none"), false;
    }
    if (head->info > 27) return refuse(from, "a head that is none"), false;
    size_t size = (size_t)1 << (head->info - 24);
    if ((size_t)(from->end - from->at) < size) return refuse(from, "it ends early"), false;
    head->argument = 0;
    while (size--) head->argument = head->argument << 8 | *from->at++;
    return true;
}

/* Steps over the break that ends what has no length. */
static bool at_break(struct reader *from) {
    if (from->at == from->end || *from->at != 0xff) return false;
    from->at++;
    return true;
}

static bool read_chunk(struct reader *from, struct head head, struct string *string) {
    if (head.argument > (uint64_t)(from->end - from->at)) return refuse(from, "it ends early"), false;
    *string = (struct string){from->at, (size_t)head.argument, NULL};
    from->at += string->size;
    if (head.major == TEXT && !wardian_is_utf8(string->data, string->size))
        return refuse(from, "a text that is not UTF-8"), false;
    return true;
}

/* A text or byte string in one piece; `joined` is the caller's to free, also when this fails. */
static bool read_string(struct reader *from, struct head head, struct string *string) {
    struct string chunk;
    struct head next;
    *string = (struct string){from->at, 0, NULL};
    if (head.info != INDEFINITE) return read_chunk(from, head, string);
    while (!at_break(from)) {
        if (!read_head(from, &next)) return false;
        if (next.major != head.major || next.info == INDEFINITE) return refuse(from, "a chunk of another type"), false;
        if (!read_chunk(from, next, &chunk)) return false;
        uint8_t *larger = js_realloc(from->context, string->joined, string->size + chunk.size + 1);
        if (!larger) return false;
        memcpy(larger + string->size, chunk.data, chunk.size);
        string->data = string->joined = larger;
        string->size += chunk.size;
    }
    return true;
}

static JSValue value_of_string(struct reader *from, struct head head) {
    struct string string;
    JSValue value = JS_EXCEPTION;
    if (read_string(from, head, &string))
        value = head.major == TEXT ? JS_NewStringLen(from->context, (const char *)string.data, string.size)
                                   : JS_NewUint8ArrayCopy(from->context, string.data, string.size);
    js_free(from->context, string.joined);
    return value;
}

static JSValue value_of_unsigned(struct reader *from, uint64_t number) {
    return number <= (uint64_t)SAFE ? JS_NewInt64(from->context, (int64_t)number) : JS_NewBigUint64(from->context, number);
}

/* -1 - number */
static JSValue value_of_negative(struct reader *from, uint64_t number) {
    if (number > INT64_MAX) return refuse(from, "an integer below -2^63");
    int64_t value = -1 - (int64_t)number;
    return value >= -SAFE ? JS_NewInt64(from->context, value) : JS_NewBigInt64(from->context, value);
}

static JSValue read_list(struct reader *from, struct head head, int depth) {
    bool open = head.info == INDEFINITE;
    JSValue list = JS_NewArray(from->context);
    for (uint32_t at = 0; open ? !at_break(from) : at < head.argument; at++) {
        JSValue each = read_value(from, depth + 1);
        if (JS_IsException(each) || JS_DefinePropertyValueUint32(from->context, list, at, each, JS_PROP_C_W_E) < 0) {
            JS_FreeValue(from->context, list);
            return JS_EXCEPTION;
        }
    }
    return list;
}

/* A map on its way: an object as long as all keys are texts, then a Map. Both know the keys that were there. */
struct map {
    JSValue object, map, bytes_seen;
};

/* 1 when this key is new in the object, 0 when it was there, -1 when JavaScript threw. */
static int is_new(JSContext *context, JSValueConst object, JSAtom key) {
    int found = JS_GetOwnProperty(context, NULL, object, key);
    return found < 0 ? -1 : !found;
}

static bool map_set(JSContext *context, JSValueConst map, JSValue key, JSValue value) {
    JSValueConst pair[] = {key, value};
    JSAtom set = JS_NewAtom(context, "set");
    JSValue done = JS_Invoke(context, map, set, 2, pair);
    JS_FreeAtom(context, set);
    JS_FreeValue(context, key);
    JS_FreeValue(context, value);
    JS_FreeValue(context, done);
    return !JS_IsException(done);
}

/* The map becomes a Map, for its next key is bytes. */
static bool become_map(JSContext *context, struct map *map) {
    JSPropertyEnum *keys;
    uint32_t count;
    map->map = JS_CallConstructor(context, wardian_map_class, 0, NULL);
    map->bytes_seen = JS_NewObject(context);
    if (JS_IsException(map->map) || wardian_keys(&keys, &count, map->object) < 0)
        return false;
    bool good = true;
    for (uint32_t at = 0; good && at < count; at++)
        good = map_set(context, map->map, JS_AtomToString(context, keys[at].atom),
                       JS_GetProperty(context, map->object, keys[at].atom));
    JS_FreePropertyEnum(context, keys, count);
    return good;
}

static bool read_pair(struct reader *from, struct map *map, int depth) {
    JSContext *context = from->context;
    struct head head;
    struct string key;
    if (!read_head(from, &head)) return false;
    if (head.major != TEXT && head.major != BYTES) return refuse(from, "a key that is neither text nor bytes"), false;
    bool text = head.major == TEXT, good = read_string(from, head, &key);
    if (good && !text && JS_IsUndefined(map->map)) good = become_map(context, map);
    /* Bytes are remembered as the text of their hexadecimal digits. */
    JSAtom atom = JS_ATOM_NULL;
    JSValue bytes = JS_UNDEFINED;
    if (good && text) atom = JS_NewAtomLen(context, (const char *)key.data, key.size);
    if (good && !text) {
        static const char digits[] = "0123456789abcdef";
        char *hex = js_malloc(context, 2 * key.size + 1);
        for (size_t at = 0; hex && at < key.size; at++)
            hex[2 * at] = digits[key.data[at] >> 4], hex[2 * at + 1] = digits[key.data[at] & 15];
        if (hex) atom = JS_NewAtomLen(context, hex, 2 * key.size);
        js_free(context, hex);
        bytes = JS_NewUint8ArrayCopy(context, key.data, key.size);
    }
    js_free(context, key.joined);
    int fresh = atom == JS_ATOM_NULL ? -1 : is_new(context, text ? map->object : map->bytes_seen, atom);
    if (good && fresh == 0) refuse(from, "a key that comes twice");
    JSValue value = good && fresh == 1 ? read_value(from, depth + 1) : JS_EXCEPTION;
    good = !JS_IsException(value);
    if (good && !JS_IsUndefined(map->map)) {
        good = JS_DefinePropertyValue(context, text ? map->object : map->bytes_seen, atom, JS_NULL, JS_PROP_C_W_E) >= 0;
        JSValue as_key = text ? JS_AtomToString(context, atom) : JS_DupValue(context, bytes);
        good = map_set(context, map->map, as_key, value) && good;
    } else if (good) {
        good = JS_DefinePropertyValue(context, map->object, atom, value, JS_PROP_C_W_E) >= 0;
    }
    JS_FreeAtom(context, atom);
    JS_FreeValue(context, bytes);
    return good;
}

static JSValue read_map(struct reader *from, struct head head, int depth) {
    struct map map = {JS_NewObject(from->context), JS_UNDEFINED, JS_UNDEFINED};
    bool open = head.info == INDEFINITE, good = !JS_IsException(map.object);
    for (uint64_t at = 0; good && (open ? !at_break(from) : at < head.argument); at++) good = read_pair(from, &map, depth);
    JS_FreeValue(from->context, map.bytes_seen);
    JSValue result = JS_IsUndefined(map.map) ? map.object : map.map;
    if (!JS_IsUndefined(map.map)) JS_FreeValue(from->context, map.object);
    if (good) return result;
    JS_FreeValue(from->context, result);
    return JS_EXCEPTION;
}

static void set(JSContext *context, JSValueConst object, const char *name, int64_t value) {
    JS_DefinePropertyValueStr(context, object, name, JS_NewInt64(context, value), JS_PROP_ENUMERABLE);
}

static JSValue value_of_time(struct reader *from, bool known, const struct wardian_time *time) {
    if (!known || !wardian_time_is_good(time)) return refuse(from, "no point in time");
    JSValue value = JS_NewObjectProto(from->context, wardian_time_prototype);
    set(from->context, value, "seconds", time->seconds);
    set(from->context, value, "nanoseconds", time->nanoseconds);
    set(from->context, value, "offset", time->offset);
    return value;
}

static double half(uint16_t bits) {
    int exponent = bits >> 10 & 31, fraction = bits & 1023;
    double size = exponent == 0    ? ldexp(fraction, -24)
                  : exponent == 31 ? (fraction ? NAN : INFINITY)
                                   : ldexp(fraction + 1024, exponent - 25);
    return bits & 0x8000 ? -size : size;
}

static double float_of(struct head head) {
    uint32_t narrow = (uint32_t)head.argument;
    float single;
    double wide;
    memcpy(&single, &narrow, sizeof single);
    memcpy(&wide, &head.argument, sizeof wide);
    return head.info == 25 ? half((uint16_t)head.argument) : head.info == 26 ? single : wide;
}

static bool is_float(struct head head) { return head.major == SIMPLE && head.info >= 25 && head.info <= 27; }

/* What tags 0 to 3 hold. A tag takes no level of nesting. */
static JSValue read_tagged(struct reader *from, uint64_t tag) {
    struct head head;
    struct string string;
    struct wardian_time time = {0};
    uint64_t number = 0;
    if (tag > 3) return refuse(from, "a tag other than 0 to 3");
    if (!read_head(from, &head)) return JS_EXCEPTION;
    if (tag == 1) {
        bool known = true;
        if (head.major == UINT || head.major == NEGATIVE) {
            known = head.argument <= INT64_MAX;
            time.seconds = head.major == UINT ? (int64_t)head.argument : -1 - (int64_t)head.argument;
        } else {
            known = is_float(head) && wardian_time_from_double(float_of(head), &time);
        }
        return value_of_time(from, known, &time);
    }
    if (head.major != (tag == 0 ? TEXT : BYTES)) return refuse(from, "a tag on what it does not take");
    bool good = read_string(from, head, &string);
    if (good && tag == 0) good = wardian_time_from_text((const char *)string.data, string.size, &time);
    while (good && tag != 0 && string.size > 8 && *string.data == 0) string.data++, string.size--;
    bool fits = string.size <= 8;
    for (size_t at = 0; good && tag != 0 && fits && at < string.size; at++) number = number << 8 | string.data[at];
    js_free(from->context, string.joined);
    if (tag == 0) return value_of_time(from, good, &time);
    if (!good) return JS_EXCEPTION;
    if (!fits) return refuse(from, "an integer of more than 64 bits");
    return tag == 2 ? value_of_unsigned(from, number) : value_of_negative(from, number);
}

static JSValue read_value(struct reader *from, int depth) {
    struct head head;
    if (!read_head(from, &head)) return JS_EXCEPTION;
    switch (head.major) {
    case UINT: return value_of_unsigned(from, head.argument);
    case NEGATIVE: return value_of_negative(from, head.argument);
    case BYTES:
    case TEXT: return value_of_string(from, head);
    case TAG: return read_tagged(from, head.argument);
    case SIMPLE:
        if (is_float(head)) return JS_NewNumber(from->context, float_of(head));
        if (head.info == 20 || head.info == 21) return JS_NewBool(from->context, head.info == 21);
        if (head.info == 22) return JS_NULL;
        return refuse(from, head.info == INDEFINITE ? "a break out of place" : "a simple value other than false, true, null");
    default:
        if (depth >= WARDIAN_DEPTH) return refuse(from, "lists and maps are nested deeper than 64");
        return head.major == LIST ? read_list(from, head, depth) : read_map(from, head, depth);
    }
}

JSValue wardian_read(const uint8_t *data, size_t size, const char **fault) {
    struct reader from = {wardian_context, data, data + size, NULL};
    JSValue value = read_value(&from, 0);
    if (!JS_IsException(value) && from.at != from.end) {
        JS_FreeValue(wardian_context, value);
        value = refuse(&from, "bytes follow the item");
    }
    *fault = from.fault;
    return value;
}
