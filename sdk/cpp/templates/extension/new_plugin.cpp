// An extension that counts for other plugins, and goes on after a restart.
#include "wardian.h"

// "add", with how much -> the new total. State is all or nothing: what a call that fails has added is taken back.
static wardian_result add(wardian_item argument) {
    int64_t delta = 1, total;
    if (!wardian_is_null(argument) && !wardian_as_int(argument, &delta))
        return wardian_fail(WARDIAN_INVALID, "`add` takes an integer, or null for 1");
    if (!wardian_state_add("total", delta, &total)) return wardian_pass_on();

    wardian_writer reply = wardian_write();
    wardian_put_int(&reply, total);
    return wardian_reply(&reply);
}

// "get" -> the total
static wardian_result get(void) {
    int64_t total = 0;
    wardian_item kept;
    if (!wardian_state_get("total", &kept)) return wardian_pass_on();
    wardian_as_int(kept, &total); // null before the first `add`

    wardian_writer reply = wardian_write();
    wardian_put_int(&reply, total);
    return wardian_reply(&reply);
}

// {"method": text, "argument": any} -> what the method answers
WARDIAN_ENTRY(extension_call) {
    wardian_text method = {"", 0};
    wardian_as_text(wardian_get(request, "method"), &method);
    if (wardian_equal(method, wardian_str("add"))) return add(wardian_get(request, "argument"));
    if (wardian_equal(method, wardian_str("get"))) return get();
    return wardian_fail(WARDIAN_UNIMPLEMENTED, "the methods are `add` and `get`");
}
