/* Does everything the ABI promises, one entry point for each promise; driven by tests, read by authors of other SDKs.
 *
 * Entry points named after an import take that import's request and reply with its answer; host errors are passed on.
 * Compiled with -DPROBE_CALLED_DIRECTLY it leaves out the imports that only a pipeline offers, for a host that has none
 * would refuse to load it.
 */
#include "wardian.h"
#include "wardian_kinds.h"

/* ---- Items: what arrives is read value by value and written again ---- */

/* False for a value that could not be read, such as a time that does not exist. */
static bool copy(wardian_writer *to, wardian_item item) {
    wardian_iterator each = wardian_each(item);
    wardian_item child;
    wardian_text text;
    wardian_bytes bytes;
    int64_t whole = 0;
    uint64_t large = 0;
    double number = 0;
    bool truth = false;
    uint32_t nanoseconds;
    switch (wardian_kind_of(item)) {
    case WARDIAN_BOOL:
        if (!wardian_as_bool(item, &truth)) return false;
        wardian_put_bool(to, truth);
        return true;
    case WARDIAN_INT:
        if (wardian_as_int(item, &whole))
            wardian_put_int(to, whole);
        else if (wardian_as_uint(item, &large))
            wardian_put_uint(to, large);
        else
            return false;
        return true;
    case WARDIAN_FLOAT:
        if (!wardian_as_double(item, &number)) return false;
        wardian_put_double(to, number);
        return true;
    case WARDIAN_TEXT:
        if (!wardian_as_text(item, &text)) return false;
        wardian_put_text(to, text);
        return true;
    case WARDIAN_BYTES:
        if (!wardian_as_bytes(item, &bytes)) return false;
        wardian_put_bytes(to, bytes);
        return true;
    case WARDIAN_LIST:
        wardian_put_list(to);
        while (wardian_next(&each, &child))
            if (!copy(to, child)) return false;
        wardian_put_end(to);
        return true;
    case WARDIAN_MAP:
        wardian_put_map(to);
        while (wardian_next(&each, &child)) /* keys and values in turn */
            if (!copy(to, child)) return false;
        wardian_put_end(to);
        return true;
    case WARDIAN_TIME:
        if (!wardian_as_time(item, &whole, &nanoseconds)) return false;
        wardian_put_item(to, item);
        return true;
    default:
        wardian_put_null(to);
        return true;
    }
}

static wardian_result reply_copy(wardian_item item) {
    wardian_writer reply = wardian_write();
    return copy(&reply, item) ? wardian_reply(&reply) : wardian_fail(WARDIAN_INVALID, "a value that could not be read");
}

static wardian_result reply_item(bool good, wardian_item item) {
    if (!good) return wardian_pass_on();
    wardian_writer reply = wardian_write();
    wardian_put_item(&reply, item);
    return wardian_reply(&reply);
}

static wardian_result reply_int(bool good, int64_t value) {
    if (!good) return wardian_pass_on();
    wardian_writer reply = wardian_write();
    wardian_put_int(&reply, value);
    return wardian_reply(&reply);
}

static wardian_result reply_bool(bool good, bool value) {
    if (!good) return wardian_pass_on();
    wardian_writer reply = wardian_write();
    wardian_put_bool(&reply, value);
    return wardian_reply(&reply);
}

/* any item -> the same */
WARDIAN_ENTRY(probe_echo) { return reply_copy(request); }

/* bytes that hold an item -> the item; `invalid` when they do not */
WARDIAN_ENTRY(probe_decode) {
    wardian_bytes given;
    wardian_item item;
    if (!wardian_as_bytes(request, &given)) return wardian_fail(WARDIAN_INVALID, "expected bytes");
    const char *fault = wardian_decode((uint8_t *)given.data, given.size, &item); /* the request is the guest's own */
    return fault ? wardian_fail(WARDIAN_INVALID, fault) : reply_copy(item);
}

