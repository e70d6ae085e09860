/* A sink that forgets what it is given; each name that `has` asks for is one fault that authors make. */
#include "planted.h"

WARDIAN_ENTRY(sink_write) {
    wardian_item records = wardian_get(request, "records");
    if (wardian_kind_of(records) != WARDIAN_LIST) return wardian_fail(WARDIAN_INVALID, "`records` must be a list");
    if (has("TRAPS_ON_UNKNOWN_KEYS")) {
        wardian_iterator each = wardian_each(request);
        wardian_item key, value;
        wardian_text name;
        while (wardian_next_pair(&each, &key, &value))
            if (!wardian_as_text(key, &name) || !wardian_equal(name, wardian_str("records"))) __builtin_trap();
    }
    if (has("ONE_OUTCOME_FOR_ALL")) {
        wardian_writer reply = wardian_write();
        wardian_put_list(&reply);
        wardian_put_null(&reply);
        wardian_put_end(&reply);
        return wardian_reply(&reply);
    }
    return wardian_null();
}

WARDIAN_ENTRY(sink_flush) {
    if (has("URGENT_FLUSH_ANSWERS_TRUE")) {
        bool urgent = false;
        wardian_writer reply = wardian_write();
        wardian_put_bool(&reply, true);
        if (wardian_as_bool(wardian_get(request, "urgent"), &urgent) && urgent) return wardian_reply(&reply);
    }
    return wardian_null();
}
