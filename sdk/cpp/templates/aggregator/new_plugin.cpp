// An aggregator that sums the numbers of each key, and gives the sums at the end of a window.
#include "wardian.hpp"

using namespace wardian;

static constexpr size_t most = 1000;   // keys in a window
static constexpr size_t longest = 120; // bytes of a key, as it is encoded

// One sum for each key, in the order in which keys first came; its size is 0 for records that have no key.
struct Sum {
    uint8_t key[longest];
    size_t size;
    double sum;

    bool is_of(Bytes other) const { return size == other.size && __builtin_memcmp(key, other.data, size) == 0; }
};

static Sum sums[most];
static size_t count;

// The sum of a key; a new one where there is none yet, nullptr where there is no room.
static Sum *sum_of(Item of) {
    Bytes key = of.encoded();
    for (size_t at = 0; at < count; at++)
        if (sums[at].is_of(key)) return &sums[at];
    if (count == most || key.size > longest) return nullptr;
    Sum *added = &sums[count++];
    if (key.size) __builtin_memcpy(added->key, key.data, key.size);
    added->size = key.size;
    added->sum = 0;
    return added;
}

// {"records": list} -> null; nothing of the call is added when one of its records is wrong
WARDIAN_FUNCTION(aggregator_add, [](Item request) -> Result {
    size_t before = count;
    for (Item record : request["records"]) {
        if (record["data"].to<double>() && sum_of(record["key"])) continue;
        count = before;
        return fail(invalid, "`data` must be a number, with one of at most ", most, " short keys");
    }
    for (Item record : request["records"]) sum_of(record["key"])->sum += *record["data"].to<double>();
    return null;
});

// null -> {"records": one for each key}; the next window begins empty
WARDIAN_FUNCTION(aggregator_flush, []() -> Result {
    Writer records;
    records.list([&](Writer &each) {
        for (const Sum *one = sums; one < sums + count; one++)
            each.put(one->size ? map("data", one->sum, "key", Item::of({one->key, one->size})) : map("data", one->sum));
    });
    count = 0;
    return map("records", records);
});

// null -> null; what was added is forgotten
WARDIAN_FUNCTION(aggregator_reset, []() -> Result {
    count = 0;
    return null;
});
