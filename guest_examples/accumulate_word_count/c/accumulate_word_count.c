/* A function of two arguments, a text and a separator, that counts words and goes on where it was, even after a restart. */
#include "wardian_kinds.h"

/* Words are what stands between separators; two separators side by side have no word between them. */
static int64_t count_words(wardian_text text, wardian_text separator) {
    int64_t words = 0;
    for (size_t at = 0, start = 0; at <= text.size;) {
        bool ends = at == text.size;
        bool separates = !ends && separator.size <= text.size - at &&
                         __builtin_memcmp(text.data + at, separator.data, separator.size) == 0;
        if (ends || separates) words += at > start;
        at += separates ? separator.size : 1;
        if (separates) start = at;
    }
    return words;
}

/* [text, separator] -> {"value": all words so far}. A row that is wrong counts nothing, and the others go on. */
static bool count_row(wardian_writer *reply, wardian_item row) {
    wardian_iterator each = wardian_each(row);
    wardian_item argument;
    wardian_text text, separator;
    int64_t total;
    bool good = wardian_next(&each, &argument) && wardian_as_text(argument, &text);
    if (!good || !wardian_next(&each, &argument) || !wardian_as_text(argument, &separator) || separator.size == 0) {
        wardian_put_error(reply, WARDIAN_INVALID, good ? "the separator must be a text that is not empty"
                                                       : "the first argument must be a text");
        return true;
    }
    size_t mark = wardian_mark(); /* a call may have thousands of rows, each with an answer of the host */
    bool added = wardian_state_add("total", count_words(text, separator), &total);
    if (!added) return false;
    wardian_release(mark);
    wardian_put_map(reply);
    wardian_set_int(reply, "value", total);
    wardian_put_end(reply);
    return true;
}

WARDIAN_ENTRY(function_call) { return wardian_reply_each(wardian_get(request, "rows"), count_row); }

/* Asked once when a query is prepared: it has the arguments as they are written, each a literal or a column. */
WARDIAN_ENTRY(function_validate) {
    wardian_item argument = {NULL, NULL};
    wardian_text separator;
    unsigned count = 0;
    for (wardian_iterator each = wardian_each(wardian_get(request, "args")); wardian_next(&each, &argument);) count++;
    if (count != 2)
        return wardian_fail(WARDIAN_INVALID, wardian_format("only supports 2 parameter but got %u", count));
    if (!wardian_as_text(wardian_get(argument, "literal"), &separator) || separator.size == 0)
        return wardian_fail(WARDIAN_INVALID, "the second parameter must be a text literal that is not empty");
    return wardian_null();
}
