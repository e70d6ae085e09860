/* A processor that tags records with the country of their `source.ip`, which it asks the extension `geo` for. */
#include "wardian_kinds.h"

/* The name that the operator gave the extension. */
static wardian_text extension = {"geo", 3};

WARDIAN_ENTRY(plugin_open) {
    wardian_item given = wardian_configured(request, "extension");
    wardian_text text;
    if (wardian_is_null(given)) return wardian_null();
    if (!wardian_as_text(given, &text)) return wardian_fail(WARDIAN_CONFIG, "`extension` must be a name");
    extension = wardian_keep_text(text);
    return extension.data ? wardian_null() : wardian_fail(WARDIAN_EXHAUSTED, "no memory for `extension`");
}

/* The record with its tags and one more, `source.country`. */
static void put_tagged(wardian_writer *records, wardian_item record, wardian_item country) {
    wardian_put_map(records);
    wardian_set_others(records, record, "tags");
    wardian_put_str(records, "tags");
    wardian_put_map(records);
    wardian_set_others(records, wardian_get(record, "tags"), "source.country");
    if (!wardian_is_null(country)) wardian_set_item(records, "source.country", country);
    wardian_put_end(records);
    wardian_put_end(records);
}

static bool locate(wardian_writer *reply, wardian_item record) {
    wardian_item data = wardian_get(record, "data"), place = {NULL, NULL};
    wardian_item address = wardian_get(data, "source.ip");
    if (wardian_kind_of(data) != WARDIAN_MAP) {
        wardian_put_error(reply, WARDIAN_INVALID, "`data` must be a map");
        return true;
    }
    if (!wardian_is_null(address)) {
        wardian_writer argument = wardian_write();
        wardian_put_item(&argument, address);
        const char *name = wardian_format("%.*s", WARDIAN_ARG(extension));
        if (!wardian_extension_call(name, "locate", &argument, &place)) {
            wardian_text kind = {"", 0};
            wardian_as_text(wardian_get(wardian_host_error(), "kind"), &kind);
            /* An address that is none is a fault of this record alone; that there is no extension concerns them all. */
            if (!wardian_equal(kind, wardian_str(WARDIAN_INVALID))) return false;
            wardian_put_item(reply, wardian_host_error());
            return true;
        }
    }
    wardian_put_list(reply);
    put_tagged(reply, record, wardian_get(place, "country"));
    wardian_put_end(reply);
    return true;
}

WARDIAN_ENTRY(processor_process) { return wardian_reply_each(wardian_get(request, "records"), locate); }
