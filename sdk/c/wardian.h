/* Long on purpose: all that a plugin needs is this one header; wardian_kinds.h adds what saves lines for some kinds.
 *
 * Wardian's SDK for guests written in C (C11) and C++ (C++17), for the ABI version 1.
 *
 * A plugin is a set of entry points. Each call brings one item and answers with one item or one error:
 *
 *     #include "wardian.h"
 *
 *     WARDIAN_ENTRY(greet) {
 *         wardian_text name;
 *         if (!wardian_as_text(wardian_get(request, "name"), &name))
 *             return wardian_fail(WARDIAN_INVALID, "`name` must be a text");
 *         wardian_writer reply = wardian_write();
 *         wardian_put_str(&reply, wardian_format("Hello, %.*s!", WARDIAN_ARG(name)));
 *         return wardian_reply(&reply);
 *     }
 *
 * Memory: what this header hands out lies in an arena that is emptied when the next call begins. There is nothing to
 * free; what must outlive the call is copied with `wardian_keep`. Requests and replies of the host are checked before
 * the plugin sees them: well formed, UTF-8, no duplicate key, at most 64 levels deep, no unknown tag.
 */
#ifndef WARDIAN_H
#define WARDIAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Values ---- */

/* UTF-8, not ended by a zero byte; it may hold zero bytes. */
typedef struct {
    const char *data;
    size_t size;
} wardian_text;

typedef struct {
    const uint8_t *data;
    size_t size;
} wardian_bytes;

/* One item that was received, or a missing one. A small value: pass it and copy it freely during the call. */
typedef struct {
    const uint8_t *at; /* NULL = missing */
    const uint8_t *end;
} wardian_item;

enum wardian_kind {
    WARDIAN_MISSING,
    WARDIAN_NULL,
    WARDIAN_BOOL,
    WARDIAN_INT,
    WARDIAN_FLOAT,
    WARDIAN_TEXT,
    WARDIAN_BYTES,
    WARDIAN_LIST,
    WARDIAN_MAP,
    WARDIAN_TIME /* a point in time, for wardian_as_time */
};

/* For printf-like formats: `"%.*s", WARDIAN_ARG(text)`. */
#define WARDIAN_ARG(text) (int)(text).size, (text).data

/* The text of a C string. */
wardian_text wardian_str(const char *text);
bool wardian_equal(wardian_text left, wardian_text right);

/* ---- Reading ---- */

enum wardian_kind wardian_kind_of(wardian_item item);
bool wardian_is_null(wardian_item item); /* true for a missing item too */

/* True when the item has that type and its value fits; otherwise `*value` stays as it was. */
bool wardian_as_bool(wardian_item item, bool *value);
bool wardian_as_int(wardian_item item, int64_t *value);
bool wardian_as_uint(wardian_item item, uint64_t *value);
bool wardian_as_double(wardian_item item, double *value); /* integers too */
bool wardian_as_text(wardian_item item, wardian_text *value);
bool wardian_as_bytes(wardian_item item, wardian_bytes *value);

/* A point in time of the years 1 to 9999, as seconds since 1970 in UTC and the nanoseconds behind them. */
bool wardian_as_time(wardian_item item, int64_t *seconds, uint32_t *nanoseconds);

/* The value of a text key; missing when it is absent or `map` is no map. */
wardian_item wardian_get(wardian_item map, const char *key);

/* Walks a list or a map. For anything else `wardian_next` is false at once.
 *
 *     wardian_iterator each = wardian_each(list);
 *     wardian_item item;
 *     while (wardian_next(&each, &item)) { ... }
 */
typedef struct {
    const uint8_t *at;
    size_t left; /* items still to come at most; a break byte ends what has no length */
} wardian_iterator;

wardian_iterator wardian_each(wardian_item list_or_map);
bool wardian_next(wardian_iterator *each, wardian_item *item); /* a map gives key, value, key, value ... */
bool wardian_next_pair(wardian_iterator *each, wardian_item *key, wardian_item *value);

