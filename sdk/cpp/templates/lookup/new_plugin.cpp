// A lookup over a table that the plugin has in itself: countries by code, name or continent.
#include "wardian.hpp"

using namespace wardian;

struct Country {
    Text code, name, continent;

    // The value of a column, or none where there is no such column.
    Optional<Text> operator[](Text column) const {
        if (column == "code") return code;
        if (column == "name") return name;
        if (column == "continent") return continent;
        return null;
    }
};

static const Country table[] = {
    {"AT", "Austria", "Europe"},
    {"FR", "France", "Europe"},
    {"JP", "Japan", "Asia"},
};

// Whether the row has each value in the column of its key.
static bool matches(const Country &row, Item keys, Item values) {
    for (int at = 0; !keys[at].is_missing(); at++) {
        Optional<Text> own = row[keys[at].value_or<Text>("")], value = values[at].to<Text>();
        if (!own || !value || *own != *value) return false;
    }
    return true;
}

// {"fields": names, "keys": names, "values": any} -> the rows that have these values in these columns
WARDIAN_FUNCTION(lookup_rows, [](Item request) -> Result {
    bool good = true;
    Writer rows;
    rows.list([&](Writer &found) {
        for (const Country &row : table) {
            if (!matches(row, request["keys"], request["values"])) continue;
            found.map([&](Writer &pairs) {
                for (Item field : request["fields"]) {
                    Optional<Text> value = row[field.value_or<Text>("")];
                    pairs.put(field).put(value);
                    good = good && value;
                }
            });
        }
    });
    if (!good) return fail(invalid, "the columns are `code`, `name` and `continent`");
    return rows;
});
