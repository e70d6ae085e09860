/* An action that gives its parameters back; each name that `has` asks for is one fault that authors make. */
#include "planted.h"

WARDIAN_ENTRY(action_call) {
    wardian_item params = wardian_get(request, "params");
    static int calls;
    if (has("LEAKS") || (has("GROWS_AT_FIRST") && calls++ < 9000)) {
        static const char block[64];
        wardian_keep(block, sizeof block);
    }
    if (has("TRAPS_ON_NULL") && wardian_is_null(request)) __builtin_trap();
    if (has("RETRIES_UNKNOWN_PARAMS") && !wardian_is_null(wardian_get(params, "wardian_unknown")))
        return wardian_fail(WARDIAN_TRANSIENT, "unknown");
    if (wardian_kind_of(params) != WARDIAN_MAP)
        return wardian_fail(has("UNKNOWN_KIND_OF_ERROR") ? "bad_request" : WARDIAN_INVALID, "`params` must be a map");
    wardian_writer reply = wardian_write();
    wardian_put_item(&reply, params);
    if (has("BYTES_AFTER_THE_REPLY")) return wardian_reply(&reply) + 1;
    if (has("REPLY_OUTSIDE_MEMORY")) return 0xffff000000000010ULL;
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(action_cancel) {
    if (has("CANCEL_NEEDS_THE_CALL")) return wardian_fail(WARDIAN_NOT_FOUND, "there is no call to cancel");
    return wardian_null();
}
