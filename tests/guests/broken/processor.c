/* A processor that passes records on; each name that `has` asks for is one fault that authors make. */
#include "planted.h"

static uint64_t size = 4; /* of the configuration; 1 to 1000 */

static const char *fault_of_config(wardian_item request) {
    wardian_item config = wardian_get(request, "config"), item = wardian_get(config, "size");
    uint64_t given = 4;
    wardian_iterator each = wardian_each(config);
    wardian_item key, value;
    wardian_text name;
    if (wardian_kind_of(config) != WARDIAN_MAP) return "the configuration must be a map";
    while (wardian_next_pair(&each, &key, &value))
        if (!wardian_as_text(key, &name) || !wardian_equal(name, wardian_str("size"))) return "there is only `size`";
    if (wardian_kind_of(item) == WARDIAN_MISSING) return NULL;
    if (!wardian_as_uint(item, &given) || given == 0 || given > 1000) return "`size` must be an integer from 1 to 1000";
    return NULL;
}

WARDIAN_ENTRY(plugin_open) {
    const char *fault = fault_of_config(request);
    if (has("REFUSES_ITS_DEFAULTS")) {
        uint64_t given = 0;
        if (!fault && wardian_as_uint(wardian_get(wardian_get(request, "config"), "size"), &given) && given < 5)
            fault = "`size` must be at least 5";
    }
    if (has("OPENS_WHAT_ITS_CHECK_REFUSES")) fault = NULL;
    if (has("REFUSES_AS_INTERNAL") && fault) return wardian_fail(WARDIAN_INTERNAL, fault);
    if (has("TRAPS_ON_CONFIG") && fault) __builtin_trap();
    if (has("REFUSES_UNKNOWN_CONTEXT") && !wardian_is_null(wardian_get(request, "wardian_last")))
        fault = "there is no such key";
    if (fault) return wardian_fail(WARDIAN_CONFIG, fault);
    wardian_as_uint(wardian_get(wardian_get(request, "config"), "size"), &size);
    return wardian_null();
}

WARDIAN_ENTRY(plugin_check) {
    const char *fault = fault_of_config(request);
    wardian_writer reply = wardian_write();
    wardian_put_list(&reply);
    if (fault) {
        wardian_put_list(&reply);
        wardian_put_int(&reply, WARDIAN_ERROR);
        wardian_put_str(&reply, fault);
        wardian_put_end(&reply);
    }
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(plugin_close) {
    if (has("TRAPS_IN_CLOSE")) __builtin_trap();
    return wardian_null();
}

static void put_outcome(wardian_writer *reply, wardian_item record) {
    double number;
    if (has("BAD_RECORD_TRAPS") && wardian_kind_of(wardian_get(record, "data")) == WARDIAN_FLOAT) __builtin_trap();
    if (has("FORGETS_A_RECORD") && wardian_is_null(wardian_get(record, "data"))) return;
    if (has("LOGS_EACH_RECORD")) wardian_log(WARDIAN_INFO, "a record");
    if (wardian_kind_of(record) != WARDIAN_MAP || wardian_as_double(wardian_get(record, "data"), &number)) {
        wardian_put_map(reply);
        wardian_put_str(reply, "kind");
        wardian_put_str(reply, has("UNKNOWN_KIND_OF_OUTCOME") ? "not_a_text" : WARDIAN_INVALID);
        wardian_put_str(reply, "message");
        wardian_put_str(reply, "`data` must not be a number");
        wardian_put_end(reply);
        return;
    }
    wardian_put_list(reply);
    wardian_put_map(reply);
    wardian_put_str(reply, "data");
    wardian_put_item(reply, wardian_get(record, "data"));
    wardian_put_end(reply);
    wardian_put_end(reply);
}

static void put_backwards(wardian_writer *reply, wardian_iterator each) {
    wardian_item record;
    wardian_item kept[1024];
    size_t count = 0;
    while (count < 1024 && wardian_next(&each, &record)) kept[count++] = record;
    while (count > 0) put_outcome(reply, kept[--count]);
}

WARDIAN_ENTRY(processor_process) {
    wardian_item records = wardian_get(request, "records"), record;
    wardian_iterator each = wardian_each(records);
    if (wardian_kind_of(records) != WARDIAN_LIST) return wardian_fail(WARDIAN_INVALID, "`records` must be a list");
    wardian_writer reply = wardian_write();
    wardian_put_list(&reply);
    if (has("ANSWERS_BACKWARDS")) {
        put_backwards(&reply, each);
        each.left = 0;
    }
    while (wardian_next(&each, &record)) {
        double number;
        if (has("FAILS_THE_BATCH") && wardian_as_double(wardian_get(record, "data"), &number))
            return wardian_fail(WARDIAN_INVALID, "a number");
        put_outcome(&reply, record);
    }
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}
