// Does everything the ABI promises, one entry point for each promise; driven by tests, read by authors.
//
// Entry points named after an import take that import's request and reply with its answer; what the host refuses is
// passed on.
#include "probe.hpp"

using namespace wardian;

// ---- Items: what arrives is read value by value and written again ----

// False for a value that could not be read, such as a time that does not exist.
static bool copy(Writer &to, Item item) {
    bool good = true;
    auto put = [&](auto value) { value ? (void)to.put(*value) : (void)(good = false); };
    switch (item.kind()) {
    case WARDIAN_BOOL: put(item.to<bool>()); break;
    case WARDIAN_INT:
        if (Optional<int64_t> whole = item.to<int64_t>())
            put(whole);
        else
            put(item.to<uint64_t>());
        break;
    case WARDIAN_FLOAT: put(item.to<double>()); break;
    case WARDIAN_TEXT: put(item.to<Text>()); break;
    case WARDIAN_BYTES: put(item.to<Bytes>()); break;
    case WARDIAN_LIST:
        to.list([&](Writer &items) {
            for (Item each : item) good = good && copy(items, each);
        });
        break;
    case WARDIAN_MAP:
        to.map([&](Writer &pairs) {
            for (auto [key, value] : item.pairs()) good = good && copy(pairs, key) && copy(pairs, value);
        });
        break;
    case WARDIAN_TIME:
        good = bool(item.to<Time>());
        to.put(item);
        break;
    default: to.put(null);
    }
    return good;
}

static Result echo(Item request) {
    Writer reply;
    if (!copy(reply, request)) return fail(invalid, "a value that could not be read");
    return reply;
}

WARDIAN_FUNCTION(probe_echo, echo);

// bytes that hold an item -> the item; `invalid` when they do not
WARDIAN_FUNCTION(probe_decode, [](Bytes given) -> Result {
    wardian_item item;
    const char *fault = wardian_decode(const_cast<uint8_t *>(given.data), given.size, &item); // the request is our own
    if (fault) return fail(invalid, fault);
    return echo(item);
});

// a time -> [seconds, nanoseconds]
WARDIAN_FUNCTION(probe_time, [](Time time) -> Result { return list(time.seconds, time.nanoseconds); });

// ---- Replies ----

WARDIAN_FUNCTION(probe_null, []() -> Result { return null; });

// {kind, message, ? code, ? retry_after_ms, ? details} -> that error
WARDIAN_FUNCTION(probe_fail, [](Item request) -> Result {
    wardian_error error{};
    Writer details = written(request["details"]);
    error.kind = concat(request["kind"].value_or<Text>("")).data;
    error.message = concat(request["message"].value_or<Text>("")).data;
    if (Optional<Text> code = request["code"].to<Text>()) error.code = concat(*code).data;
    error.retry_after_ms = request["retry_after_ms"].value_or<int64_t>(-1);
    if (!request["details"].is_null()) error.details = details.raw();
    return fail(error);
});

static void nest(Writer &writer, uint64_t depth) {
    writer.list([&](Writer &within) {
        if (depth > 1) nest(within, depth - 1);
    });
}

// n -> n lists in each other
WARDIAN_FUNCTION(probe_deep, [](uint64_t depth) -> Result {
    Writer reply;
    nest(reply, depth);
    return reply;
});

// n -> n bytes, each 0x77
WARDIAN_FUNCTION(probe_large, [](size_t size) -> Result {
    auto *data = static_cast<uint8_t *>(wardian_scratch(size));
    if (!data) return fail(exhausted, "out of memory");
    __builtin_memset(data, 'w', size);
    return Bytes(data, size);
});

// n -> the integers below n, as a list
WARDIAN_FUNCTION(probe_many, [](uint64_t count) -> Result {
    Writer reply;
    reply.list([&](Writer &numbers) {
        for (uint64_t number = 0; number < count; number++) numbers.put(number);
    });
    return reply;
});

WARDIAN_FUNCTION(probe_trap, []() -> Result { __builtin_trap(); });

// C++ has no panics without exceptions: what a plugin does in place of one is to say why and to trap.
WARDIAN_FUNCTION(probe_panic, [](Text why) -> Result {
    log::error(why);
    __builtin_trap();
});

WARDIAN_FUNCTION(probe_spin, []() -> Result {
    for (volatile uint32_t turns = 0;;) turns = turns + 1;
});

