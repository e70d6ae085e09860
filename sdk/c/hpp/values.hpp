// Texts, byte strings, and what is not always there.
#pragma once

#include "../wardian.h"
#include "../wardian_kinds.h"

namespace wardian {

struct Null {};
inline constexpr Null null{};

// UTF-8, not ended by a zero byte. A view: of a literal, of a request, or of the arena.
struct Text : wardian_text {
    constexpr Text() : wardian_text{"", 0} {}
    constexpr Text(const char *text) : wardian_text{text, __builtin_strlen(text)} {}
    constexpr Text(const char *text, size_t length) : wardian_text{text, length} {}
    constexpr Text(wardian_text text) : wardian_text(text) {}

    constexpr const char *begin() const { return data; }
    constexpr const char *end() const { return data + size; }
    constexpr bool empty() const { return size == 0; }
};

inline bool operator==(Text left, Text right) { return wardian_equal(left, right); }
inline bool operator!=(Text left, Text right) { return !wardian_equal(left, right); }

struct Bytes : wardian_bytes {
    constexpr Bytes() : wardian_bytes{nullptr, 0} {}
    constexpr Bytes(const uint8_t *bytes, size_t length) : wardian_bytes{bytes, length} {}
    constexpr Bytes(wardian_bytes bytes) : wardian_bytes(bytes) {}
};

// A point in time of the years 1 to 9999.
struct Time {
    int64_t seconds; // since 1970 in UTC
    uint32_t nanoseconds;
};

// A length of time, read from a text such as `1m30s` or from an integer of nanoseconds.
struct Duration {
    int64_t ns;
    constexpr int64_t ms() const { return ns / 1'000'000; }
};

// A value, or none.
template <class T>
class Optional {
  public:
    constexpr Optional() = default;
    constexpr Optional(Null) {}
    constexpr Optional(T value) : value_(value), there_(true) {}

    constexpr explicit operator bool() const { return there_; }
    constexpr const T &operator*() const { return value_; }
    constexpr const T *operator->() const { return &value_; }
    constexpr T value_or(T other) const { return there_ ? value_ : other; }

  private:
    T value_{};
    bool there_ = false;
};

// A copy for as long as the plugin lives; none when there is no memory for it.
inline Optional<Text> keep(Text text) {
    wardian_text kept = wardian_keep_text(text);
    return kept.data ? Optional<Text>(kept) : Optional<Text>();
}

} // namespace wardian
