/* An extension with one method, `depth`; each name that `has` asks for is one fault that authors make. */
#include "planted.h"

static int64_t depth_of(wardian_item item) {
    char frame[4096]; /* what an author keeps on the stack for each level */
    int64_t deepest = 0;
    wardian_iterator each = wardian_each(item);
    wardian_item held;
    __asm__ volatile("" : : "r"(frame) : "memory");
    while (wardian_next(&each, &held)) {
        int64_t depth = depth_of(held) + 1;
        if (depth > deepest) deepest = depth;
    }
    return deepest;
}

WARDIAN_ENTRY(extension_call) {
    wardian_text method = {"", 0};
    wardian_as_text(wardian_get(request, "method"), &method);
    if (!wardian_equal(method, wardian_str("call")))
        return has("TAKES_ANY_METHOD") ? wardian_null() : wardian_fail(WARDIAN_UNIMPLEMENTED, "there is only `call`");
    wardian_writer reply = wardian_write();
    wardian_put_int(&reply, has("TRAPS_WHEN_DEEP") ? depth_of(wardian_get(request, "argument")) : 1);
    return wardian_reply(&reply);
}