/* a time -> [seconds, nanoseconds] */
WARDIAN_ENTRY(probe_time) {
    int64_t seconds;
    uint32_t nanoseconds;
    if (!wardian_as_time(request, &seconds, &nanoseconds)) return wardian_fail(WARDIAN_INVALID, "expected a time");
    wardian_writer reply = wardian_write();
    wardian_put_list(&reply);
    wardian_put_int(&reply, seconds);
    wardian_put_int(&reply, nanoseconds);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

/* ---- Replies ---- */

WARDIAN_ENTRY(probe_null) { return wardian_null(); }

/* {kind, message, ? code, ? retry_after_ms, ? details} -> that error */
WARDIAN_ENTRY(probe_fail) {
    wardian_text kind = {"", 0}, message = {"", 0}, code;
    wardian_item details = wardian_get(request, "details");
    wardian_writer written = wardian_write();
    struct wardian_error error = {NULL, NULL, NULL, -1, NULL};
    wardian_as_text(wardian_get(request, "kind"), &kind);
    wardian_as_text(wardian_get(request, "message"), &message);
    wardian_as_int(wardian_get(request, "retry_after_ms"), &error.retry_after_ms);
    error.kind = wardian_format("%.*s", WARDIAN_ARG(kind));
    error.message = wardian_format("%.*s", WARDIAN_ARG(message));
    if (wardian_as_text(wardian_get(request, "code"), &code)) error.code = wardian_format("%.*s", WARDIAN_ARG(code));
    if (!wardian_is_null(details)) {
        wardian_put_item(&written, details);
        error.details = &written;
    }
    return wardian_fail_with(error);
}

/* n -> n lists in each other */
WARDIAN_ENTRY(probe_deep) {
    uint64_t depth = 0;
    wardian_as_uint(request, &depth);
    wardian_writer reply = wardian_write();
    for (uint64_t i = 0; i < depth; i++) wardian_put_list(&reply);
    for (uint64_t i = 0; i < depth; i++) wardian_put_end(&reply);
    return wardian_reply(&reply);
}

/* n -> n bytes, each 0x77 */
WARDIAN_ENTRY(probe_large) {
    uint64_t size = 0;
    wardian_as_uint(request, &size);
    uint8_t *data = size > SIZE_MAX ? NULL : wardian_scratch((size_t)size);
    if (!data) return wardian_fail(WARDIAN_EXHAUSTED, "out of memory");
    for (size_t i = 0; i < size; i++) data[i] = 'w';
    wardian_writer reply = wardian_write();
    wardian_put_bytes(&reply, (wardian_bytes){data, (size_t)size});
    return wardian_reply(&reply);
}

/* n -> the integers below n, as a list */
WARDIAN_ENTRY(probe_many) {
    uint64_t count = 0;
    wardian_as_uint(request, &count);
    wardian_writer reply = wardian_write();
    wardian_put_list(&reply);
    for (uint64_t i = 0; i < count; i++) wardian_put_uint(&reply, i);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

/* the name of a mistake in writing -> the SDK's own error for it */
WARDIAN_ENTRY(probe_mistake) {
    wardian_text name = {"", 0};
    wardian_writer reply = wardian_write();
    wardian_as_text(request, &name);
    if (wardian_equal(name, wardian_str("no end"))) wardian_put_list(&reply);
    if (wardian_equal(name, wardian_str("stray end"))) wardian_put_end(&reply);
    if (wardian_equal(name, wardian_str("two items"))) wardian_put_null(&reply), wardian_put_null(&reply);
    if (wardian_equal(name, wardian_str("bad text"))) wardian_put_str(&reply, "\xff");
    if (wardian_equal(name, wardian_str("bad key"))) wardian_put_map(&reply), wardian_put_int(&reply, 1);
    if (wardian_equal(name, wardian_str("no value"))) {
        wardian_put_map(&reply);
        wardian_put_str(&reply, "key");
        wardian_put_end(&reply);
    }
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(probe_trap) { __builtin_trap(); }

WARDIAN_ENTRY(probe_spin) {
    for (volatile uint32_t turns = 0;;) turns = turns + 1;
}

/* a text -> no reply: C knows no exceptions, so the text is logged before the trap */
WARDIAN_ENTRY(probe_panic) {
    wardian_text message = {"", 0};
    wardian_as_text(request, &message);
    wardian_log(WARDIAN_ERROR, wardian_format("%.*s", WARDIAN_ARG(message)));
    __builtin_trap();
}

/* null -> "cancelled", once the host wants the call to end */
WARDIAN_ENTRY(probe_sleep_until_cancelled) {
    for (volatile uint32_t turns = 1;; turns = turns + 1)
        if (turns % 100000 == 0 && wardian_cancelled()) break; /* the host counts how often it is asked */
    wardian_writer reply = wardian_write();
    wardian_put_str(&reply, "cancelled");
    return wardian_reply(&reply);
}

/* ---- Memory ---- */

static wardian_item opened;

/* For what else of the probe wants to know; see kinds.c. */
__attribute__((weak)) void probe_opened(wardian_item request) { (void)request; }

/* Keeps the configuration, whatever it is, unless that says that it is to be refused. */
WARDIAN_ENTRY(plugin_open) {
    wardian_item interval = wardian_get(wardian_get(request, "config"), "interval_ms");
    wardian_text reason;
    if (wardian_as_text(wardian_get(wardian_get(request, "config"), "refuse"), &reason))
        return wardian_fail(WARDIAN_CONFIG, wardian_format("%.*s", WARDIAN_ARG(reason)));
    probe_opened(request);
    wardian_writer config = wardian_write();
    wardian_put_item(&config, wardian_get(request, "config"));
    const uint8_t *kept = wardian_keep(config.data, config.size);
    if (!kept) return wardian_fail(WARDIAN_EXHAUSTED, "out of memory");
    opened = (wardian_item){kept, kept + config.size};
    if (wardian_is_null(interval)) return wardian_null();
    wardian_writer reply = wardian_write();
    wardian_put_map(&reply);
    wardian_set_item(&reply, "interval_ms", interval);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

/* null -> the configuration */
WARDIAN_ENTRY(probe_config) { return reply_item(true, opened); }

/* null -> how often this was called: an instance lives on */
WARDIAN_ENTRY(probe_calls) {
    static int64_t calls;
    return reply_int(true, ++calls);
}

/* null -> some formatted text */
WARDIAN_ENTRY(probe_format) {
    wardian_writer reply = wardian_write();
    wardian_put_str(&reply, wardian_format("%d %lld %u %llu %x %s %.*s %c %zu %ld%%", -1, INT64_MIN, 4294967295U,
                                           UINT64_MAX, 255U, "text", 3, "cut off", 'c', sizeof(int), -2L));
    return wardian_reply(&reply);
}

/* n -> the same, after asking the host n times without keeping its answers */
WARDIAN_ENTRY(probe_asks) {
    uint64_t count = 0;
    wardian_item value;
    wardian_as_uint(request, &count);
    for (uint64_t i = 0; i < count; i++) {
        size_t mark = wardian_mark();
        if (!wardian_state_get("key", &value)) return wardian_pass_on();
        wardian_release(mark);
    }
    return reply_int(true, (int64_t)count);
}

/* ---- Imports ---- */

/* The nth item of a request that is a list, or a missing one. */
static wardian_item item_at(wardian_item list, int index) {
    wardian_iterator each = wardian_each(list);
    wardian_item item = {NULL, NULL};
    while (index-- >= 0)
        if (!wardian_next(&each, &item)) return (wardian_item){NULL, NULL};
    return item;
}

static wardian_writer written(wardian_item item) {
    wardian_writer writer = wardian_write();
    if (item.at) wardian_put_item(&writer, item);
    return writer;
}

static const char *text_of(wardian_item item) {
    wardian_text text = {"", 0};
    wardian_as_text(item, &text);
    return wardian_format("%.*s", WARDIAN_ARG(text));
}

WARDIAN_ENTRY(probe_log) {
    int64_t level = 0;
    wardian_writer fields = written(item_at(request, 2));
    wardian_as_int(item_at(request, 0), &level);
    const char *message = text_of(item_at(request, 1));
    bool good = fields.size ? wardian_log_fields((enum wardian_level)level, message, &fields)
                            : wardian_log((enum wardian_level)level, message);
    return good ? wardian_null() : wardian_pass_on();
}

WARDIAN_ENTRY(probe_state_get) {
    wardian_item value;
    bool good = wardian_state_get(text_of(request), &value);
    return reply_item(good, value);
}

WARDIAN_ENTRY(probe_state_put) {
    uint64_t ttl_ms;
    wardian_writer value = written(item_at(request, 1));
    const char *key = text_of(item_at(request, 0));
    bool lasts = wardian_is_null(item_at(request, 2)) || !wardian_as_uint(item_at(request, 2), &ttl_ms);
    bool good = lasts ? wardian_state_put(key, &value) : wardian_state_put_ttl(key, &value, ttl_ms);
    return good ? wardian_null() : wardian_pass_on();
}

WARDIAN_ENTRY(probe_state_delete) {
    bool existed = false;
    bool good = wardian_state_delete(text_of(request), &existed);
    return reply_bool(good, existed);
}

WARDIAN_ENTRY(probe_state_add) {
    int64_t delta = 0, total = 0;
    wardian_as_int(item_at(request, 1), &delta);
    bool good = wardian_state_add(text_of(item_at(request, 0)), delta, &total);
    return reply_int(good, total);
}

WARDIAN_ENTRY(probe_state_swap) {
    bool swapped = false;
    wardian_writer expected = written(item_at(request, 1)), value = written(item_at(request, 2));
    bool good = wardian_state_swap(text_of(item_at(request, 0)), &expected, &value, &swapped);
    return reply_bool(good, swapped);
}

WARDIAN_ENTRY(probe_state_keys) {
    uint64_t limit = 0;
    wardian_item keys, after = item_at(request, 1);
    wardian_as_uint(item_at(request, 2), &limit);
    const char *prefix = text_of(item_at(request, 0));
    bool good = wardian_state_keys(prefix, wardian_is_null(after) ? NULL : text_of(after), limit, &keys);
    return reply_item(good, keys);
}

/* A text as request: an addition that lasts only when the call succeeds, which it does not. */
WARDIAN_ENTRY(probe_state_undone) {
    if (!wardian_state_add(text_of(request), 1, NULL)) return wardian_pass_on();
    return wardian_fail(WARDIAN_CONFLICT, "what this call changed is undone");
}

WARDIAN_ENTRY(probe_clock_now) {
    int64_t unix_ns, monotonic_ns;
    if (!wardian_clock_now(&unix_ns, &monotonic_ns)) return wardian_pass_on();
    wardian_writer reply = wardian_write();
    wardian_put_list(&reply);
    wardian_put_int(&reply, unix_ns);
    wardian_put_int(&reply, monotonic_ns);
    wardian_put_end(&reply);
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(probe_random_bytes) {
    uint64_t size = 0;
    wardian_as_uint(request, &size);
    uint8_t *buffer = wardian_scratch((size_t)size);
    if (!buffer) return wardian_fail(WARDIAN_EXHAUSTED, "out of memory");
    if (!wardian_random_bytes(buffer, (size_t)size)) return wardian_pass_on();
    wardian_writer reply = wardian_write();
    wardian_put_bytes(&reply, (wardian_bytes){buffer, (size_t)size});
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(probe_metric_record) {
    double value = 0;
    wardian_writer labels = written(item_at(request, 3));
    wardian_as_double(item_at(request, 2), &value);
    const char *name = text_of(item_at(request, 0)), *kind = text_of(item_at(request, 1));
    return wardian_metric_record(name, kind, value, labels.size ? &labels : NULL) ? wardian_null() : wardian_pass_on();
}

WARDIAN_ENTRY(probe_cancelled) { return reply_bool(true, wardian_cancelled()); }

WARDIAN_APP_IMPORT(probe)

/* Any item -> what the application's function `probe` makes of it. */
WARDIAN_ENTRY(probe_app) {
    wardian_item result;
    wardian_writer argument = written(request);
    bool good = app_probe(&argument, &result);
    return reply_item(good, result);
}

WARDIAN_ENTRY(probe_http_request) {
    wardian_item response;
    wardian_writer sent = written(request);
    bool good = wardian_http_request(&sent, &response);
    return reply_item(good, response);
}

#ifndef PROBE_CALLED_DIRECTLY

WARDIAN_ENTRY(probe_emit) {
    uint64_t accepted = 0;
    wardian_writer records = written(request);
    bool good = wardian_emit(&records, &accepted);
    return reply_int(good, (int64_t)accepted);
}

WARDIAN_ENTRY(probe_template_expand) {
    wardian_text expanded;
    if (!wardian_template_expand(text_of(request), &expanded)) return wardian_pass_on();
    wardian_writer reply = wardian_write();
    wardian_put_text(&reply, expanded);
    return wardian_reply(&reply);
}

WARDIAN_ENTRY(probe_vars_get) {
    wardian_item value;
    bool good = wardian_vars_get(text_of(request), &value);
    return reply_item(good, value);
}

WARDIAN_ENTRY(probe_vars_set) {
    wardian_writer value = written(item_at(request, 1));
    return wardian_vars_set(text_of(item_at(request, 0)), &value) ? wardian_null() : wardian_pass_on();
}

WARDIAN_ENTRY(probe_action_call) {
    wardian_item result;
    wardian_writer params = written(item_at(request, 1));
    bool good = wardian_action_call(text_of(item_at(request, 0)), &params, &result);
    return reply_item(good, result);
}

WARDIAN_ENTRY(probe_extension_call) {
    wardian_item result;
    wardian_writer argument = written(item_at(request, 2));
    const char *extension = text_of(item_at(request, 0)), *method = text_of(item_at(request, 1));
    bool good = wardian_extension_call(extension, method, &argument, &result);
    return reply_item(good, result);
}

#endif
