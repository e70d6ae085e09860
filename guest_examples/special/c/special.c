/* A collector of threat reports, such as a feed of addresses; this one always finds the same. */
#include "wardian_kinds.h"

static wardian_schedule schedule = {1000000000LL, true, 0}; /* a feed is fetched as soon as its collector starts */
static bool raw;
static wardian_text feed = {"Special feed", 12};

struct settings {
    bool raw;
    double rate_limit;
    wardian_text name; /* no data = none is configured */
};

/* config {"raw": bool, "rate_limit": seconds, "name": text} -> what is wrong with it, or NULL: opening and checking
 * judge alike. */
static const char *read_settings(wardian_item request, struct settings *settings) {
    wardian_item rate_limit = wardian_configured(request, "rate_limit"), name = wardian_configured(request, "name");
    double *seconds = &settings->rate_limit;
    *settings = (struct settings){false, 1, {NULL, 0}};
    if (!wardian_as_bool(wardian_configured(request, "raw"), &settings->raw))
        return "`raw` must be configured: true or false";
    if (!wardian_is_null(rate_limit) &&
        (!wardian_as_double(rate_limit, seconds) || !(*seconds >= 0.001 && *seconds <= 86400 * 365.0)))
        return "`rate_limit` must be 0.001 to 31536000 seconds";
    if (!wardian_is_null(name) && !wardian_as_text(name, &settings->name)) return "`name` must be a text";
    return NULL;
}

WARDIAN_ENTRY(plugin_open) {
    struct settings settings;
    const char *fault = read_settings(request, &settings);
    if (fault) return wardian_fail(WARDIAN_CONFIG, fault);
    if (settings.name.data) {
        feed = wardian_keep_text(settings.name);
        if (!feed.data) return wardian_fail(WARDIAN_EXHAUSTED, "no memory for `name`");
    }
    raw = settings.raw;
    schedule.interval = (int64_t)(settings.rate_limit * 1000000000);
    return wardian_reply_interval(&schedule);
}

/* {"config": map} -> remarks, each [level, text]; nothing is started */
WARDIAN_ENTRY(plugin_check) {
    wardian_writer remarks = wardian_write();
    struct settings settings;
    const char *fault = read_settings(request, &settings);
    wardian_put_list(&remarks);
    if (fault || !settings.raw) {
        wardian_put_list(&remarks);
        wardian_put_int(&remarks, fault ? WARDIAN_ERROR : WARDIAN_WARN);
        wardian_put_str(&remarks, fault ? fault : "with `raw: false` reports have nothing to parse");
        wardian_put_end(&remarks);
    }
    wardian_put_end(&remarks);
    return wardian_reply(&remarks);
}

static bool put_report(wardian_writer *records, int64_t now) {
    wardian_bytes found = {(const uint8_t *)"example", 7}; /* bytes: whatever a feed sends is kept as it came */
    wardian_put_map(records);
    wardian_set_str(records, "type", "event");
    wardian_set_int(records, "time", now);
    wardian_put_str(records, "data");
    wardian_put_map(records);
    wardian_set_text(records, "feed.name", feed);
    wardian_set_double(records, "feed.accuracy", 100);
    wardian_set_int(records, "time.observation", now);
    if (raw) {
        wardian_put_str(records, "raw");
        wardian_put_bytes(records, found);
    }
    wardian_put_end(records);
    wardian_put_end(records);
    return true;
}

WARDIAN_ENTRY(source_poll) { return wardian_reply_poll(&schedule, request, put_report); }
