/* A source that counts to 40; each name that `has` asks for is one fault that authors make. */
#include "planted.h"

static int64_t next;

WARDIAN_ENTRY(plugin_open) {
    if (!has("RESUMES_FROM_THE_START")) wardian_as_int(wardian_get(request, "resume"), &next);
    return wardian_null();
}

WARDIAN_ENTRY(source_poll) {
    uint64_t demand = 0;
    if (!wardian_as_uint(wardian_get(request, "demand"), &demand))
        return wardian_fail(WARDIAN_INVALID, "`demand` must be a number");
    if (has("IGNORES_DEMAND")) demand = 3;
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_put_str(&reply, "records");
    wardian_put_list(&reply);
    for (uint64_t at = 0; at < demand && at < 10 && next < 40; at++) {
        wardian_put_map(&reply);
        wardian_put_str(&reply, "data");
        wardian_put_int(&reply, ++next);
        wardian_put_end(&reply);
    }
    wardian_put_end(&reply);
    wardian_put_str(&reply, "offset");
    wardian_put_int(&reply, next);
    if (next >= 40) {
        wardian_put_str(&reply, "done");
        wardian_put_bool(&reply, true);
        if (has("BEGINS_AGAIN")) next = 0;
    }
    if (has("WAITS_IN_NANOSECONDS")) {
        wardian_put_str(&reply, "wait_ms");
        wardian_put_int(&reply, 60000000000LL * 1000);
    }
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}
