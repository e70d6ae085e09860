/* From a value to the bytes of an item: heads as short as they can be, definite lengths, floats with 64 bits. */
#include "engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { UINT, NEGATIVE, BYTES, TEXT, LIST, MAP, TAG };

struct writer {
    JSContext *context;
    struct wardian_bytes *to;
};

static bool write_value(struct writer *to, JSValueConst value, int depth);

static bool refuse(struct writer *to, const char *what) {
    JS_ThrowTypeError(to->context, "%s cannot be sent", what);
    return false;
}

bool wardian_append(struct wardian_bytes *to, const void *data, size_t size) {
    if (size > to->capacity - to->size) {
        size_t capacity = 2 * to->capacity + size + 256;
        uint8_t *larger = realloc(to->data, capacity);
        if (!larger) return JS_ThrowOutOfMemory(wardian_context), false;
        to->data = larger;
        to->capacity = capacity;
    }
    if (size) memcpy(to->data + to->size, data, size);
    to->size += size;
    return true;
}

static size_t make_head(uint8_t head[9], int major, uint64_t argument) {
    int width = argument < 24 ? 0 : argument <= 0xff ? 1 : argument <= 0xffff ? 2 : argument <= 0xffffffff ? 4 : 8;
    int info = width == 0 ? (int)argument : width == 1 ? 24 : width == 2 ? 25 : width == 4 ? 26 : 27;
    head[0] = (uint8_t)(major << 5 | info);
    for (int at = width; at > 0; at--, argument >>= 8) head[at] = (uint8_t)argument;
    return 1 + (size_t)width;
}

static bool write_head(struct writer *to, int major, uint64_t argument) {
    uint8_t head[9];
    return wardian_append(to->to, head, make_head(head, major, argument));
}

static bool write_byte(struct writer *to, uint8_t byte) { return wardian_append(to->to, &byte, 1); }

static bool write_integer(struct writer *to, int64_t value) {
    return value < 0 ? write_head(to, NEGATIVE, (uint64_t)(-1 - value)) : write_head(to, UINT, (uint64_t)value);
}

/* A whole number that is exact is an integer, for JavaScript tells 1 and 1.0 apart as little as its authors. */
static bool write_number(struct writer *to, double number) {
    if (fabs(number) <= 9007199254740991 && number == trunc(number) && !(number == 0 && signbit(number)))
        return write_integer(to, (int64_t)number);
    if (isnan(number)) return wardian_append(to->to, "\xf9\x7e\x00", 3);
    if (isinf(number)) return wardian_append(to->to, number > 0 ? "\xf9\x7c\x00" : "\xf9\xfc\x00", 3);
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    if (!write_byte(to, 0xfb)) return false;
    for (int shift = 56; shift >= 0; shift -= 8)
        if (!write_byte(to, (uint8_t)(bits >> shift))) return false;
    return true;
}

static bool write_bigint(struct writer *to, JSValueConst value) {
    size_t size;
    const char *digits = JS_ToCStringLen(to->context, &size, value);
    if (!digits) return false;
    bool negative = *digits == '-', fits = size <= 20;
    uint64_t number = 0;
    for (const char *at = digits + negative; fits && *at; at++) {
        fits = !__builtin_mul_overflow(number, 10, &number) && !__builtin_add_overflow(number, *at - '0', &number);
    }
    JS_FreeCString(to->context, digits);
    if (!fits || (negative && number > 1ULL << 63)) return refuse(to, "an integer of more than 64 bits");
    return negative ? write_head(to, NEGATIVE, number - 1) : write_head(to, UINT, number);
}

static bool write_text(struct writer *to, const char *text, size_t size) {
    if (!text) return false; /* JavaScript threw */
    if (!wardian_is_utf8((const uint8_t *)text, size)) return refuse(to, "a text with half of a surrogate pair");
    return write_head(to, TEXT, size) && wardian_append(to->to, text, size);
}

