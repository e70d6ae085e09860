// An aggregator that sums the numbers of each key, and gives the sums at the end of a window.
#include "wardian_kinds.h"

constexpr size_t most = 1000; // keys in a window
constexpr size_t longest = 120; // bytes of a key, as it is encoded

// One sum for each key, in the order in which keys first came; its size is 0 for records that have no key.
static struct {
    uint8_t key[longest];
    size_t size;
    double sum;
} sums[most];
static size_t count;

// The number of a key's sum; a new one where there is none yet, most where there is no room.
static size_t place_of(wardian_item key) {
    size_t size = static_cast<size_t>(key.end - key.at), at = 0;
    if (size > longest) return most;
    while (at < count && (sums[at].size != size || __builtin_memcmp(sums[at].key, key.at, size) != 0)) at++;
    if (at < count || at == most) return at;
    if (size) __builtin_memcpy(sums[at].key, key.at, size);
    sums[at].size = size;
    sums[at].sum = 0;
    return count++;
}

// {"records": list} -> null; nothing of the call is added when one of its records is wrong
WARDIAN_ENTRY(aggregator_add) {
    wardian_item records = wardian_get(request, "records"), record;
    double number;
    size_t before = count;
    for (wardian_iterator each = wardian_each(records); wardian_next(&each, &record);) {
        if (wardian_as_double(wardian_get(record, "data"), &number) && place_of(wardian_get(record, "key")) < most)
            continue;
        count = before;
        return wardian_fail(WARDIAN_INVALID, "`data` must be a number, with one of at most 1000 short keys");
    }
    for (wardian_iterator each = wardian_each(records); wardian_next(&each, &record);) {
        wardian_as_double(wardian_get(record, "data"), &number);
        sums[place_of(wardian_get(record, "key"))].sum += number;
    }
    return wardian_null();
}

// null -> {"records": one for each key}; the next window begins empty
WARDIAN_ENTRY(aggregator_flush) {
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_put_str(&reply, "records");
    wardian_put_list(&reply);
    for (size_t at = 0; at < count; at++) {
        wardian_put_map(&reply);
        wardian_set_double(&reply, "data", sums[at].sum);
        if (sums[at].size)
            wardian_set_item(&reply, "key", wardian_item{sums[at].key, sums[at].key + sums[at].size});
        wardian_put_end(&reply);
    }
    wardian_put_end(&reply);
    wardian_put_end(&reply);
    count = 0;
    return wardian_reply(&reply);
}

// null -> null; what was added is forgotten
WARDIAN_ENTRY(aggregator_reset) {
    count = 0;
    return wardian_null();
}
