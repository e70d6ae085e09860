/* Every entry point of every kind of plugin, each doing the least that a test can tell from nothing. */
#include "wardian.h"
#include "wardian_kinds.h"

/* A text under `key` of what a record says, such as of `{"data": {"fail": "why"}}`. */
static bool says(wardian_item record, const char *key, wardian_text *text) {
    return wardian_as_text(wardian_get(wardian_get(record, "data"), key), text);
}

static void put_record_of(wardian_writer *records, wardian_item data) {
    wardian_put_map(records);
    wardian_set_item(records, "data", data);
    wardian_put_end(records);
}

WARDIAN_ENTRY(plugin_check) {
    wardian_writer reply = wardian_write();
    (void)request;
    wardian_put_list(&reply);
    wardian_put_list(&reply);
    wardian_put_int(&reply, WARDIAN_INFO);
    wardian_put_str(&reply, "checked");
    wardian_put_end(&reply);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(plugin_close) { return wardian_log(WARDIAN_INFO, "closed") ? wardian_null() : wardian_pass_on(); }

/* ---- A source of the numbers from 1 on ---- */

static int64_t given, count = INT64_MAX;

void probe_opened(wardian_item request) {
    wardian_as_int(wardian_get(request, "resume"), &given);
    wardian_as_int(wardian_get(wardian_get(request, "config"), "count"), &count);
}

WARDIAN_ENTRY(source_poll) {
    uint64_t demand = 0;
    wardian_as_uint(wardian_get(request, "demand"), &demand);
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_put_str(&reply, "records");
    wardian_put_list(&reply);
    for (uint64_t i = 0; i < demand && i < 3; i++) {
        wardian_put_map(&reply);
        wardian_set_int(&reply, "data", ++given);
        wardian_put_end(&reply);
    }
    wardian_put_end(&reply);
    wardian_set_int(&reply, "offset", given);
    wardian_set_int(&reply, "wait_ms", 5);
    if (given >= count) {
        wardian_put_str(&reply, "done");
        wardian_put_bool(&reply, true);
    }
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(source_request) {
    if (wardian_is_null(wardian_get(request, "payload"))) return wardian_null();
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_set_item(&reply, "data", wardian_get(request, "payload"));
    wardian_set_item(&reply, "meta", wardian_get(request, "headers"));
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

/* ---- An action that answers with what it was given ---- */

WARDIAN_ENTRY(action_call) {
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_set_item(&reply, "params", wardian_get(request, "params"));
    wardian_set_item(&reply, "vars", wardian_get(request, "vars"));
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(action_cancel) {
    wardian_text reason = {"", 0};
    wardian_as_text(wardian_get(request, "reason"), &reason);
    const char *line = wardian_format("cancelled: %.*s", WARDIAN_ARG(reason));
    return wardian_log(WARDIAN_INFO, line) ? wardian_null() : wardian_pass_on();
}

/* ---- A processor that does what each record says ---- */

static bool processed(wardian_writer *reply, wardian_item record) {
    wardian_item data = wardian_get(record, "data"), twice = wardian_get(data, "twice");
    wardian_text reason;
    if (says(record, "fail", &reason)) {
        wardian_put_error(reply, WARDIAN_INVALID, wardian_format("%.*s", WARDIAN_ARG(reason)));
        return true;
    }
    wardian_put_list(reply);
    if (twice.at) {
        put_record_of(reply, twice);
        put_record_of(reply, twice);
    } else if (!wardian_get(data, "drop").at) {
        wardian_put_item(reply, record);
    }
    wardian_put_end(reply);
    return true;
}

WARDIAN_ENTRY(processor_process) { return wardian_reply_each(wardian_get(request, "records"), processed); }

/* ---- A function that adds two integers ---- */

WARDIAN_ENTRY(function_validate) {
    wardian_iterator each = wardian_each(wardian_get(request, "args"));
    wardian_item argument;
    int arguments = 0;
    while (wardian_next(&each, &argument)) arguments++;
    return arguments == 2 ? wardian_null() : wardian_fail(WARDIAN_INVALID, "expected 2 arguments");
}

static bool added(wardian_writer *reply, wardian_item row) {
    wardian_iterator each = wardian_each(row);
    wardian_item first, second, more;
    int64_t left, right;
    if (!wardian_next(&each, &first) || !wardian_next(&each, &second) || wardian_next(&each, &more) ||
        !wardian_as_int(first, &left) || !wardian_as_int(second, &right)) {
        wardian_put_error(reply, WARDIAN_INVALID, "expected two integers");
        return true;
    }
    wardian_put_map(reply);
    wardian_set_int(reply, "value", (int64_t)((uint64_t)left + (uint64_t)right));
    wardian_put_end(reply);
    return true;
}

WARDIAN_ENTRY(function_call) { return wardian_reply_each(wardian_get(request, "rows"), added); }

/* ---- An aggregator of sums ---- */

static int64_t sum;

WARDIAN_ENTRY(aggregator_add) {
    wardian_iterator each = wardian_each(wardian_get(request, "records"));
    wardian_item record;
    for (int64_t number; wardian_next(&each, &record);)
        if (wardian_as_int(wardian_get(record, "data"), &number)) sum = (int64_t)((uint64_t)sum + (uint64_t)number);
    return wardian_null();
}

WARDIAN_ENTRY(aggregator_flush) {
    wardian_writer reply = wardian_write();
    (void)request;
    wardian_put_map(&reply);
    wardian_put_str(&reply, "records");
    wardian_put_list(&reply);
    wardian_put_map(&reply);
    wardian_set_int(&reply, "data", sum);
    wardian_put_end(&reply);
    wardian_put_end(&reply);
    wardian_put_end(&reply);
    sum = 0;
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(aggregator_reset) {
    (void)request;
    sum = 0;
    return wardian_null();
}

/* ---- A sink that takes all but what says that it is to be refused ---- */

static bool taken(wardian_writer *reply, wardian_item record) {
    wardian_text reason;
    if (says(record, "fail", &reason))
        wardian_put_error(reply, WARDIAN_INVALID, wardian_format("%.*s", WARDIAN_ARG(reason)));
    else
        wardian_put_null(reply);
    return true;
}

WARDIAN_ENTRY(sink_write) {
    wardian_iterator each = wardian_each(wardian_get(request, "records"));
    wardian_item record;
    wardian_text reason;
    while (wardian_next(&each, &record))
        if (says(record, "fail", &reason)) return wardian_reply_each(wardian_get(request, "records"), taken);
    return wardian_null();
}

WARDIAN_ENTRY(sink_flush) {
    bool urgent = false;
    wardian_as_bool(wardian_get(request, "urgent"), &urgent);
    return wardian_log(WARDIAN_INFO, urgent ? "flushed urgently" : "flushed") ? wardian_null() : wardian_pass_on();
}

/* ---- A lookup that knows everybody but `nobody` ---- */

WARDIAN_ENTRY(lookup_rows) {
    wardian_iterator values = wardian_each(wardian_get(request, "values"));
    wardian_iterator fields = wardian_each(wardian_get(request, "fields"));
    wardian_item value = {NULL, NULL}, field;
    wardian_text of = {"", 0}, name;
    wardian_next(&values, &value);
    wardian_as_text(value, &of);
    wardian_writer reply = wardian_write();
    wardian_put_list(&reply);
    if (!wardian_equal(of, wardian_str("nobody"))) {
        wardian_put_map(&reply);
        while (wardian_next(&fields, &field)) {
            if (!wardian_as_text(field, &name)) continue;
            wardian_put_text(&reply, name);
            wardian_put_str(&reply, wardian_format("%.*s of %.*s", WARDIAN_ARG(name), WARDIAN_ARG(of)));
        }
        wardian_put_end(&reply);
    }
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

/* ---- An extension that answers with what it was asked ---- */

WARDIAN_ENTRY(extension_call) {
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_set_item(&reply, "method", wardian_get(request, "method"));
    wardian_set_item(&reply, "argument", wardian_get(request, "argument"));
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}