static bool write_string(struct writer *to, JSValueConst value) {
    size_t size = 0;
    const char *text = JS_ToCStringLen(to->context, &size, value);
    bool good = write_text(to, text, size);
    if (text) JS_FreeCString(to->context, text);
    return good;
}

static bool write_bytes(struct writer *to, const uint8_t *data, size_t size) {
    if (!data && size) return false;
    return write_head(to, BYTES, size) && wardian_append(to->to, data, size);
}

static bool write_list(struct writer *to, JSValueConst list, int depth) {
    int64_t length;
    if (JS_GetLength(to->context, list, &length) < 0 || !write_head(to, LIST, (uint64_t)length)) return false;
    for (int64_t at = 0; at < length; at++) {
        JSValue each = JS_GetPropertyInt64(to->context, list, at);
        bool good = !JS_IsException(each) && write_value(to, each, depth + 1);
        JS_FreeValue(to->context, each);
        if (!good) return false;
    }
    return true;
}

/* The head at this place, of a map of so many pairs at most, becomes that of as many as came. */
static bool correct_head(struct writer *to, size_t place, uint64_t most, uint64_t came) {
    uint8_t head[9];
    size_t was = make_head(head, MAP, most), is = make_head(head, MAP, came);
    memcpy(to->to->data + place, head, is);
    memmove(to->to->data + place + is, to->to->data + place + was, to->to->size - place - was);
    to->to->size -= was - is;
    return true;
}

/* Its own enumerable properties of string keys; those that are undefined are left out, as JSON does. */
static bool write_object(struct writer *to, JSValueConst object, int depth) {
    JSPropertyEnum *keys;
    uint32_t count, came = 0;
    if (wardian_keys(&keys, &count, object) < 0) return false;
    size_t place = to->to->size;
    bool good = write_head(to, MAP, count);
    for (uint32_t at = 0; good && at < count; at++) {
        JSValue value = JS_GetProperty(to->context, object, keys[at].atom);
        good = !JS_IsException(value);
        if (good && !JS_IsUndefined(value)) {
            size_t size = 0;
            const char *key = JS_AtomToCStringLen(to->context, &size, keys[at].atom);
            good = write_text(to, key, size) && write_value(to, value, depth + 1);
            if (key) JS_FreeCString(to->context, key);
            came++;
        }
        JS_FreeValue(to->context, value);
    }
    JS_FreePropertyEnum(to->context, keys, count);
    return good && (came == count || correct_head(to, place, count, came));
}

/* A Map, whose keys are texts or bytes. */
static bool write_map(struct writer *to, JSValueConst map, int depth) {
    JSContext *context = to->context;
    JSValue pairs = JS_Call(context, wardian_array_from, JS_UNDEFINED, 1, &map);
    int64_t length = 0;
    bool good = !JS_IsException(pairs) && JS_GetLength(context, pairs, &length) >= 0 && write_head(to, MAP, (uint64_t)length);
    for (int64_t at = 0; good && at < length; at++) {
        JSValue pair = JS_GetPropertyInt64(context, pairs, at);
        JSValue key = JS_GetPropertyUint32(context, pair, 0), value = JS_GetPropertyUint32(context, pair, 1);
        bool fit = JS_IsString(key) || JS_GetTypedArrayType(key) == JS_TYPED_ARRAY_UINT8;
        good = (fit || refuse(to, "a key that is neither text nor bytes")) && write_value(to, key, 0) &&
               write_value(to, value, depth + 1);
        JS_FreeValue(context, key);
        JS_FreeValue(context, value);
        JS_FreeValue(context, pair);
    }
    JS_FreeValue(context, pairs);
    return good;
}

static bool write_time(struct writer *to, const struct wardian_time *time) {
    char text[WARDIAN_TIME_SIZE];
    if (!wardian_time_is_good(time)) return refuse(to, "a time outside of the years 1 to 9999");
    size_t size = wardian_time_to_text(time, text);
    return write_head(to, TAG, 0) && write_text(to, text, size);
}

