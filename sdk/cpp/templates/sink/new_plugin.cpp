// A sink that logs a line for each record.
#include "wardian_kinds.h"

static wardian_text prefix = {"record", 6};

// Called once, before all else, with what the operator configured.
WARDIAN_ENTRY(plugin_open) {
    wardian_item given = wardian_configured(request, "prefix");
    wardian_text text;
    if (wardian_is_null(given)) return wardian_null();
    if (!wardian_as_text(given, &text)) return wardian_fail(WARDIAN_CONFIG, "`prefix` must be a text");
    prefix = wardian_keep_text(text);
    return prefix.data ? wardian_null() : wardian_fail(WARDIAN_EXHAUSTED, "no memory for `prefix`");
}

// The outcome of one record: null, or an error of it alone.
static bool log_line(wardian_writer *reply, wardian_item record) {
    wardian_item data = wardian_get(record, "data");
    wardian_text line = wardian_str("(no text)");
    if (wardian_is_null(data)) {
        wardian_put_error(reply, WARDIAN_INVALID, "a record without data says nothing");
        return true;
    }
    if (!wardian_as_text(wardian_get(record, "message"), &line)) wardian_as_text(data, &line);
    size_t mark = wardian_mark(); // a call may have thousands of records
    if (!wardian_log(WARDIAN_INFO, wardian_format("%.*s: %.*s", WARDIAN_ARG(prefix), WARDIAN_ARG(line)))) return false;
    wardian_release(mark);
    wardian_put_null(reply);
    return true;
}

// {"records": list} -> an outcome for each, in order
WARDIAN_ENTRY(sink_write) { return wardian_reply_each(wardian_get(request, "records"), log_line); }

// {"urgent": bool} -> null; a sink that gathers what it writes would write it all here
WARDIAN_ENTRY(sink_flush) { return wardian_null(); }
