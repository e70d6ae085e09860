/* Entry points: a call's begin, its reply and its errors. */
#include "internal.h"

/* {"kind": "exhausted", "message": "out of memory"}, for when there is no room to write it. */
#define EXHAUSTED "\xa2\x64kind\x69" "exhausted" "\x67message\x6d" "out of memory"

static wardian_result pack(const uint8_t *data, size_t size, bool failed) {
    return (uint64_t)(uintptr_t)data << 32 | (uint64_t)failed << 31 | size;
}

static wardian_result fail_for(const char *fault) {
    return wardian_fail(fault == out_of_memory ? WARDIAN_EXHAUSTED : WARDIAN_INTERNAL, fault);
}

wardian_result wardian_begin(uint8_t *data, size_t size, wardian_item *request) {
    arena_top = arena_floor;
    host_error = (wardian_item){NULL, NULL};
    host_fault = NULL;
    const char *fault = wardian_decode(data, size, request);
    if (!fault) return 0;
    if (fault == out_of_memory) return fail_for(fault);
    return wardian_fail(WARDIAN_INVALID, wardian_format("the request is no item: %s", fault));
}

wardian_result wardian_reply(const wardian_writer *writer) {
    const char *fault = fault_of(writer);
    return fault ? fail_for(fault) : pack(writer->data, writer->size, false);
}

wardian_result wardian_fail(const char *kind, const char *message) {
    struct wardian_error error = {kind, message, NULL, -1, NULL};
    return wardian_fail_with(error);
}

static void put_pair(wardian_writer *writer, const char *key, const char *value) {
    wardian_put_str(writer, key);
    wardian_put_str(writer, value);
}

wardian_result wardian_fail_with(struct wardian_error error) {
    wardian_writer writer = wardian_write();
    wardian_put_map(&writer);
    put_pair(&writer, "kind", error.kind);
    put_pair(&writer, "message", error.message);
    if (error.code) put_pair(&writer, "code", error.code);
    if (error.retry_after_ms >= 0) {
        wardian_put_str(&writer, "retry_after_ms");
        wardian_put_int(&writer, error.retry_after_ms);
    }
    if (error.details) {
        wardian_put_str(&writer, "details");
        wardian_put_writer(&writer, error.details);
    }
    wardian_put_end(&writer);
    const char *fault = fault_of(&writer);
    if (!fault) return pack(writer.data, writer.size, true);
    return fault == out_of_memory ? pack((const uint8_t *)EXHAUSTED, sizeof EXHAUSTED - 1, true) : fail_for(fault);
}