static bool write_date(struct writer *to, JSValueConst date) {
    double milliseconds;
    if (JS_ToFloat64(to->context, &milliseconds, date) < 0) return false;
    if (!isfinite(milliseconds)) return refuse(to, "an invalid Date");
    double seconds = floor(milliseconds / 1000);
    uint32_t nanoseconds = (uint32_t)(milliseconds - seconds * 1000) * 1000000;
    return write_time(to, &(struct wardian_time){(int64_t)seconds, nanoseconds, 0});
}

static bool get(struct writer *to, JSValueConst object, const char *name, int64_t *value) {
    JSValue found = JS_GetPropertyStr(to->context, object, name);
    bool good = JS_ToInt64(to->context, value, found) >= 0;
    JS_FreeValue(to->context, found);
    return good;
}

static bool write_parts_of_time(struct writer *to, JSValueConst time) {
    int64_t seconds, nanoseconds, offset;
    if (!get(to, time, "seconds", &seconds) || !get(to, time, "nanoseconds", &nanoseconds)) return false;
    if (!get(to, time, "offset", &offset)) return false;
    if (nanoseconds != (uint32_t)nanoseconds || offset != (int)offset) return refuse(to, "a time that is none");
    return write_time(to, &(struct wardian_time){seconds, (uint32_t)nanoseconds, (int)offset});
}

static bool is_time(JSContext *context, JSValueConst object) {
    JSValue prototype = JS_GetPrototype(context, object);
    bool same = JS_IsObject(prototype) && JS_VALUE_GET_PTR(prototype) == JS_VALUE_GET_PTR(wardian_time_prototype);
    JS_FreeValue(context, prototype);
    return same;
}

static bool write_any_object(struct writer *to, JSValueConst object, int depth) {
    JSContext *context = to->context;
    size_t size = 0;
    if (JS_GetTypedArrayType(object) >= 0) {
        if (JS_GetTypedArrayType(object) > JS_TYPED_ARRAY_UINT8) return refuse(to, "a typed array other than Uint8Array");
        const uint8_t *data = JS_GetUint8Array(context, &size, object);
        return write_bytes(to, data, size);
    }
    if (JS_IsArrayBuffer(object)) {
        const uint8_t *data = JS_GetArrayBuffer(context, &size, object);
        return write_bytes(to, data, size);
    }
    if (JS_IsDate(object)) return write_date(to, object);
    if (JS_IsFunction(context, object)) return refuse(to, "a function");
    if (JS_IsPromise(object)) return refuse(to, "a promise (is an `await` missing?)");
    if (JS_IsSet(object)) return refuse(to, "a Set (is it meant as a list, `[...set]`?)");
    if (is_time(context, object)) return write_parts_of_time(to, object);
    if (depth >= WARDIAN_DEPTH) return refuse(to, "what is nested deeper than 64 lists and maps, or holds itself,");
    if (JS_IsArray(object)) return write_list(to, object, depth);
    return JS_IsMap(object) ? write_map(to, object, depth) : write_object(to, object, depth);
}

static bool write_value(struct writer *to, JSValueConst value, int depth) {
    switch (JS_VALUE_GET_NORM_TAG(value)) {
    case JS_TAG_INT: return write_integer(to, JS_VALUE_GET_INT(value));
    case JS_TAG_FLOAT64: return write_number(to, JS_VALUE_GET_FLOAT64(value));
    case JS_TAG_BOOL: return write_byte(to, JS_VALUE_GET_BOOL(value) ? 0xf5 : 0xf4);
    case JS_TAG_NULL:
    case JS_TAG_UNDEFINED: return write_byte(to, 0xf6);
    case JS_TAG_OBJECT: return write_any_object(to, value, depth);
    default:
        if (JS_IsString(value)) return write_string(to, value);
        return JS_IsBigInt(value) ? write_bigint(to, value) : refuse(to, "a symbol");
    }
}

bool wardian_write(struct wardian_bytes *to, JSValueConst value) {
    return write_value(&(struct writer){wardian_context, to}, value, 0);
}