/* Checks `size` bytes as the host's items are checked, tightens them in place and gives the item that they hold.
 * NULL = good; otherwise what is wrong, and the bytes may have changed. */
const char *wardian_decode(uint8_t *data, size_t size, wardian_item *item);

/* ---- Writing ---- */

/* Writes one item into the arena. A failure (no memory, unbalanced ends, text that is not UTF-8) is remembered and
 * reported when the item is used, so that no single put needs a check. */
typedef struct {
    uint8_t *data;
    size_t size;
    size_t capacity;
    uint64_t maps;   /* one bit for each open container, the innermost lowest: 1 = a map */
    uint64_t values; /* likewise: 1 = its next item is a value */
    unsigned depth;
    const char *fault; /* NULL = none */
} wardian_writer;

wardian_writer wardian_write(void);

void wardian_put_null(wardian_writer *writer);
void wardian_put_bool(wardian_writer *writer, bool value);
void wardian_put_int(wardian_writer *writer, int64_t value);
void wardian_put_uint(wardian_writer *writer, uint64_t value);
void wardian_put_double(wardian_writer *writer, double value);
void wardian_put_text(wardian_writer *writer, wardian_text value);
void wardian_put_str(wardian_writer *writer, const char *value); /* keys of maps as well */
void wardian_put_bytes(wardian_writer *writer, wardian_bytes value);
void wardian_put_list(wardian_writer *writer); /* then its items, then wardian_put_end */
void wardian_put_map(wardian_writer *writer);  /* then key, value, key, value ..., then wardian_put_end */
void wardian_put_end(wardian_writer *writer);
void wardian_put_item(wardian_writer *writer, wardian_item item);               /* copies what was received */
void wardian_put_writer(wardian_writer *writer, const wardian_writer *finished); /* copies what was written */

/* ---- Entry points ---- */

/* What an entry point returns: of wardian_reply, wardian_null, wardian_fail, wardian_fail_with or wardian_pass_on. */
typedef uint64_t wardian_result;

#define WARDIAN_EXPORT(name) __attribute__((used, export_name(name)))
#ifdef __cplusplus
#define WARDIAN_C_LINKAGE extern "C"
#else
#define WARDIAN_C_LINKAGE
#endif

/* Defines and exports the entry point `name`; its body sees the request as `wardian_item request`. Other entry points
 * may call the body as `name_body(item)`. */
#define WARDIAN_ENTRY(name)                                                                                  \
    static wardian_result name##_body(wardian_item request);                                                 \
    WARDIAN_C_LINKAGE WARDIAN_EXPORT(#name) wardian_result wardian_entry_##name(uint8_t *data, size_t size); \
    WARDIAN_C_LINKAGE wardian_result wardian_entry_##name(uint8_t *data, size_t size) {                      \
        wardian_item request;                                                                                \
        wardian_result refused = wardian_begin(data, size, &request);                                        \
        return refused ? refused : name##_body(request);                                                     \
    }                                                                                                        \
    static wardian_result name##_body(__attribute__((unused)) wardian_item request)

wardian_result wardian_begin(uint8_t *data, size_t size, wardian_item *request); /* for WARDIAN_ENTRY */

wardian_result wardian_reply(const wardian_writer *writer);
static inline wardian_result wardian_null(void) { return 0; }

/* The kinds of errors: whose turn it is, and whether the host tries again. */
#define WARDIAN_INVALID "invalid"             /* the record or argument is wrong */
#define WARDIAN_CONFIG "config"               /* the operator's configuration is wrong */
#define WARDIAN_TRANSIENT "transient"         /* the world is not ready; tried again */
#define WARDIAN_DENIED "denied"               /* not granted */
#define WARDIAN_EXHAUSTED "exhausted"         /* a quota is spent */
#define WARDIAN_NOT_FOUND "not_found"
#define WARDIAN_CONFLICT "conflict"
#define WARDIAN_UNIMPLEMENTED "unimplemented" /* the entry point does not do this */
#define WARDIAN_INTERNAL "internal"           /* the plugin's own fault */

wardian_result wardian_fail(const char *kind, const char *message);

