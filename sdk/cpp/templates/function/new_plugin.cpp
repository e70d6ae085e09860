// A function of two arguments, a text and a number, that gives the text so many times.
#include "wardian_kinds.h"

constexpr int64_t most = 100; // times, so that one row cannot use up all memory

// Asked once, when a query is prepared: {"args": each a literal or a column} -> null
WARDIAN_ENTRY(function_validate) {
    wardian_item argument;
    int count = 0;
    for (wardian_iterator each = wardian_each(wardian_get(request, "args")); wardian_next(&each, &argument);) count++;
    if (count != 2)
        return wardian_fail(WARDIAN_INVALID, wardian_format("expected 2 arguments, a text and a number, got %d", count));
    return wardian_null();
}

// The outcome of one row: an error of it alone, or {"value": text}.
static bool repeat(wardian_writer *reply, wardian_item row) {
    wardian_iterator each = wardian_each(row);
    wardian_item argument;
    wardian_text text;
    int64_t times;
    if (!wardian_next(&each, &argument) || !wardian_as_text(argument, &text)) {
        wardian_put_error(reply, WARDIAN_INVALID, "the first argument must be a text");
        return true;
    }
    if (!wardian_next(&each, &argument) || !wardian_as_int(argument, &times) || times < 0 || times > most) {
        wardian_put_error(reply, WARDIAN_INVALID, "the second argument must be an integer from 0 to 100");
        return true;
    }
    size_t size = text.size * static_cast<size_t>(times);
    auto *repeated = static_cast<char *>(wardian_scratch(size));
    if (!repeated) {
        wardian_put_error(reply, WARDIAN_EXHAUSTED, "no memory for so long a text");
        return true;
    }
    for (size_t at = 0; at < size; at++) repeated[at] = text.data[at % text.size];
    wardian_put_map(reply);
    wardian_set_text(reply, "value", wardian_text{repeated, size});
    wardian_put_end(reply);
    return true;
}

// {"rows": lists of arguments} -> an outcome for each, in order
WARDIAN_ENTRY(function_call) { return wardian_reply_each(wardian_get(request, "rows"), repeat); }
