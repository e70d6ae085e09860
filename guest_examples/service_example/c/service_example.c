/* A source of two forms: log entries, or samples of a metric. The configuration chooses one. */
#include "wardian_kinds.h"

static wardian_schedule schedule = {5000000000LL, false, 0}; /* 5 s */
static bool metrics;

/* config {"interval": nanoseconds or duration, "form": "logs" or "metrics"} */
WARDIAN_ENTRY(plugin_open) {
    wardian_item interval = wardian_configured(request, "interval"), form = wardian_configured(request, "form");
    wardian_text name = wardian_str("logs");
    if (!wardian_is_null(interval) && (!wardian_as_duration(interval, &schedule.interval) || schedule.interval == 0))
        return wardian_fail(WARDIAN_CONFIG,
                            "`interval` must be a duration such as `200ms`, or a number of nanoseconds, above 0");
    if (!wardian_is_null(form)) {
        if (!wardian_as_text(form, &name)) name = wardian_str("");
        metrics = wardian_equal(name, wardian_str("metrics"));
        if (!metrics && !wardian_equal(name, wardian_str("logs")))
            return wardian_fail(WARDIAN_CONFIG, "`form` must be `logs` or `metrics`");
    }
    return wardian_reply_interval(&schedule);
}

static bool put_log(wardian_writer *records, int64_t now) {
    wardian_put_map(records);
    wardian_set_str(records, "type", "log");
    wardian_set_int(records, "time", now);
    wardian_put_str(records, "data");
    wardian_put_map(records);
    wardian_set_str(records, "host", "1.1.1.1");
    wardian_put_end(records);
    wardian_put_end(records);
    return true;
}

static bool put_metric(wardian_writer *records, int64_t now) {
    wardian_put_map(records);
    wardian_set_str(records, "type", "metric");
    wardian_set_int(records, "time", now);
    wardian_put_str(records, "tags");
    wardian_put_map(records);
    wardian_set_str(records, "hello", "world");
    wardian_put_end(records);
    wardian_put_str(records, "data");
    wardian_put_map(records);
    wardian_set_str(records, "name", "test_metric");
    wardian_set_str(records, "type", WARDIAN_COUNTER);
    wardian_set_double(records, "value", 1.0); /* a float even when it is whole, as all samples are */
    wardian_put_end(records);
    wardian_put_end(records);
    return true;
}

WARDIAN_ENTRY(source_poll) { return wardian_reply_poll(&schedule, request, metrics ? put_metric : put_log); }