/* Everything that an error may say; what is NULL or negative is left out. */
struct wardian_error {
    const char *kind;
    const char *message;
    const char *code;
    int64_t retry_after_ms;
    const wardian_writer *details;
};
wardian_result wardian_fail_with(struct wardian_error error);

/* ---- Memory ---- */

void *wardian_scratch(size_t size);                /* aligned to 8; until the call ends; NULL = out of memory */
void *wardian_keep(const void *data, size_t size); /* a copy for as long as the plugin lives; for set-up */
wardian_text wardian_keep_text(wardian_text text); /* data == NULL = out of memory */

/* Gives back what was taken from the arena since the mark: for loops that ask the host many times. */
size_t wardian_mark(void);
void wardian_release(size_t mark);

/* A C string in the arena. Knows %s %.*s %c %d %u %ld %lu %lld %llu %zu %x %% and no widths. Never NULL. */
const char *wardian_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- The host's functions: one import each, and in the module only when it is used ---- */

/* All return true for success. After a false, `wardian_host_error` is the host's error, and
 * `return wardian_pass_on();` ends the call with it. */
wardian_item wardian_host_error(void);
wardian_result wardian_pass_on(void);

enum wardian_level { WARDIAN_TRACE, WARDIAN_DEBUG, WARDIAN_INFO, WARDIAN_WARN, WARDIAN_ERROR };
bool wardian_log(enum wardian_level level, const char *message);
bool wardian_log_fields(enum wardian_level level, const char *message, const wardian_writer *fields);

bool wardian_state_get(const char *key, wardian_item *value); /* null when it is absent */
bool wardian_state_put(const char *key, const wardian_writer *value);
bool wardian_state_put_ttl(const char *key, const wardian_writer *value, uint64_t ttl_ms);
bool wardian_state_delete(const char *key, bool *existed);
bool wardian_state_add(const char *key, int64_t delta, int64_t *total);
bool wardian_state_swap(const char *key, const wardian_writer *expected, const wardian_writer *value, bool *swapped);
bool wardian_state_keys(const char *prefix, const char *after, uint64_t limit, wardian_item *keys);

bool wardian_emit(const wardian_writer *records, uint64_t *accepted);
bool wardian_clock_now(int64_t *unix_ns, int64_t *monotonic_ns);
bool wardian_random_bytes(void *buffer, size_t size);
bool wardian_http_request(const wardian_writer *request, wardian_item *response);
#define WARDIAN_COUNTER "counter"
#define WARDIAN_GAUGE "gauge"
#define WARDIAN_HISTOGRAM "histogram"
/* `labels` is a map of texts, or NULL. */
bool wardian_metric_record(const char *name, const char *kind, double value, const wardian_writer *labels);
bool wardian_template_expand(const char *text, wardian_text *expanded);
bool wardian_vars_get(const char *name, wardian_item *value);
bool wardian_vars_set(const char *name, const wardian_writer *value);
bool wardian_action_call(const char *action, const wardian_writer *params, wardian_item *result);
bool wardian_extension_call(const char *extension, const char *method, const wardian_writer *argument,
                            wardian_item *result);
bool wardian_cancelled(void);

/* Declares `bool app_<name>(const wardian_writer *argument, wardian_item *result)`, a function of the application that
 * runs the plugin. `argument` may be NULL for null. */
#define WARDIAN_APP_IMPORT(name)                                                                              \
    WARDIAN_C_LINKAGE __attribute__((import_module("app"), import_name(#name))) int64_t wardian_app_##name(   \
        const uint8_t *data, size_t size);                                                                    \
    static inline bool app_##name(const wardian_writer *argument, wardian_item *result) {                     \
        wardian_bytes sent;                                                                                   \
        return wardian_sends(argument, &sent) && wardian_takes(wardian_app_##name(sent.data, sent.size), result); \
    }

/* For WARDIAN_APP_IMPORT: the bytes to send, and the host's answer. */
bool wardian_sends(const wardian_writer *argument, wardian_bytes *sent);
bool wardian_takes(int64_t status, wardian_item *result);

#ifdef __cplusplus
}
#endif

#endif
