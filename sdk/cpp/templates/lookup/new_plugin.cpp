// A lookup over a table that the plugin has in itself: countries by code, name or continent.
#include "wardian_kinds.h"

constexpr int width = 3;
static const char *const columns[width] = {"code", "name", "continent"};
static const char *const table[][width] = {
    {"AT", "Austria", "Europe"},
    {"FR", "France", "Europe"},
    {"JP", "Japan", "Asia"},
};

// A row's value in the column of this name, or nullptr when there is no such column.
static const char *value_of(const char *const *row, wardian_item name) {
    wardian_text text;
    for (int at = 0; wardian_as_text(name, &text) && at < width; at++)
        if (wardian_equal(text, wardian_str(columns[at]))) return row[at];
    return nullptr;
}

// Whether the row has each value in the column of its key.
static bool matches(const char *const *row, wardian_item keys, wardian_item values) {
    wardian_iterator each_key = wardian_each(keys), each_value = wardian_each(values);
    wardian_item key, value;
    wardian_text text;
    while (wardian_next(&each_key, &key)) {
        const char *own = value_of(row, key);
        if (!wardian_next(&each_value, &value) || !wardian_as_text(value, &text)) return false;
        if (!own || !wardian_equal(text, wardian_str(own))) return false;
    }
    return true;
}

// {"fields": names, "keys": names, "values": any} -> the rows that have these values in these columns
WARDIAN_ENTRY(lookup_rows) {
    wardian_item fields = wardian_get(request, "fields"), field;
    wardian_writer rows = wardian_write();
    wardian_put_list(&rows);
    for (const auto &row : table) {
        if (!matches(row, wardian_get(request, "keys"), wardian_get(request, "values"))) continue;
        wardian_put_map(&rows);
        for (wardian_iterator each = wardian_each(fields); wardian_next(&each, &field);) {
            const char *value = value_of(row, field);
            if (!value) return wardian_fail(WARDIAN_INVALID, "the columns are `code`, `name` and `continent`");
            wardian_put_item(&rows, field);
            wardian_put_str(&rows, value);
        }
        wardian_put_end(&rows);
    }
    wardian_put_end(&rows);
    return wardian_reply(&rows);
}
