/* A lookup with one row; each name that `has` asks for is one fault that authors make. */
#include "planted.h"

static const char *const columns[] = {"id", "name"};

WARDIAN_ENTRY(lookup_rows) {
    wardian_item fields = wardian_get(request, "fields"), field;
    if (wardian_kind_of(fields) != WARDIAN_LIST) return wardian_fail(WARDIAN_INVALID, "`fields` must be a list");
    wardian_writer reply = wardian_write();
    wardian_put_list(&reply);
    bool lists = has("ROWS_ARE_LISTS");
    if (lists) wardian_put_list(&reply);
    else wardian_put_map(&reply);
    for (size_t at = 0; at < 2; at++) {
        wardian_iterator each = wardian_each(fields);
        bool wanted = false;
        wardian_text name;
        while (wardian_next(&each, &field))
            wanted = wanted || (wardian_as_text(field, &name) && wardian_equal(name, wardian_str(columns[at])));
        if (has("GIVES_ALL_COLUMNS")) wanted = true;
        if (!wanted) continue;
        wardian_put_str(&reply, columns[at]);
        if (!lists) wardian_put_str(&reply, "Ada");
    }
    wardian_put_end(&reply);
    wardian_put_end(&reply);
    if (has("TRAPS_ON_UNEVEN_KEYS")) {
        wardian_iterator keys = wardian_each(wardian_get(request, "keys"));
        wardian_iterator values = wardian_each(wardian_get(request, "values"));
        while (wardian_next(&keys, &field))
            if (!wardian_next(&values, &field)) __builtin_trap();
    }
    return wardian_reply(&reply);
}
