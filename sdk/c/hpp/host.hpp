// The host's functions, by the names of its capabilities; one import each, and in the module only when it is used.
#pragma once

#include "results.hpp"

namespace wardian {

template <class T>
Outcome<T> answered(bool good, wardian_item got, const char *name) {
    if (!good) return Result::of(wardian_pass_on());
    if (Optional<T> value = Item(got).to<T>()) return *value;
    return fail(internal, "the answer of `", name, "` must be ", Read<T>::expected);
}

template <class T>
Outcome<T> answered_with(bool good, T value) {
    if (!good) return Result::of(wardian_pass_on());
    return value;
}

// What the host said when it last refused.
inline Item host_error() { return wardian_host_error(); }

namespace log {
// The part of a line that a host shows: what is behind 4,096 characters would only count against the limits.
inline Text start(Text line) {
    size_t left = 4096;
    for (size_t at = 0; at < line.size; at++) {
        if ((line.data[at] & 0xc0) == 0x80) continue; // goes on with a character
        if (left-- == 0) return {line.data, at};
    }
    return line;
}

template <class... Pieces>
bool line(wardian_level level, const Pieces &...pieces) {
    size_t mark = wardian_mark();
    bool heard = wardian_log(level, concat(start(concat(pieces...))).data);
    wardian_release(mark);
    return heard;
}
template <class... P>
bool trace(const P &...pieces) { return line(WARDIAN_TRACE, pieces...); }
template <class... P>
bool debug(const P &...pieces) { return line(WARDIAN_DEBUG, pieces...); }
template <class... P>
bool info(const P &...pieces) { return line(WARDIAN_INFO, pieces...); }
template <class... P>
bool warn(const P &...pieces) { return line(WARDIAN_WARN, pieces...); }
template <class... P>
bool error(const P &...pieces) { return line(WARDIAN_ERROR, pieces...); }

// With fields, a map: `log::write(WARDIAN_INFO, "seen", map("user", 7))`; fails where the host has heard enough.
template <class T = Null>
Outcome<Null> write(wardian_level level, Text text, const T &fields = {}) {
    CText message = start(text);
    if constexpr (__is_same(T, Null))
        return answered_with(wardian_log(level, message), null);
    else
        return answered_with(wardian_log_fields(level, message, written(fields).raw()), null);
}
} // namespace log

namespace metric {
inline Outcome<Null> record(CText name, CText kind, double value) {
    return answered_with(wardian_metric_record(name, kind, value, nullptr), null);
}
template <class T>
Outcome<Null> record(CText name, CText kind, double value, const T &labels) {
    return answered_with(wardian_metric_record(name, kind, value, written(labels).raw()), null);
}
} // namespace metric

namespace state {
template <class T = Item>
Outcome<T> get(CText key) {
    wardian_item value{};
    return answered<T>(wardian_state_get(key, &value), value, "state_get");
}
template <class T>
Outcome<Null> put(CText key, const T &value) {
    return answered_with(wardian_state_put(key, written(value).raw()), null);
}
template <class T>
Outcome<Null> put_for(CText key, const T &value, uint64_t ttl_ms) {
    return answered_with(wardian_state_put_ttl(key, written(value).raw(), ttl_ms), null);
}
inline Outcome<bool> remove(CText key) { // `delete` is a word of the language
    bool existed = false;
    bool good = wardian_state_delete(key, &existed);
    return answered_with(good, existed);
}
inline Outcome<int64_t> add(CText key, int64_t delta) {
    int64_t total = 0;
    bool good = wardian_state_add(key, delta, &total);
    return answered_with(good, total);
}
template <class Expected, class Value>
Outcome<bool> swap(CText key, const Expected &expected, const Value &value) {
    bool swapped = false;
    bool good = wardian_state_swap(key, written(expected).raw(), written(value).raw(), &swapped);
    return answered_with(good, swapped);
}
inline Outcome<Item> keys(CText prefix, Optional<Text> after, uint64_t limit) {
    wardian_item found{};
    bool good = wardian_state_keys(prefix, after ? concat(*after).data : nullptr, limit, &found);
    return answered<Item>(good, found, "state_keys");
}
} // namespace state

// How many of the records, from the first on, were taken.
template <class T>
Outcome<uint64_t> emit(const T &records) {
    uint64_t taken = 0;
    bool good = wardian_emit(written(records).raw(), &taken);
    return answered_with(good, taken);
}

namespace clock {
struct Now {
    int64_t unix_ns, monotonic_ns;
};
inline Outcome<Now> now() {
    Now now{};
    bool good = wardian_clock_now(&now.unix_ns, &now.monotonic_ns);
    return answered_with(good, now);
}
} // namespace clock

namespace random {
inline Outcome<Bytes> bytes(size_t count) {
    auto *buffer = static_cast<uint8_t *>(wardian_scratch(count));
    if (!buffer) return fail(exhausted, "out of memory");
    return answered_with(wardian_random_bytes(buffer, count), Bytes(buffer, count));
}
} // namespace random

namespace http {
// `http::request(map("method", "GET", "url", url))` -> a map of `status`, `headers` and `body`
template <class T>
Outcome<Item> request(const T &asked) {
    wardian_item response{};
    return answered<Item>(wardian_http_request(written(asked).raw(), &response), response, "http_request");
}
} // namespace http

namespace templates { // `template` is a word of the language
inline Outcome<Text> expand(CText text) {
    wardian_text expanded{};
    bool good = wardian_template_expand(text, &expanded);
    return answered_with(good, Text(expanded));
}
} // namespace templates

namespace vars {
template <class T = Item>
Outcome<T> get(CText name) {
    wardian_item value{};
    return answered<T>(wardian_vars_get(name, &value), value, "vars_get");
}
template <class T>
Outcome<Null> set(CText name, const T &value) {
    return answered_with(wardian_vars_set(name, written(value).raw()), null);
}
} // namespace vars

namespace actions {
template <class T = Item, class P = Null>
Outcome<T> call(CText action, const P &params = {}) {
    wardian_item result{};
    return answered<T>(wardian_action_call(action, written(params).raw(), &result), result, "action_call");
}
} // namespace actions

namespace extensions {
template <class T = Item, class A = Null>
Outcome<T> call(CText extension, CText method, const A &argument = {}) {
    wardian_item result{};
    bool good = wardian_extension_call(extension, method, written(argument).raw(), &result);
    return answered<T>(good, result, "extension_call");
}
} // namespace extensions

inline bool cancelled() { return wardian_cancelled(); }

// Outside all namespaces: declares `wardian::app::NAME`, a function of the application; to use it is to ask for it.
#define WARDIAN_APP_FUNCTION(name)                                                               \
    WARDIAN_APP_IMPORT(name)                                                                     \
    namespace wardian::app {                                                                     \
    template <class T = Item, class A = Null>                                                    \
    Outcome<T> name(const A &argument = {}) {                                                    \
        wardian_item result{};                                                                   \
        bool good = ::app_##name(written(argument).raw(), &result);                              \
        return answered<T>(good, result, #name);                                                 \
    }                                                                                            \
    }

} // namespace wardian
