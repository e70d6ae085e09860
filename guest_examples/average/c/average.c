/* An aggregator: count, sum and average of the numbers of each key, for as long as a window lasts.
 *
 * What is gathered lies in state, so that a new instance goes on in the middle of a window. */
#include "wardian_kinds.h"

#define PREFIX "window/"
#define PAGE 100 /* keys that are asked for at once */

/* What a window has of one key: how many numbers there were, and their sum. */
struct gathered {
    int64_t count;
    double sum;
};

static struct gathered read_gathered(wardian_item kept) {
    struct gathered found = {0, 0};
    wardian_iterator each = wardian_each(kept);
    wardian_item part;
    if (wardian_next(&each, &part)) wardian_as_int(part, &found.count);
    if (wardian_next(&each, &part)) wardian_as_double(part, &found.sum);
    return found;
}

static bool add(const char *place, double number) {
    wardian_item kept;
    if (!wardian_state_get(place, &kept)) return false;
    struct gathered found = read_gathered(kept);
    wardian_writer next = wardian_write();
    wardian_put_list(&next);
    wardian_put_int(&next, found.count + 1);
    wardian_put_double(&next, found.sum + number);
    wardian_put_end(&next);
    return wardian_state_put(place, &next);
}

/* {"records": each with a number as `data`, and maybe a text as `key`} -> null; all of them count, or none does */
WARDIAN_ENTRY(aggregator_add) {
    wardian_item record;
    unsigned at = 0;
    for (wardian_iterator each = wardian_each(wardian_get(request, "records")); wardian_next(&each, &record); at++) {
        wardian_item key = wardian_get(record, "key");
        wardian_text name = {"", 0};
        double number;
        if (!wardian_as_double(wardian_get(record, "data"), &number))
            return wardian_fail(WARDIAN_INVALID, wardian_format("record %u: `data` must be a number", at));
        if (!wardian_is_null(key) && !wardian_as_text(key, &name))
            return wardian_fail(WARDIAN_INVALID, wardian_format("record %u: `key` must be a text", at));
        size_t mark = wardian_mark();
        if (!add(wardian_format(PREFIX "%.*s", WARDIAN_ARG(name)), number)) return wardian_pass_on();
        wardian_release(mark);
    }
    return wardian_null();
}

static void put_result(wardian_writer *records, wardian_text key, struct gathered found) {
    wardian_put_map(records);
    wardian_set_str(records, "type", "metric");
    if (key.size) wardian_set_text(records, "key", key);
    wardian_put_str(records, "data");
    wardian_put_map(records);
    wardian_set_int(records, "count", found.count);
    wardian_set_double(records, "sum", found.sum);
    wardian_set_double(records, "average", found.sum / (double)found.count);
    wardian_put_end(records);
    wardian_put_end(records);
}

/* Takes what is kept of each key, in the order of keys, and puts its result where there is a writer for it. */
static bool take_all(wardian_writer *records) {
    wardian_item keys, key, kept;
    wardian_text text;
    bool more = true;
    while (more) {
        more = false;
        /* What was taken is gone, so that each page is the first one. */
        if (!wardian_state_keys(PREFIX, NULL, PAGE, &keys)) return false;
        for (wardian_iterator each = wardian_each(keys); wardian_next(&each, &key); more = true) {
            if (!wardian_as_text(key, &text)) continue;
            const char *place = wardian_format("%.*s", WARDIAN_ARG(text));
            if (!wardian_state_get(place, &kept) || !wardian_state_delete(place, NULL)) return false;
            text.data += sizeof PREFIX - 1;
            text.size -= sizeof PREFIX - 1;
            if (records) put_result(records, text, read_gathered(kept));
        }
    }
    return true;
}

/* null -> {"records": one for each key}; the next window begins empty */
WARDIAN_ENTRY(aggregator_flush) {
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_put_str(&reply, "records");
    wardian_put_list(&reply);
    if (!take_all(&reply)) return wardian_pass_on();
    wardian_put_end(&reply);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

/* null -> null; what was gathered is forgotten */
WARDIAN_ENTRY(aggregator_reset) { return take_all(NULL) ? wardian_null() : wardian_pass_on(); }
