// `Item`: what was received, read by the type that is wanted.
#pragma once

#include "values.hpp"

namespace wardian {

class Item;
template <class T>
struct Outcome;

// How a type is read, and what people are told is expected. Specialized below; an author's own types can be too.
template <class T, class = void>
struct Read;

template <bool Condition>
struct If {};
template <>
struct If<true> {
    using type = void;
};

// One item that was received, or a missing one, which reads as null. Pass it and copy it freely during the call.
class Item : public wardian_item {
  public:
    constexpr Item() : wardian_item{nullptr, nullptr} {}
    constexpr Item(wardian_item item) : wardian_item(item) {}

    // The item as it is encoded, and an item of such bytes: to keep one, and to tell keys apart.
    Bytes encoded() const { return {at, is_missing() ? 0 : size_t(wardian_item::end - at)}; }
    static Item of(Bytes encoded) { return wardian_item{encoded.data, encoded.data + encoded.size}; }

    enum wardian_kind kind() const { return wardian_kind_of(*this); }
    bool is_missing() const { return at == nullptr; }
    bool is_null() const { return wardian_is_null(*this); }

    // The value of a text key of a map, or an item of a list; missing when it is not there.
    Item operator[](const char *key) const { return wardian_get(*this, key); }
    Item operator[](int index) const {
        wardian_iterator each = wardian_each(*this);
        wardian_item found;
        do
            if (!wardian_next(&each, &found)) return {};
        while (index-- > 0);
        return found;
    }

    // As a value of this type, or none where it is of another.
    template <class T>
    Optional<T> to() const {
        T value{};
        return Read<T>::read(*this, value) ? Optional<T>(value) : Optional<T>();
    }

    template <class T>
    T value_or(T other) const {
        return to<T>().value_or(other);
    }

    // As a value of this type, or a failure of this kind that says what it must be.
    template <class T>
    Outcome<T> as(const char *what = "the request", const char *kind = WARDIAN_INVALID) const;

    // What stands under a key, likewise.
    template <class T>
    Outcome<T> need(const char *key, const char *kind = WARDIAN_INVALID) const;

    // How many items a list has, or pairs a map.
    size_t count() const {
        size_t found = 0;
        for ([[maybe_unused]] Item each : *this) found++;
        return kind() == WARDIAN_MAP ? found / 2 : found;
    }

    // `for (Item each : list)`; a map gives key, value, key, value, and `pairs` gives both at once.
    class Iterator {
      public:
        explicit Iterator(Item of) : each_(wardian_each(of)), there_(wardian_next(&each_, &now_)) {}
        bool operator!=(Null) const { return there_; }
        Item operator*() const { return now_; }
        void operator++() { there_ = wardian_next(&each_, &now_); }

      private:
        wardian_iterator each_;
        wardian_item now_{};
        bool there_;
    };
    Iterator begin() const { return Iterator(*this); }
    Null end() const { return null; }

    struct Pair;
    class PairIterator;
    struct Pairs;
    Pairs pairs() const;
};

struct Item::Pair {
    Item key, value;
};

class Item::PairIterator {
  public:
    explicit PairIterator(Item of) : each_(wardian_each(of)) { ++*this; }
    bool operator!=(Null) const { return there_; }
    Pair operator*() const { return {key_, value_}; }
    void operator++() { there_ = wardian_next_pair(&each_, &key_, &value_); }

  private:
    wardian_iterator each_;
    wardian_item key_{}, value_{};
    bool there_ = false;
};

struct Item::Pairs {
    Item of;
    PairIterator begin() const { return PairIterator(of.kind() == WARDIAN_MAP ? of : Item()); }
    Null end() const { return null; }
};

inline Item::Pairs Item::pairs() const { return {*this}; }

template <>
struct Read<Item> {
    static constexpr const char *expected = "there";
    static bool read(Item item, Item &value) { return value = item, true; }
};

template <>
struct Read<Null> {
    static constexpr const char *expected = "null";
    static bool read(Item item, Null &) { return item.is_null(); }
};

template <>
struct Read<bool> {
    static constexpr const char *expected = "true or false";
    static bool read(Item item, bool &value) { return wardian_as_bool(item, &value); }
};

template <class T>
struct Read<T, typename If<__is_integral(T) && !__is_same(T, bool)>::type> {
    static constexpr const char *expected = __is_signed(T) ? "an integer" : "an integer of at least 0";
    static bool read(Item item, T &value) {
        if constexpr (__is_signed(T)) {
            int64_t whole;
            if (!wardian_as_int(item, &whole) || whole != (int64_t)(T)whole) return false;
            value = (T)whole;
        } else {
            uint64_t whole;
            if (!wardian_as_uint(item, &whole) || whole != (uint64_t)(T)whole) return false;
            value = (T)whole;
        }
        return true;
    }
};

template <>
struct Read<double> {
    static constexpr const char *expected = "a number";
    static bool read(Item item, double &value) { return wardian_as_double(item, &value); }
};

template <>
struct Read<Text> {
    static constexpr const char *expected = "a text";
    static bool read(Item item, Text &value) { return wardian_as_text(item, &value); }
};

template <>
struct Read<Bytes> {
    static constexpr const char *expected = "a byte string";
    static bool read(Item item, Bytes &value) { return wardian_as_bytes(item, &value); }
};

template <>
struct Read<Time> {
    static constexpr const char *expected = "a point in time";
    static bool read(Item item, Time &value) { return wardian_as_time(item, &value.seconds, &value.nanoseconds); }
};

template <>
struct Read<Duration> {
    static constexpr const char *expected = "a duration such as `250ms` or `1m30s`";
    static bool read(Item item, Duration &value) { return wardian_as_duration(item, &value.ns); }
};

template <class T>
struct Read<Optional<T>> {
    static constexpr const char *expected = Read<T>::expected;
    static bool read(Item item, Optional<T> &value) {
        if (item.is_null()) return true;
        value = item.to<T>();
        return bool(value);
    }
};

} // namespace wardian
