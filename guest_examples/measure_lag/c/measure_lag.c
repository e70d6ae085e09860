/* A processor that says how long each record was on its way: the clock of the host. */
#include "wardian_kinds.h"

static int64_t now; /* one for the whole batch: to ask once is faster, and makes its records comparable */
static int64_t longest;

static bool measure(wardian_writer *reply, wardian_item record) {
    int64_t time;
    if (!wardian_as_int(wardian_get(record, "time"), &time)) {
        wardian_put_error(reply, WARDIAN_INVALID, "the record has no time");
        return true;
    }
    int64_t lag = now / 1000000 - time / 1000000; /* divided first: whatever stands in a record, this is in range */
    if (lag > longest) longest = lag;
    wardian_put_list(reply);
    wardian_put_map(reply);
    wardian_set_others(reply, record, "meta");
    wardian_put_str(reply, "meta");
    wardian_put_map(reply);
    wardian_item meta = wardian_get(record, "meta");
    wardian_set_others(reply, meta, "lag_ms");
    wardian_set_int(reply, "lag_ms", lag);
    wardian_put_end(reply);
    wardian_put_end(reply);
    wardian_put_end(reply);
    return true;
}

WARDIAN_ENTRY(processor_process) {
    int64_t monotonic; /* for how long something takes; `now` is what a wall clock shows, and may be set back */
    if (!wardian_clock_now(&now, &monotonic)) return wardian_pass_on();
    longest = INT64_MIN;
    wardian_result outcomes = wardian_reply_each(wardian_get(request, "records"), measure);
    /* Once as well, for a call may ask only so often. Should the host refuse it, the records go on all the same. */
    if (longest != INT64_MIN) wardian_metric_record("longest_lag_ms", WARDIAN_HISTOGRAM, (double)longest, NULL);
    return outcomes;
}
