/* Every member of a pipeline in one module, for the tests of pipelines: a source that numbers its records, a processor
 * that does what a record says, an aggregator that sums, a sink that refuses what it is told to. */
#include "wardian_kinds.h"

static int64_t count = -1, per_poll = 100, keys = 0, next = 0, trap_on = -1, loop_on = -1, broken_on = -1, twice = 0;
static int64_t counts = 0, refuse_on = -1, busy = 0, sum = 0, seen = 0, in_state = 0, spin = 0, tried = 0, dies = 0;
static int64_t trap_in = 0, logs = 0, holds = 0, held = 0;

static void configure(wardian_item config, const char *key, int64_t *value) {
    wardian_as_int(wardian_get(config, key), value);
}

WARDIAN_ENTRY(plugin_open) {
    wardian_item config = wardian_get(request, "config");
    int64_t refused = 0;
    configure(config, "count", &count);
    configure(config, "per_poll", &per_poll);
    configure(config, "keys", &keys);
    configure(config, "trap_on", &trap_on);
    configure(config, "loop_on", &loop_on);
    configure(config, "broken_on", &broken_on);
    configure(config, "refuse_on", &refuse_on);
    configure(config, "busy", &busy);
    configure(config, "twice", &twice);
    configure(config, "counts", &counts);
    configure(config, "in_state", &in_state);
    configure(config, "refused", &refused);
    configure(config, "dies", &dies);
    configure(config, "trap_in", &trap_in);
    configure(config, "logs", &logs);
    configure(config, "holds", &holds);
    configure(config, "first", &next);
    configure(wardian_get(config, "none"), "none", &spin);
    wardian_as_int(wardian_get(request, "resume"), &next);
    if (refused) return wardian_fail(WARDIAN_CONFIG, "`refused` is set");
    return wardian_null();
}

