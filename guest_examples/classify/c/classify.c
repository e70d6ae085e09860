/* A processor that sends records of an access log where they belong: it names paths, drops, and splits. */
#include "wardian_kinds.h"

/* Requests to these are asked by machines, each second, and nobody wants to read of them. */
static wardian_text health = {"/healthz", 8};

WARDIAN_ENTRY(plugin_open) {
    /* Not `wardian_configured`: an empty text is something here, for with it nothing is dropped. */
    wardian_item given = wardian_get(wardian_get(request, "config"), "health");
    wardian_text text;
    if (wardian_is_null(given)) return wardian_null();
    if (!wardian_as_text(given, &text)) return wardian_fail(WARDIAN_CONFIG, "`health` must be a text");
    health = wardian_keep_text(text);
    return health.data ? wardian_null() : wardian_fail(WARDIAN_EXHAUSTED, "no memory for `health`");
}

/* Whether it is {"status": 100 to 599, "url": text}, and what it says. */
static bool read_entry(wardian_item entry, int64_t *status, wardian_text *url) {
    return wardian_as_int(wardian_get(entry, "status"), status) && *status >= 100 && *status <= 599 &&
           wardian_as_text(wardian_get(entry, "url"), url);
}

static bool is_health(wardian_text url) { return health.size && wardian_equal(url, health); }

/* The record of one entry, with all that its record said beside `data`. */
static void put_entry(wardian_writer *records, wardian_item record, wardian_item entry, int64_t status) {
    wardian_item key, value;
    wardian_text name;
    wardian_put_map(records);
    for (wardian_iterator each = wardian_each(record); wardian_next_pair(&each, &key, &value);) {
        if (!wardian_as_text(key, &name) || wardian_equal(name, wardian_str("data")) ||
            wardian_equal(name, wardian_str("path")))
            continue;
        wardian_put_item(records, key);
        wardian_put_item(records, value);
    }
    wardian_set_item(records, "data", entry);
    /* Without a path a record goes the usual way. */
    if (status >= 400) wardian_set_str(records, "path", status >= 500 ? "errors" : "refused");
    wardian_put_end(records);
}

static bool classify(wardian_writer *reply, wardian_item record) {
    wardian_item data = wardian_get(record, "data"), entry;
    int64_t status = 0;
    wardian_text url;
    bool many = wardian_kind_of(data) == WARDIAN_LIST; /* a batch of entries: each becomes a record of its own */
    bool good = many || read_entry(data, &status, &url);
    for (wardian_iterator each = wardian_each(data); many && good && wardian_next(&each, &entry);)
        good = read_entry(entry, &status, &url);
    if (!good) {
        wardian_put_error(reply, WARDIAN_INVALID, "expected {status: 100 to 599, url: text}, or a list of such maps");
        return true;
    }
    wardian_put_list(reply); /* which stays empty where all is dropped */
    if (!many && !is_health(url)) put_entry(reply, record, data, status);
    for (wardian_iterator each = wardian_each(data); many && wardian_next(&each, &entry);)
        if (read_entry(entry, &status, &url) && !is_health(url)) put_entry(reply, record, entry, status);
    wardian_put_end(reply);
    return true;
}

WARDIAN_ENTRY(processor_process) { return wardian_reply_each(wardian_get(request, "records"), classify); }
