/* The members of the pipeline that is measured: a source that numbers its records, a processor that counts one field up,
 * a sink that takes all. They do as little as members can. */
#include "wardian_kinds.h"

static int64_t count, next;

WARDIAN_ENTRY(plugin_open) {
    wardian_as_int(wardian_get(wardian_get(request, "config"), "count"), &count);
    return wardian_null();
}

WARDIAN_ENTRY(source_poll) {
    int64_t demand = 0;
    wardian_as_int(wardian_get(request, "demand"), &demand);
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_put_str(&reply, "records");
    wardian_put_list(&reply);
    for (; demand > 0 && next < count; demand--, next++) {
        wardian_put_map(&reply);
        wardian_set_str(&reply, "type", "log");
        wardian_put_str(&reply, "data");
        wardian_put_map(&reply);
        wardian_set_int(&reply, "number", next);
        wardian_set_str(&reply, "host", "web-17.example.org");
        wardian_set_str(&reply, "line", "GET /index.html 200 in 17 ms");
        wardian_put_end(&reply);
        wardian_put_end(&reply);
    }
    wardian_put_end(&reply);
    wardian_set_int(&reply, "offset", next);
    wardian_put_str(&reply, "done");
    wardian_put_bool(&reply, next >= count);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

static bool up(wardian_writer *reply, wardian_item record) {
    int64_t number = 0;
    wardian_item data = wardian_get(record, "data");
    wardian_as_int(wardian_get(data, "number"), &number);
    wardian_put_list(reply);
    wardian_put_map(reply);
    wardian_set_others(reply, record, "data");
    wardian_put_str(reply, "data");
    wardian_put_map(reply);
    wardian_set_others(reply, data, "number");
    wardian_set_int(reply, "number", number + 1);
    wardian_put_end(reply);
    wardian_put_end(reply);
    wardian_put_end(reply);
    return true;
}

WARDIAN_ENTRY(processor_process) { return wardian_reply_each(wardian_get(request, "records"), up); }

WARDIAN_ENTRY(sink_write) { return wardian_null(); }