/* {"records": numbers from where it stands, "offset": the next one} */
WARDIAN_ENTRY(source_poll) {
    int64_t demand = 0, given = 0;
    wardian_as_int(wardian_get(request, "demand"), &demand);
    if (demand > per_poll) demand = per_poll;
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_put_str(&reply, "records");
    wardian_put_list(&reply);
    for (; given < demand && (count < 0 || next < count); given++, next++) {
        wardian_put_map(&reply);
        wardian_set_int(&reply, "data", next);
        if (keys) wardian_set_str(&reply, "key", wardian_format("k%d", (int)(next % keys)));
        wardian_put_end(&reply);
    }
    wardian_put_end(&reply);
    wardian_set_int(&reply, "offset", next);
    if (count >= 0 && next >= count) {
        wardian_put_str(&reply, "done");
        wardian_put_bool(&reply, true);
    }
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

/* A record from outside: {"data": the payload} */
WARDIAN_ENTRY(source_request) {
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_set_item(&reply, "data", wardian_get(request, "payload"));
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

static bool is(wardian_item data, const char *word) {
    wardian_text text;
    return wardian_as_text(data, &text) && wardian_equal(text, wardian_str(word));
}

static bool keep_count(wardian_item record, int64_t *total) {
    wardian_text key = {"", 0};
    wardian_as_text(wardian_get(record, "key"), &key);
    return wardian_state_add(wardian_format("count/%.*s", WARDIAN_ARG(key)), 1, total);
}

static void put_one(wardian_writer *reply, wardian_item record, int64_t total) {
    wardian_text text;
    wardian_put_map(reply);
    wardian_item data = wardian_get(record, "data");
    if (counts) {
        wardian_set_others(reply, record, "data");
        wardian_put_str(reply, "data");
        wardian_put_list(reply);
        wardian_put_item(reply, data);
        wardian_put_int(reply, total);
        wardian_put_end(reply);
    } else if (wardian_as_text(data, &text) && text.size > 3 && text.data[0] == 't' && text.data[2] == ':') {
        text.data += 3;
        text.size -= 3;
        wardian_set_others(reply, record, "path");
        wardian_set_text(reply, "path", text);
    } else {
        wardian_set_others(reply, record, "none");
    }
    wardian_put_end(reply);
}

/* About one record in `trap_in`: some of them always, others not when they come again */
static bool is_unlucky(int64_t number) {
    static uint64_t taken = 0;
    uint64_t dice = ((uint64_t)number + 1) * 0x9e3779b97f4a7c15u + taken++ * 0xbf58476d1ce4e5b9u;
    dice = (dice ^ dice >> 29) * 0x94d049bb133111ebu;
    return trap_in && (dice >> 33) % (uint64_t)trap_in == 0;
}

static bool process(wardian_writer *reply, wardian_item record) {
    int64_t number = -2, total = 0;
    wardian_item data = wardian_get(record, "data");
    wardian_as_int(data, &number);
    if (dies || number == trap_on || is(data, "trap") || is_unlucky(number)) __builtin_trap();
    if (number == loop_on || is(data, "loop"))
        for (;;) spin = spin + 1;
    if (is(data, "grow"))
        while (__builtin_wasm_memory_grow(0, 64) != (size_t)-1) spin = spin + 1;
    if (is(data, "grow")) __builtin_trap();
    for (int64_t line = 0; line < logs; line++) wardian_log(WARDIAN_INFO, "a record goes through, which is told at length");
    if (is(data, "invalid")) {
        wardian_put_error(reply, WARDIAN_INVALID, "it is not valid");
        return true;
    }
    if (is(data, "busy") && tried++ < busy) {
        wardian_put_error(reply, WARDIAN_TRANSIENT, "not now");
        return true;
    }
    if (counts && !keep_count(record, &total)) return false;
    wardian_put_list(reply);
    if (!is(data, "drop")) put_one(reply, record, total);
    if (twice || is(data, "twice")) put_one(reply, record, total);
    wardian_put_end(reply);
    return true;
}

/* What each record says: trap, loop, grow (until it breaks), invalid, busy (so often), drop, twice, to:PATH; or nothing */
WARDIAN_ENTRY(processor_process) {
    wardian_item record, records = wardian_get(request, "records");
    int64_t number;
    for (wardian_iterator each = wardian_each(records); wardian_next(&each, &record);) {
        wardian_item data = wardian_get(record, "data");
        if (is(data, "broken") || (wardian_as_int(data, &number) && number == broken_on)) {
            static const uint8_t broken[] = {0x9f, 0xff, 0xff};
            return (uint64_t)(uintptr_t)broken << 32 | sizeof broken;
        }
    }
    return wardian_reply_each(records, process);
}

WARDIAN_ENTRY(aggregator_add) {
    wardian_item record;
    for (wardian_iterator each = wardian_each(wardian_get(request, "records")); wardian_next(&each, &record);) {
        int64_t number = 0, total;
        wardian_item data = wardian_get(record, "data");
        if (is(data, "trap")) __builtin_trap();
        if (!wardian_as_int(data, &number)) return wardian_fail(WARDIAN_INVALID, "`data` must be an integer");
        if (in_state && (!wardian_state_add("sum", number, &total) || !wardian_state_add("seen", 1, &total)))
            return wardian_pass_on();
        sum += number;
        seen++;
    }
    return wardian_null();
}

WARDIAN_ENTRY(aggregator_flush) {
    if (in_state) {
        int64_t zero_sum, zero_seen;
        if (!wardian_state_add("sum", 0, &sum) || !wardian_state_add("seen", 0, &seen)) return wardian_pass_on();
        if (!wardian_state_add("sum", -sum, &zero_sum) || !wardian_state_add("seen", -seen, &zero_seen))
            return wardian_pass_on();
    }
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_put_str(&reply, "records");
    wardian_put_list(&reply);
    wardian_put_map(&reply);
    wardian_put_str(&reply, "data");
    wardian_put_list(&reply);
    wardian_put_int(&reply, seen);
    wardian_put_int(&reply, sum);
    wardian_put_end(&reply);
    wardian_put_end(&reply);
    wardian_put_end(&reply);
    wardian_put_end(&reply);
    sum = seen = 0;
    return wardian_reply(&reply);
}

static bool take(wardian_writer *reply, wardian_item record) {
    int64_t number = -2;
    wardian_as_int(wardian_get(record, "data"), &number);
    if (number == loop_on)
        for (;;) spin = spin + 1;
    if (number == trap_on || is_unlucky(number)) __builtin_trap();
    if (holds) held++;
    if (number == refuse_on) wardian_put_error(reply, WARDIAN_INVALID, "the sink does not take it");
    else wardian_put_null(reply);
    return true;
}

WARDIAN_ENTRY(sink_write) { return wardian_reply_each(wardian_get(request, "records"), take); }

/* With `holds`, it has what it took in memory until now, and counts in its state what it has sent */
WARDIAN_ENTRY(sink_flush) {
    int64_t total;
    if (held && !wardian_state_add("sent", held, &total)) return wardian_pass_on();
    held = 0;
    return wardian_null();
}
