// A source that counts: one record at each interval, and after a restart it goes on behind the last one that is safe.
#include "wardian_kinds.h"

static int64_t interval = 1000000000; // nanoseconds
static int64_t count;

// Called once: what the operator configured, and the last offset that was acknowledged.
WARDIAN_ENTRY(plugin_open) {
    wardian_item given = wardian_configured(request, "interval");
    if (!wardian_is_null(given) && (!wardian_as_duration(given, &interval) || interval < 1000000))
        return wardian_fail(WARDIAN_CONFIG, "`interval` must be a duration of at least 1ms, such as `1s` or `1m30s`");
    wardian_as_int(wardian_get(request, "resume"), &count);

    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_set_int(&reply, "interval_ms", interval / 1000000);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

// {"now": nanoseconds, "demand": most records} -> {"records": list, "wait_ms": not before, "offset": how far we are}
WARDIAN_ENTRY(source_poll) {
    uint64_t demand = 0;
    wardian_as_uint(wardian_get(request, "demand"), &demand);

    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_put_str(&reply, "records");
    wardian_put_list(&reply);
    if (demand > 0) {
        wardian_put_map(&reply);
        wardian_put_str(&reply, "data");
        wardian_put_map(&reply);
        wardian_set_int(&reply, "count", ++count);
        wardian_put_end(&reply);
        wardian_put_end(&reply);
    }
    wardian_put_end(&reply);
    if (demand > 0) wardian_set_int(&reply, "wait_ms", interval / 1000000);
    wardian_set_int(&reply, "offset", count);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}
