// A sink that logs a line for each record.
#include "wardian.hpp"

using namespace wardian;

static Text prefix = "record";

// Called once, before all else, with what the operator configured.
WARDIAN_FUNCTION(plugin_open, [](Item request) -> Result {
    Item given = configured(request, "prefix");
    if (given.is_null()) return null;
    WARDIAN_TRY(text, given.as<Text>("`prefix`", config));
    Optional<Text> kept = keep(text);
    if (!kept) return fail(exhausted, "no memory for `prefix`");
    prefix = *kept;
    return null;
});

// The outcome of one record: null, or an error of it alone, such as that the host has heard enough.
static Result log_line(Item record) {
    Item data = record["data"];
    if (data.is_null()) return fail(invalid, "a record without data says nothing");
    Text line = record["message"].value_or(data.value_or<Text>("(no text)"));
    return log::write(WARDIAN_INFO, concat(prefix, ": ", line));
}

// {"records": list} -> null, or an outcome for each, in order
WARDIAN_FUNCTION(sink_write, [](Item request) -> Result { return each_written(request["records"], log_line); });

// {"urgent": bool} -> null; a sink that gathers what it writes would write it all here
WARDIAN_FUNCTION(sink_flush, []() -> Result { return null; });
