// A source that counts: one record at each interval, and after a restart it goes on behind the last one that is safe.
#include "wardian.hpp"

using namespace wardian;

static Duration interval = {1'000'000'000};
static int64_t count;

// Called once: what the operator configured, and the last offset that was acknowledged.
WARDIAN_FUNCTION(plugin_open, [](Item request) -> Result {
    Item given = configured(request, "interval");
    if (!given.is_null()) {
        WARDIAN_TRY(duration, given.as<Duration>("`interval`", config));
        interval = duration;
    }
    if (interval.ms() == 0) return fail(config, "`interval` must be at least 1ms");
    count = request["resume"].value_or<int64_t>(0);
    return map("interval_ms", interval.ms());
});

// {"now": nanoseconds, "demand": most records} -> {"records": list, "wait_ms": not before, "offset": how far we are}
WARDIAN_FUNCTION(source_poll, [](Item request) -> Result {
    if (request["demand"].value_or<uint64_t>(0) == 0) return map("records", list(), "offset", count);
    Writer records = list(map("data", map("count", ++count)));
    return map("records", records, "wait_ms", interval.ms(), "offset", count);
});
