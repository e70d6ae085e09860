/* A sink that keeps records in state, up to a number of them, and refuses single records that it cannot take. */
#include "wardian_kinds.h"

static int64_t most = 100;
static int64_t kept; /* how many there are, during a call */

WARDIAN_ENTRY(plugin_open) {
    wardian_item given = wardian_configured(request, "most");
    if (!wardian_is_null(given) && (!wardian_as_int(given, &most) || most < 1))
        return wardian_fail(WARDIAN_CONFIG, "`most` must be an integer of at least 1");
    return wardian_null();
}

/* One record's outcome: null, or why it alone is not kept. */
static bool keep(wardian_writer *reply, wardian_item record) {
    if (wardian_is_null(wardian_get(record, "data"))) {
        wardian_put_error(reply, WARDIAN_INVALID, "a record without data says nothing to keep");
        return true;
    }
    if (kept >= most) {
        wardian_put_error(reply, WARDIAN_EXHAUSTED, wardian_format("there are %lld records already", kept));
        return true;
    }
    size_t mark = wardian_mark();
    wardian_writer whole = wardian_write();
    wardian_put_item(&whole, record);
    if (!wardian_state_put(wardian_format("record/%lld", kept), &whole)) {
        if (wardian_is_null(wardian_host_error())) return false;
        wardian_put_item(reply, wardian_host_error()); /* one that is too large; the next may be smaller */
        return true;
    }
    wardian_release(mark);
    kept++;
    wardian_put_null(reply);
    return true;
}

/* How many records there are is read anew for each call: one that failed was undone, and other instances write too. */
WARDIAN_ENTRY(sink_write) {
    wardian_item count;
    kept = 0;
    if (!wardian_state_get("count", &count)) return wardian_pass_on();
    wardian_as_int(count, &kept);
    int64_t before = kept;
    wardian_result reply = wardian_reply_each(wardian_get(request, "records"), keep);
    if (!wardian_state_add("count", kept - before, NULL)) return wardian_pass_on();
    return reply;
}

/* {"urgent": bool} -> null. What was written is in state already; a sink with a connection would wait for it here. */
WARDIAN_ENTRY(sink_flush) {
    bool urgent = false;
    wardian_item count;
    int64_t total = 0;
    wardian_as_bool(wardian_get(request, "urgent"), &urgent);
    if (!wardian_state_get("count", &count)) return wardian_pass_on();
    wardian_as_int(count, &total);
    wardian_log(WARDIAN_INFO, wardian_format("%lld records are safe%s", total, urgent ? ", in a hurry" : ""));
    return wardian_null();
}
