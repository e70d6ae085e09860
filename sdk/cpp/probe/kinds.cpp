// The probe's part of each kind: what an author of one writes, eight times.
#include "probe.hpp"

using namespace wardian;

Item opened;
static uint64_t counted;
static int64_t sum;

// ---- Every kind ----

WARDIAN_FUNCTION(plugin_open, [](Item request) -> Result {
    Item given = request["config"];
    if (Optional<Text> why = given["refuse"].to<Text>()) return fail(config, *why);
    Optional<Item> kept = keep(given);
    if (!kept) return fail(exhausted, "out of memory");
    opened = *kept;
    counted = request["resume"].value_or<uint64_t>(0);
    Item interval_ms = opened["interval_ms"];
    if (interval_ms.is_null()) return null;
    return map("interval_ms", interval_ms);
});

WARDIAN_FUNCTION(plugin_check, []() -> Result { return list(list(int(WARDIAN_INFO), "checked")); });

WARDIAN_FUNCTION(plugin_close, []() -> Result {
    log::info("closed");
    return null;
});

// ---- Source ----

WARDIAN_FUNCTION(source_poll, [](Item wanted) -> Result {
    uint64_t demand = wanted["demand"].value_or<uint64_t>(0);
    Writer records;
    records.list([&](Writer &each) {
        for (uint64_t at = 0; at < demand && at < 3; at++) each.put(map("data", ++counted));
    });
    Optional<uint64_t> most = opened["count"].to<uint64_t>();
    Optional<bool> done = most && counted >= *most ? Optional<bool>(true) : Optional<bool>();
    return map("records", records, "wait_ms", 5, "offset", counted, "done", done);
});

WARDIAN_FUNCTION(source_request, [](Item pushed) -> Result {
    if (pushed["payload"].is_null()) return null;
    return map("data", pushed["payload"], "meta", pushed["headers"]);
});

// ---- Action ----

WARDIAN_FUNCTION(action_call, [](Item job) -> Result {
    return map("params", job["params"], "vars", job["vars"]);
});

WARDIAN_FUNCTION(action_cancel, [](Item cut) -> Result {
    log::info("cancelled: ", cut["reason"].value_or<Text>(""));
    return null;
});

// ---- Processor ----

static Result process(Item record) {
    Item data = record["data"];
    if (!data["drop"].is_missing()) return list();
    if (Optional<Text> why = data["fail"].to<Text>()) return fail(invalid, *why);
    if (Item what = data["twice"]; !what.is_missing()) return list(map("data", what), map("data", what));
    return list(record);
}

WARDIAN_FUNCTION(processor_process, [](Item request) -> Result { return each(request["records"], process); });

// ---- Function ----

WARDIAN_FUNCTION(function_validate, [](Item query) -> Result {
    if (query["args"].count() != 2) return fail(invalid, "expected 2 arguments");
    return null;
});

static Result add(Item row) {
    Optional<int64_t> left = row[0].to<int64_t>(), right = row[1].to<int64_t>();
    if (!left || !right) return fail(invalid, "expected two integers");
    return map("value", *left + *right);
}

WARDIAN_FUNCTION(function_call, [](Item request) -> Result { return each(request["rows"], add); });

// ---- Aggregator ----

WARDIAN_FUNCTION(aggregator_add, [](Item request) -> Result {
    int64_t more = 0;
    for (Item record : request["records"]) {
        WARDIAN_TRY(data, record.need<int64_t>("data"));
        more += data;
    }
    sum += more;
    return null;
});

WARDIAN_FUNCTION(aggregator_flush, []() -> Result {
    int64_t flushed = sum;
    sum = 0;
    return map("records", list(map("data", flushed)));
});

WARDIAN_FUNCTION(aggregator_reset, []() -> Result {
    sum = 0;
    return null;
});

// ---- Sink ----

static Result write_one(Item record) {
    if (Optional<Text> why = record["data"]["fail"].to<Text>()) return fail(invalid, *why);
    return null;
}

WARDIAN_FUNCTION(sink_write, [](Item request) -> Result { return each_written(request["records"], write_one); });

WARDIAN_FUNCTION(sink_flush, [](Item how) -> Result {
    log::info(how["urgent"].value_or(false) ? "flushed urgently" : "flushed");
    return null;
});

// ---- Lookup ----

WARDIAN_FUNCTION(lookup_rows, [](Item search) -> Result {
    Text wanted = search["values"][0].value_or<Text>("");
    if (wanted == "nobody") return list();
    Writer row;
    row.map([&](Writer &fields) {
        for (Item field : search["fields"])
            fields.put(field).put(concat(field.value_or<Text>(""), " of ", wanted));
    });
    return list(row);
});

// ---- Extension ----

WARDIAN_FUNCTION(extension_call, [](Item called) -> Result {
    return map("method", called["method"], "argument", called["argument"]);
});
