/* A lookup over a table that the plugin has in itself: countries by code, name or continent. */
#include "wardian_kinds.h"

enum { CODE, NAME, CONTINENT, COLUMNS };
static const char *const columns[COLUMNS] = {"code", "name", "continent"};

static const char *const table[][COLUMNS] = {
    {"AT", "Austria", "Europe"},        {"BR", "Brazil", "South America"}, {"CA", "Canada", "North America"},
    {"CH", "Switzerland", "Europe"},    {"CN", "China", "Asia"},           {"DE", "Germany", "Europe"},
    {"EG", "Egypt", "Africa"},          {"FR", "France", "Europe"},        {"IN", "India", "Asia"},
    {"JP", "Japan", "Asia"},            {"KE", "Kenya", "Africa"},         {"MX", "Mexico", "North America"},
    {"NZ", "New Zealand", "Oceania"},   {"PL", "Poland", "Europe"},        {"US", "United States", "North America"},
    {"ZA", "South Africa", "Africa"},
};

#define ROWS (sizeof table / sizeof *table)

/* The number of a column by its name, or COLUMNS when there is none of that name. */
static int column(wardian_item name) {
    wardian_text text;
    int at = 0;
    if (!wardian_as_text(name, &text)) return COLUMNS;
    while (at < COLUMNS && !wardian_equal(text, wardian_str(columns[at]))) at++;
    return at;
}

/* The columns that are named in a list, one bit each; 0 when a name is none of them. */
static unsigned named(wardian_item names) {
    unsigned bits = 0;
    wardian_item name;
    for (wardian_iterator each = wardian_each(names); wardian_next(&each, &name);) {
        if (column(name) == COLUMNS) return 0;
        bits |= 1u << column(name);
    }
    return bits;
}

/* Whether the row has each value in its key's column. A value that is no text is equal to none. */
static bool matches(const char *const *row, wardian_item keys, wardian_item values) {
    wardian_iterator each_key = wardian_each(keys), each_value = wardian_each(values);
    wardian_item key, value;
    wardian_text text;
    while (wardian_next(&each_key, &key) && wardian_next(&each_value, &value))
        if (!wardian_as_text(value, &text) || !wardian_equal(text, wardian_str(row[column(key)]))) return false;
    return true;
}

static void put_row(wardian_writer *rows, const char *const *row, unsigned fields) {
    wardian_put_map(rows);
    for (int at = 0; at < COLUMNS; at++)
        if (fields >> at & 1) wardian_set_str(rows, columns[at], row[at]);
    wardian_put_end(rows);
}

static size_t size_of(wardian_item list) {
    wardian_iterator each = wardian_each(list);
    wardian_item item;
    size_t size = 0;
    while (wardian_next(&each, &item)) size++;
    return size;
}

/* {"fields": names, "keys": names, "values": any} -> the rows that have these values in these columns */
WARDIAN_ENTRY(lookup_rows) {
    wardian_item fields = wardian_get(request, "fields"), keys = wardian_get(request, "keys");
    wardian_item values = wardian_get(request, "values");
    unsigned wanted = size_of(fields) ? named(fields) : (1u << COLUMNS) - 1; /* no field at all is every one */
    if (!wanted || (size_of(keys) && !named(keys)))
        return wardian_fail(WARDIAN_INVALID, "the columns are `code`, `name` and `continent`");
    if (size_of(keys) != size_of(values)) return wardian_fail(WARDIAN_INVALID, "each key needs one value");

    wardian_writer rows = wardian_write();
    wardian_put_list(&rows);
    for (size_t at = 0; at < ROWS; at++)
        if (matches(table[at], keys, values)) put_row(&rows, table[at], wanted);
    wardian_put_end(&rows);
    return wardian_reply(&rows);
}
