/* An aggregator that counts records; each name that `has` asks for is one fault that authors make. */
#include "planted.h"

static int64_t count;

WARDIAN_ENTRY(aggregator_add) {
    wardian_iterator each = wardian_each(wardian_get(request, "records"));
    wardian_item record;
    while (wardian_next(&each, &record)) count++;
    return wardian_null();
}

WARDIAN_ENTRY(aggregator_flush) {
    if (has("TRAPS_ON_THE_SECOND_FLUSH")) {
        static int64_t flushes;
        if (flushes++ > 0) __builtin_trap();
    }
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_put_str(&reply, "records");
    wardian_put_list(&reply);
    if (count > 0) {
        wardian_put_map(&reply);
        wardian_put_str(&reply, "data");
        wardian_put_int(&reply, count);
        wardian_put_end(&reply);
    }
    wardian_put_end(&reply);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(aggregator_reset) {
    if (!has("KEEPS_WHAT_WAS_BEFORE")) count = 0;
    return wardian_null();
}
