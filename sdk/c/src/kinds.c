/* What plugins of the ABI's kinds have in common; see wardian_kinds.h. */
#include "../wardian_kinds.h"

#include "internal.h"

#define MILLISECOND 1000000           /* nanoseconds */
#define LONGEST 3153600000000000000LL /* 100 years, so that a time of this century and a duration stay within 64 bits */

static bool says_something(wardian_item value) {
    wardian_text text;
    return !wardian_is_null(value) && !(wardian_as_text(value, &text) && text.size == 0);
}

wardian_item wardian_configured(wardian_item request, const char *key) {
    wardian_item merged = wardian_get(wardian_get(request, "config"), key), found = {NULL, NULL}, layer;
    if (says_something(merged)) return merged;
    for (wardian_iterator each = wardian_each(wardian_get(request, "layers")); wardian_next(&each, &layer);) {
        wardian_item value = wardian_get(layer, key);
        if (says_something(value)) found = value;
    }
    return found;
}

static const struct {
    const char *name;
    int64_t nanoseconds;
} units[] = {
    {"ns", 1},           {"us", 1000},          {"ms", MILLISECOND},
    {"s", 1000000000LL}, {"m", 60000000000LL}, {"h", 3600000000000LL},
};

static size_t letters(wardian_text text, size_t at) {
    size_t start = at;
    while (at < text.size && text.data[at] >= 'a' && text.data[at] <= 'z') at++;
    return at - start;
}

/* Reads a whole number; false when there is none, or it is more nanoseconds than the longest duration has. */
static bool read_whole(wardian_text text, size_t *at, int64_t *whole) {
    size_t start = *at;
    for (*whole = 0; *at < text.size && text.data[*at] >= '0' && text.data[*at] <= '9'; ++*at) {
        if (*whole > LONGEST / 10 - 1) return false;
        *whole = *whole * 10 + (text.data[*at] - '0');
    }
    return *at > start;
}

/* Reads a number with its unit, such as `1.5s`, and adds it to `*sum`. */
static bool add_part(wardian_text text, size_t *at, int64_t *sum) {
    int64_t whole, decimals = 0, scale = 1;
    if (!read_whole(text, at, &whole)) return false;
    if (*at < text.size && text.data[*at] == '.') {
        size_t point = ++*at;
        if (!read_whole(text, at, &decimals)) return false;
        if (*at - point > 9) return false; /* nobody means less than a nanosecond */
        for (size_t i = point; i < *at; i++) scale *= 10;
    }
    size_t size = letters(text, *at);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!wardian_equal((wardian_text){text.data + *at, size}, wardian_str(units[i].name))) continue;
        int64_t unit = units[i].nanoseconds;
        *at += size;
        if (whole > (LONGEST - *sum) / unit) return false;
        /* In two steps, for nine decimals times an hour are beyond 64 bits. */
        *sum += whole * unit + unit / scale * decimals + unit % scale * decimals / scale;
        return true;
    }
    return false;
}

bool wardian_as_duration(wardian_item item, int64_t *nanoseconds) {
    int64_t sum = 0;
    wardian_text text;
    if (!wardian_as_int(item, &sum)) {
        if (!wardian_as_text(item, &text) || text.size == 0) return false;
        for (size_t at = 0; at < text.size;)
            if (!add_part(text, &at, &sum)) return false;
    }
    if (sum < 0 || sum > LONGEST) return false;
    *nanoseconds = sum;
    return true;
}

void wardian_set_str(wardian_writer *map, const char *key, const char *value) {
    wardian_put_str(map, key);
    wardian_put_str(map, value);
}

void wardian_set_text(wardian_writer *map, const char *key, wardian_text value) {
    wardian_put_str(map, key);
    wardian_put_text(map, value);
}

void wardian_set_int(wardian_writer *map, const char *key, int64_t value) {
    wardian_put_str(map, key);
    wardian_put_int(map, value);
}

void wardian_set_double(wardian_writer *map, const char *key, double value) {
    wardian_put_str(map, key);
    wardian_put_double(map, value);
}

void wardian_set_item(wardian_writer *map, const char *key, wardian_item value) {
    wardian_put_str(map, key);
    wardian_put_item(map, value);
}

void wardian_set_others(wardian_writer *map, wardian_item source, const char *key) {
    wardian_item found, value;
    wardian_text name;
    if (wardian_kind_of(source) != WARDIAN_MAP) return;
    for (wardian_iterator each = wardian_each(source); wardian_next_pair(&each, &found, &value);) {
        if (wardian_as_text(found, &name) && wardian_equal(name, wardian_str(key))) continue;
        wardian_put_item(map, found);
        wardian_put_item(map, value);
    }
}

wardian_result wardian_reply_each(wardian_item records_or_rows, wardian_outcome outcome) {
    wardian_writer reply = wardian_write();
    wardian_item one;
    wardian_put_list(&reply);
    for (wardian_iterator each = wardian_each(records_or_rows); wardian_next(&each, &one);)
        if (!outcome(&reply, one)) return wardian_pass_on();
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

void wardian_put_error(wardian_writer *reply, const char *kind, const char *message) {
    wardian_put_map(reply);
    wardian_set_str(reply, "kind", kind);
    wardian_set_str(reply, "message", message);
    wardian_put_end(reply);
}

/* Rounded up, for what is asked a little early has to be asked again. */
static int64_t milliseconds(int64_t nanoseconds) { return (nanoseconds - 1) / MILLISECOND + 1; }

wardian_result wardian_reply_interval(const wardian_schedule *schedule) {
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_set_int(&reply, "interval_ms", milliseconds(schedule->interval));
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

/* Whether a time has come; then the next one is set. */
static bool strikes(wardian_schedule *schedule, int64_t now, bool wanted) {
    /* The second case is a clock that was set back: what is next would be a long time ahead. */
    if (schedule->next == 0 || schedule->next - now > schedule->interval)
        schedule->next = schedule->at_once && schedule->next == 0 ? now : now + schedule->interval;
    if (now < schedule->next || !wanted) return false;
    schedule->next += ((now - schedule->next) / schedule->interval + 1) * schedule->interval;
    return true;
}

wardian_result wardian_reply_poll(wardian_schedule *schedule, wardian_item request, wardian_due due) {
    int64_t now = 0;
    uint64_t demand = 0;
    wardian_as_int(wardian_get(request, "now"), &now);
    wardian_as_uint(wardian_get(request, "demand"), &demand);
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_put_str(&reply, "records");
    wardian_put_list(&reply);
    if (strikes(schedule, now, demand > 0) && !due(&reply, now)) return wardian_pass_on();
    wardian_put_end(&reply);
    /* What is due and was not wanted waits for the next demand, and no time has to pass. */
    if (schedule->next > now) wardian_set_int(&reply, "wait_ms", milliseconds(schedule->next - now));
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}
