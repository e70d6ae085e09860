// `Writer`, and the lists, maps and texts that are written at once.
#pragma once

#include "reading.hpp"

namespace wardian {

// Writes one item into the arena. What goes wrong is remembered, and an `internal` error when the item is used.
class Writer {
  public:
    Writer &put(Null) { return wardian_put_null(&raw_), *this; }
    Writer &put(decltype(nullptr)) { return wardian_put_null(&raw_), *this; }
    Writer &put(bool value) { return wardian_put_bool(&raw_, value), *this; }
    Writer &put(double value) { return wardian_put_double(&raw_, value), *this; }
    Writer &put(const char *value) { return wardian_put_str(&raw_, value), *this; }
    Writer &put(Text value) { return wardian_put_text(&raw_, value), *this; }
    Writer &put(Bytes value) { return wardian_put_bytes(&raw_, value), *this; }
    Writer &put(Item value) { return value.is_missing() ? put(null) : (wardian_put_item(&raw_, value), *this); }
    Writer &put(const Writer &value) { return wardian_put_writer(&raw_, &value.raw_), *this; }

    template <class T, class = typename If<__is_integral(T)>::type>
    Writer &put(T value) {
        if constexpr (__is_signed(T))
            wardian_put_int(&raw_, value);
        else
            wardian_put_uint(&raw_, value);
        return *this;
    }

    template <class T>
    Writer &put(Optional<T> value) {
        return value ? put(*value) : put(null);
    }

    // A list of what a function puts, or a map: `writer.list([&](Writer &items) { … items.put(1); … })`.
    template <class F>
    Writer &list(F items) {
        wardian_put_list(&raw_);
        items(*this);
        return wardian_put_end(&raw_), *this;
    }

    template <class F>
    Writer &map(F pairs) {
        wardian_put_map(&raw_);
        pairs(*this);
        return wardian_put_end(&raw_), *this;
    }

    // In a map: a key and its value; one that is an empty Optional is left out.
    template <class T>
    Writer &set(const char *key, const T &value) {
        return put(key).put(value);
    }

    template <class T>
    Writer &set(const char *key, const Optional<T> &value) {
        return value ? put(key).put(*value) : *this;
    }

    // All pairs of a received map but that of a key, for records that go on with one field of another value.
    Writer &set_others(Item source, const char *key) { return wardian_set_others(&raw_, source, key), *this; }

    const wardian_writer *raw() const { return &raw_; }

  private:
    wardian_writer raw_ = wardian_write();
};

template <class T>
Writer written(const T &value) {
    Writer writer;
    writer.put(value);
    return writer;
}

inline void put_pairs(Writer &) {}
template <class T, class... More>
void put_pairs(Writer &writer, const char *key, const T &value, const More &...more) {
    writer.set(key, value);
    put_pairs(writer, more...);
}

// `map("text", text, "count", 3)`; `list(1, "two", null)`
template <class... Pairs>
Writer map(const Pairs &...pairs) {
    static_assert(sizeof...(Pairs) % 2 == 0, "wardian: a map is made of keys and values in turn");
    Writer writer;
    writer.map([&](Writer &within) { put_pairs(within, pairs...); });
    return writer;
}

template <class... Items>
Writer list(const Items &...items) {
    Writer writer;
    writer.list([&](Writer &within) { (within.put(items), ...); });
    return writer;
}

inline Text piece(Text text) { return text; }
template <class T, class = typename If<__is_integral(T)>::type>
Text piece(T number) {
    if constexpr (__is_signed(T))
        return wardian_format("%lld", (long long)number);
    else
        return wardian_format("%llu", (unsigned long long)number);
}

// Texts and integers as one text, in the arena, with a zero byte behind it; empty when there is no memory.
template <class... Pieces>
Text concat(const Pieces &...pieces) {
    const Text all[] = {piece(pieces)...};
    size_t size = 0;
    for (Text each : all) size += each.size;
    char *text = static_cast<char *>(wardian_scratch(size + 1)), *at = text;
    if (!text) return {};
    for (Text each : all)
        for (char letter : each) *at++ = letter;
    *at = 0;
    return {text, size};
}

// A text where C wants one that ends with a zero byte: a literal as it is, a view as a copy in the arena.
class CText {
  public:
    CText(const char *text) : text_(text) {}
    CText(Text text) : text_(concat(text).data) {}
    operator const char *() const { return text_; }

  private:
    const char *text_;
};

} // namespace wardian
