// What more than one kind of plugin needs.
#pragma once

#include "results.hpp"

namespace wardian {

// What the operator set for a key, of the request of `plugin_open`; where that is nothing, the last layer that says more.
inline Item configured(Item request, const char *key) { return wardian_configured(request, key); }

// A copy of an item for as long as the plugin lives; none when there is no memory for it.
inline Optional<Item> keep(Item item) {
    if (item.is_missing()) return Item();
    Bytes bytes = item.encoded();
    auto *kept = static_cast<const uint8_t *>(wardian_keep(bytes.data, bytes.size));
    return kept ? Optional<Item>(Item::of({kept, bytes.size})) : null;
}

// One outcome for each record or row, in order: what the function returns for it, or its failure, which is that of this
// one alone. A processor returns a list of records, a function `map("value", …)`.
template <class F>
Result each(Item records_or_rows, F function) {
    Writer outcomes;
    outcomes.list([&](Writer &within) {
        for (Item one : records_or_rows) within.put(Result(function(one)).item());
    });
    return outcomes;
}

// The same for a sink, whose answer is null when nothing failed.
template <class F>
Result each_written(Item records, F function) {
    bool good = true;
    Result outcomes = each(records, [&](Item record) {
        Result outcome = function(record);
        good &= !outcome.failed();
        return outcome;
    });
    return good && !outcomes.failed() ? Result(null) : outcomes;
}

// A place in the arena: what is taken from it within a loop is given back at the end of each turn.
class Scratch {
  public:
    Scratch() = default;
    Scratch(const Scratch &) = delete;
    Scratch &operator=(const Scratch &) = delete;
    ~Scratch() { wardian_release(mark_); }

  private:
    size_t mark_ = wardian_mark();
};

} // namespace wardian
