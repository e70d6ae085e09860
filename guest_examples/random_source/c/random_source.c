/* A source of random numbers around those of a pattern; it can leave out what it gave before, even after a restart. */
#include "wardian_kinds.h"

#define REMEMBERED "input" /* the key in state: a list of the last records, each as the bytes of its item */

static wardian_schedule schedule = {1000000000LL, false, 0};
static int64_t seed;
static int64_t remembers; /* how many records are not given again; 0 = any may be */
static wardian_item pattern;
static uint64_t chance; /* the generator's state */

static wardian_result wrong(const char *message) { return wardian_fail(WARDIAN_CONFIG, message); }

static wardian_result check_pattern(wardian_item given) {
    wardian_item key, value;
    int64_t number;
    size_t numbers = 0;
    if (wardian_kind_of(given) == WARDIAN_MAP)
        for (wardian_iterator each = wardian_each(given); wardian_next_pair(&each, &key, &value); numbers++)
            if (!wardian_as_int(value, &number) || number > INT32_MAX || number < INT32_MIN)
                return wrong("each value of `pattern` must be an integer of 32 bits");
    return numbers ? wardian_null() : wrong("`pattern` is required: a map of names to integers, such as {count: 50}");
}

/* config {"interval": milliseconds, "seed": above 0, "pattern": {name: integer}, "deduplicate": how many} */
WARDIAN_ENTRY(plugin_open) {
    wardian_item config = wardian_get(request, "config"), given = wardian_get(config, "pattern");
    wardian_item interval = wardian_get(config, "interval"), deduplicate = wardian_get(config, "deduplicate");
    int64_t milliseconds = 1000;
    if (!wardian_is_null(interval) && (!wardian_as_int(interval, &milliseconds) || milliseconds < 1 ||
                                       milliseconds > 86400000))
        return wrong("`interval` must be 1 to 86400000 milliseconds");
    if (!wardian_as_int(wardian_get(config, "seed"), &seed) || seed < 1 || seed > INT32_MAX)
        return wrong("`seed` must be a positive integer of at most 31 bits");
    if (!wardian_is_null(deduplicate) && (!wardian_as_int(deduplicate, &remembers) || remembers < 0 || remembers > 500))
        return wrong("`deduplicate` must be 0 to 500 records");
    wardian_result refused = check_pattern(given);
    if (refused) return refused;

    size_t size = (size_t)(given.end - given.at);
    pattern.at = wardian_keep(given.at, size);
    if (!pattern.at) return wardian_fail(WARDIAN_EXHAUSTED, "no memory for `pattern`");
    pattern.end = pattern.at + size;
    schedule.interval = milliseconds * 1000000;
    chance = (uint64_t)seed;
    return wardian_reply_interval(&schedule);
}

/* splitmix64: the same numbers for the same seed, and the host is not asked for any. */
static int64_t random_below(int64_t bound) {
    uint64_t mixed = chance += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ mixed >> 30) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ mixed >> 27) * 0x94d049bb133111eb;
    return (int64_t)((mixed ^ mixed >> 31) % (uint64_t)bound);
}

/* Each number of the pattern and something below the seed. */
static wardian_writer make_data(void) {
    wardian_writer data = wardian_write();
    wardian_item key, value;
    int64_t number = 0;
    wardian_put_map(&data);
    for (wardian_iterator each = wardian_each(pattern); wardian_next_pair(&each, &key, &value);) {
        wardian_put_item(&data, key);
        wardian_as_int(value, &number);
        wardian_put_int(&data, number + random_below(seed));
    }
    wardian_put_end(&data);
    return data;
}

/* Whether the data was given before; otherwise it is remembered, and the oldest beyond the last `remembers` forgotten. */
static bool remember(const wardian_writer *data, bool *known) {
    wardian_item list, one;
    wardian_bytes before, bytes = {data->data, data->size};
    int64_t count = 0;
    *known = false;
    if (!wardian_state_get(REMEMBERED, &list)) return false;
    for (wardian_iterator each = wardian_each(list); wardian_next(&each, &one); count++)
        *known |= wardian_as_bytes(one, &before) && before.size == bytes.size &&
                  __builtin_memcmp(before.data, bytes.data, bytes.size) == 0;
    if (*known) return true;
    wardian_writer kept = wardian_write();
    wardian_put_list(&kept);
    for (wardian_iterator each = wardian_each(list); wardian_next(&each, &one); count--)
        if (count < remembers) wardian_put_item(&kept, one);
    wardian_put_bytes(&kept, bytes);
    wardian_put_end(&kept);
    return wardian_state_put(REMEMBERED, &kept);
}

static bool put_record(wardian_writer *records, int64_t now) {
    wardian_writer data = make_data();
    bool known = false;
    if (remembers && !remember(&data, &known)) return false;
    if (known) return true;
    wardian_put_map(records);
    wardian_set_int(records, "time", now);
    wardian_put_str(records, "data");
    wardian_put_writer(records, &data);
    wardian_put_end(records);
    return true;
}

WARDIAN_ENTRY(source_poll) { return wardian_reply_poll(&schedule, request, put_record); }
