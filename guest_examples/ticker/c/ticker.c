/* A source that says "Ticker Event" at a fixed interval, and leaves time to the host. */
#include "wardian_kinds.h"

static wardian_schedule schedule = {60000000000LL, false, 0}; /* a minute */
static int64_t ticks;

/* config {"interval": duration}; of several layers the last that sets it counts */
WARDIAN_ENTRY(plugin_open) {
    wardian_item configured = wardian_configured(request, "interval");
    wardian_text text = {"", 0};
    if (wardian_is_null(configured)) return wardian_reply_interval(&schedule);
    /* Only a text: whoever writes a bare number means seconds or nanoseconds, and nobody can tell which. */
    bool good = wardian_as_text(configured, &text) && wardian_as_duration(configured, &schedule.interval);
    if (!good || schedule.interval == 0)
        return wardian_fail(WARDIAN_CONFIG,
                            wardian_format("while unmarshalling YAML config: `interval` must be a duration such as "
                                           "`30s` or `1m30s`, got `%.*s`",
                                           WARDIAN_ARG(text)));
    return wardian_reply_interval(&schedule);
}

/* An event has two bodies: `message` for the people of a channel, `data` for machines. */
static bool put_event(wardian_writer *records, int64_t now) {
    wardian_put_map(records);
    wardian_set_str(records, "message", "Ticker Event");
    wardian_set_str(records, "type", "event");
    wardian_set_int(records, "time", now);
    wardian_put_str(records, "data");
    wardian_put_map(records);
    wardian_set_int(records, "tick", ++ticks);
    wardian_put_end(records);
    wardian_put_str(records, "meta");
    wardian_put_map(records);
    wardian_set_str(records, "type", "baseBodyWithFilter"); /* how a chat shows it: with a field to filter by */
    wardian_put_end(records);
    wardian_put_end(records);
    return true;
}

WARDIAN_ENTRY(source_poll) { return wardian_reply_poll(&schedule, request, put_event); }