WARDIAN_FUNCTION(probe_sleep_until_cancelled, []() -> Result {
    while (!cancelled()) {}
    return "cancelled";
});

// ---- Memory ----

WARDIAN_FUNCTION(probe_config, []() -> Result { return opened; });

// null -> how often this was called: an instance lives on
WARDIAN_FUNCTION(probe_calls, []() -> Result {
    static int64_t calls;
    return ++calls;
});

// n -> the same, after asking the host n times without keeping its answers
WARDIAN_FUNCTION(probe_asks, [](uint64_t count) -> Result {
    for (uint64_t at = 0; at < count; at++) {
        Scratch scratch;
        WARDIAN_TRY(value, state::get("key"));
    }
    return count;
});

// ---- Imports ----

WARDIAN_FUNCTION(probe_log, [](Item line) -> Result {
    auto level = static_cast<wardian_level>(line[0].value_or(0));
    Text message = line[1].value_or<Text>("");
    return line[2].is_null() ? log::write(level, message) : log::write(level, message, line[2]);
});

WARDIAN_FUNCTION(probe_state_get, [](Text key) -> Result { return state::get(key); });

WARDIAN_FUNCTION(probe_state_put, [](Item pair) -> Result {
    Text key = pair[0].value_or<Text>("");
    Optional<uint64_t> ttl_ms = pair[2].to<uint64_t>();
    return ttl_ms ? state::put_for(key, pair[1], *ttl_ms) : state::put(key, pair[1]);
});

WARDIAN_FUNCTION(probe_state_delete, [](Text key) -> Result { return state::remove(key); });

WARDIAN_FUNCTION(probe_state_add, [](Item more) -> Result {
    return state::add(more[0].value_or<Text>(""), more[1].value_or<int64_t>(0));
});

WARDIAN_FUNCTION(probe_state_swap, [](Item change) -> Result {
    return state::swap(change[0].value_or<Text>(""), change[1], change[2]);
});

WARDIAN_FUNCTION(probe_state_keys, [](Item wanted) -> Result {
    return state::keys(wanted[0].value_or<Text>(""), wanted[1].to<Text>(), wanted[2].value_or<uint64_t>(0));
});

// An addition that lasts only when the call succeeds, which it does not.
WARDIAN_FUNCTION(probe_state_undone, [](Text key) -> Result {
    WARDIAN_TRY(total, state::add(key, 1));
    return fail(conflict, "what this call changed is undone");
});

WARDIAN_FUNCTION(probe_clock_now, []() -> Result {
    WARDIAN_TRY(now, wardian::clock::now());
    return list(now.unix_ns, now.monotonic_ns);
});

WARDIAN_FUNCTION(probe_random_bytes, [](size_t count) -> Result { return wardian::random::bytes(count); });

WARDIAN_FUNCTION(probe_metric_record, [](Item point) -> Result {
    Text name = point[0].value_or<Text>(""), kind = point[1].value_or<Text>("");
    double value = point[2].value_or<double>(0);
    return point[3].is_null() ? metric::record(name, kind, value) : metric::record(name, kind, value, point[3]);
});

WARDIAN_FUNCTION(probe_cancelled, []() -> Result { return cancelled(); });

WARDIAN_APP_FUNCTION(probe)

WARDIAN_FUNCTION(probe_app, [](Item argument) -> Result { return app::probe(argument); });
WARDIAN_FUNCTION(probe_http_request, [](Item asked) -> Result { return http::request(asked); });
WARDIAN_FUNCTION(probe_emit, [](Item records) -> Result { return emit(records); });
WARDIAN_FUNCTION(probe_template_expand, [](Text text) -> Result { return templates::expand(text); });
WARDIAN_FUNCTION(probe_vars_get, [](Text name) -> Result { return vars::get(name); });

WARDIAN_FUNCTION(probe_vars_set, [](Item variable) -> Result {
    return vars::set(variable[0].value_or<Text>(""), variable[1]);
});

WARDIAN_FUNCTION(probe_action_call, [](Item asked) -> Result {
    return actions::call(asked[0].value_or<Text>(""), asked[1]);
});

WARDIAN_FUNCTION(probe_extension_call, [](Item asked) -> Result {
    return extensions::call(asked[0].value_or<Text>(""), asked[1].value_or<Text>(""), asked[2]);
});
