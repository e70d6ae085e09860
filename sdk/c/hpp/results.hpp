// What an entry point returns, what may fail, and how an entry point is made.
#pragma once

#include "writing.hpp"

namespace wardian {

// The kinds of errors: see wardian.h for what each means.
inline constexpr const char *invalid = WARDIAN_INVALID, *config = WARDIAN_CONFIG, *transient = WARDIAN_TRANSIENT,
                            *denied = WARDIAN_DENIED, *exhausted = WARDIAN_EXHAUSTED, *not_found = WARDIAN_NOT_FOUND,
                            *conflict = WARDIAN_CONFLICT, *unimplemented = WARDIAN_UNIMPLEMENTED,
                            *internal = WARDIAN_INTERNAL;

// What an entry point returns: any value that can be written, null, or a failure.
class [[nodiscard]] Result {
  public:
    Result(Null) {}
    Result(decltype(nullptr)) {}
    Result(const Writer &reply) : packed_(wardian_reply(reply.raw())) {}
    template <class T>
    Result(const Outcome<T> &outcome);
    template <class T>
    Result(const T &value) : Result(written(value)) {}

    static Result of(wardian_result packed) {
        Result result(null);
        result.packed_ = packed;
        return result;
    }

    wardian_result packed() const { return packed_; }
    bool failed() const { return packed_ >> 31 & 1; }

    // The reply, or the error, as an item.
    Item item() const {
        auto at = reinterpret_cast<const uint8_t *>(static_cast<uintptr_t>(packed_ >> 32));
        size_t size = packed_ & 0x7fffffff;
        return size ? Item({at, at + size}) : Item();
    }

  private:
    wardian_result packed_ = 0;
};

// `return fail(invalid, "expected ", count, " arguments");`
template <class... Pieces>
Result fail(const char *kind, const Pieces &...pieces) {
    return Result::of(wardian_fail(kind, concat(pieces...).data));
}

inline Result fail(const wardian_error &error) { return Result::of(wardian_fail_with(error)); }

// A value, or a failure: that of the host, or of an item of another type. `WARDIAN_TRY` ends the call with it.
template <class T>
struct [[nodiscard]] Outcome {
    T value{};
    wardian_result failure = 0;

    Outcome(T given) : value(given) {}
    Outcome(Result failed) : failure(failed.packed()) {}

    explicit operator bool() const { return failure == 0; }
    const T &operator*() const { return value; }
    const T *operator->() const { return &value; }
    T value_or(T other) const { return failure ? other : value; }
};

template <class T>
Result::Result(const Outcome<T> &outcome)
    : packed_(outcome ? Result(outcome.value).packed() : outcome.failure) {}

// Declares `name` with the value of an outcome; where there is none, the call ends with its failure.
#define WARDIAN_TRY(name, ...)                                             \
    auto name##_outcome = __VA_ARGS__;                                     \
    if (!name##_outcome) return ::wardian::Result::of(name##_outcome.failure); \
    [[maybe_unused]] auto name = *name##_outcome

template <class T>
Outcome<T> Item::as(const char *what, const char *kind) const {
    if (Optional<T> value = to<T>()) return *value;
    return fail(kind, what, " must be ", Read<T>::expected);
}

template <class T>
Outcome<T> Item::need(const char *key, const char *kind) const {
    if (Optional<T> value = (*this)[key].to<T>()) return *value;
    return fail(kind, "`", key, "` must be ", Read<T>::expected);
}

template <class R>
Result answer(R (*function)(), Item) {
    return function();
}

// What a function takes is read from the request; what is of another type is an `invalid` error.
template <class R, class T>
Result answer(R (*function)(T), Item request) {
    WARDIAN_TRY(argument, request.as<T>());
    return function(argument);
}

// Exports an entry point: `WARDIAN_FUNCTION(name, [](Text request) -> Result { … });`, or the name of a function.
#define WARDIAN_FUNCTION(name, ...)                                                                          \
    WARDIAN_C_LINKAGE WARDIAN_EXPORT(#name) wardian_result wardian_entry_##name(uint8_t *data, size_t size); \
    WARDIAN_C_LINKAGE wardian_result wardian_entry_##name(uint8_t *data, size_t size) {                      \
        wardian_item request;                                                                                \
        if (wardian_result refused = wardian_begin(data, size, &request)) return refused;                    \
        return ::wardian::answer(+(__VA_ARGS__), request).packed();                                          \
    }                                                                                                        \
    static_assert(true, "a semicolon follows")

} // namespace wardian
