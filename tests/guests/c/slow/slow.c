/* An action that takes as long as it is told, and says when it was called off. */
#include "wardian_kinds.h"

/* Of WASI, for a wait that costs nothing: one clock to wait for, of 48 bytes, and 32 bytes of what happened. */
struct subscription {
    uint64_t userdata;
    uint64_t tag;   /* 0 = a clock */
    uint64_t clock; /* 1 = monotonic */
    uint64_t timeout, precision;
    uint16_t flags;
};
_Static_assert(sizeof(struct subscription) == 48, "as WASI preview 1 has it");

__attribute__((import_module("wasi_snapshot_preview1"), import_name("poll_oneoff"))) int32_t poll_oneoff(
    const struct subscription *in, void *out, uint32_t count, uint32_t *events);

/* {"params": {"ms": how long, "spin": true to compute for ever instead}} -> how long it was */
WARDIAN_ENTRY(action_call) {
    wardian_item params = wardian_get(request, "params");
    uint64_t ms = 5000;
    bool spin = false;
    wardian_as_uint(wardian_get(params, "ms"), &ms);
    wardian_as_bool(wardian_get(params, "spin"), &spin);
    volatile bool forever = spin;
    while (forever) {}
    struct subscription wait = {.clock = 1, .timeout = ms * 1000000};
    uint64_t event[4];
    uint32_t events = 0;
    if (poll_oneoff(&wait, event, 1, &events) != 0) return wardian_fail(WARDIAN_INTERNAL, "cannot wait");
    wardian_writer reply = wardian_write();
    wardian_put_uint(&reply, ms);
    return wardian_reply(&reply);
}

/* {"reason": text, "params": those of the call} -> null */
WARDIAN_ENTRY(action_cancel) {
    wardian_text reason = {"", 0};
    wardian_as_text(wardian_get(request, "reason"), &reason);
    wardian_log(WARDIAN_INFO, wardian_format("Cancel callback call: %.*s", WARDIAN_ARG(reason)));
    return wardian_null();
}
