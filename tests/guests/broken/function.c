/* A function that gives the second of its arguments; each name that `has` asks for is one fault that authors make. */
#include "planted.h"

static void put_outcome(wardian_writer *reply, wardian_item row) {
    wardian_iterator each = wardian_each(row);
    wardian_item first, second, third;
    wardian_put_map(reply);
    bool two = wardian_next(&each, &first) && wardian_next(&each, &second);
    if (has("TRAPS_ON_TOO_FEW_ARGUMENTS") && !two) __builtin_trap();
    if (!two || wardian_next(&each, &third)) {
        wardian_put_str(reply, "kind");
        wardian_put_str(reply, WARDIAN_INVALID);
        wardian_put_str(reply, "message");
        wardian_put_str(reply, "expected two arguments");
        wardian_put_end(reply);
        return;
    }
    wardian_put_str(reply, "value");
    wardian_put_item(reply, second);
    wardian_put_end(reply);
}

WARDIAN_ENTRY(function_call) {
    wardian_item rows = wardian_get(request, "rows"), row;
    wardian_iterator each = wardian_each(rows);
    if (wardian_kind_of(rows) != WARDIAN_LIST) return wardian_fail(WARDIAN_INVALID, "`rows` must be a list");
    wardian_writer reply = wardian_write();
    wardian_put_list(&reply);
    if (has("LOOPS_ON_AN_EMPTY_BATCH")) {
        for (volatile size_t left = each.left; left == 0;) {
        }
    }
    while (wardian_next(&each, &row)) put_outcome(&reply, row);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(function_validate) {
    if (has("VALIDATE_ANSWERS_TRUE")) {
        wardian_writer reply = wardian_write();
        wardian_put_bool(&reply, true);
        return wardian_reply(&reply);
    }
    return wardian_null();
}
