// A function of two arguments, a text and a number, that gives the text so many times.
#include "wardian.hpp"

using namespace wardian;

static constexpr int64_t most = 100; // times, so that one row cannot use up all memory

// Asked once, when a query is prepared: {"args": each a literal or a column} -> null
WARDIAN_FUNCTION(function_validate, [](Item request) -> Result {
    size_t count = request["args"].count();
    if (count != 2) return fail(invalid, "expected 2 arguments, a text and a number, got ", count);
    return null;
});

// The outcome of one row: {"value": text}, or an error of it alone.
static Result repeat(Item row) {
    WARDIAN_TRY(text, row[0].as<Text>("the first argument"));
    int64_t times = row[1].value_or<int64_t>(-1);
    if (times < 0 || times > most) return fail(invalid, "the second argument must be an integer from 0 to ", most);

    size_t size = text.size * size_t(times);
    auto *repeated = static_cast<char *>(wardian_scratch(size));
    if (!repeated) return fail(exhausted, "no memory for so long a text");
    for (size_t at = 0; at < size; at++) repeated[at] = text.data[at % text.size];
    return map("value", Text(repeated, size));
}

// {"rows": lists of arguments} -> an outcome for each, in order
WARDIAN_FUNCTION(function_call, [](Item request) -> Result { return each(request["rows"], repeat); });
