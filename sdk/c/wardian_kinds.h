/* What plugins of the ABI's kinds have in common, beside wardian.h: configuration that the operator set, records and
 * their outcomes, and sources that have something at fixed times.
 *
 *     #include "wardian_kinds.h"
 *
 *     static bool shout(wardian_writer *reply, wardian_item record) {
 *         wardian_text line;
 *         if (!wardian_as_text(wardian_get(record, "data"), &line)) {
 *             wardian_put_error(reply, WARDIAN_INVALID, "`data` must be a text");
 *             return true;
 *         }
 *         wardian_put_list(reply);
 *         wardian_put_map(reply);
 *         wardian_set_others(reply, record, "message");
 *         wardian_set_str(reply, "message", wardian_format("%.*s!", WARDIAN_ARG(line)));
 *         wardian_put_end(reply);
 *         wardian_put_end(reply);
 *         return true;
 *     }
 *
 *     WARDIAN_ENTRY(processor_process) { return wardian_reply_each(wardian_get(request, "records"), shout); }
 *
 * Nothing here allocates beyond what is written. Memory is that of wardian.h.
 */
#ifndef WARDIAN_KINDS_H
#define WARDIAN_KINDS_H

#include "wardian.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Configuration ---- */

/* What the operator set for `key`, of the request of `plugin_open` or `plugin_check`; missing when nobody did. Null and
 * the empty text are nothing: where `config` has one of them, the last of its `layers` counts that says more. */
wardian_item wardian_configured(wardian_item request, const char *key);

/* A duration in nanoseconds: an integer of them, or a text such as `250ms`, `1.5s` or `1m30s`, with the units ns, us, ms,
 * s, m and h. False for all else, for what is negative, and beyond 100 years. */
bool wardian_as_duration(wardian_item item, int64_t *nanoseconds);

/* ---- Writing maps: a key and its value at once ---- */

void wardian_set_str(wardian_writer *map, const char *key, const char *value);
void wardian_set_text(wardian_writer *map, const char *key, wardian_text value);
void wardian_set_int(wardian_writer *map, const char *key, int64_t value);
void wardian_set_double(wardian_writer *map, const char *key, double value);
void wardian_set_item(wardian_writer *map, const char *key, wardian_item value);

/* All pairs of a received map but that of `key`, for records that go on with one field of another value. */
void wardian_set_others(wardian_writer *map, wardian_item source, const char *key);

/* ---- One outcome for each record or row ---- */

/* Puts exactly one item, the outcome: for a processor a list of records, for a function `{"value": any}`, for a sink
 * null, and for all of them the error that `wardian_put_error` puts. False after a host call that failed: then the whole
 * call ends with the host's error. */
typedef bool (*wardian_outcome)(wardian_writer *reply, wardian_item record_or_row);

wardian_result wardian_reply_each(wardian_item records_or_rows, wardian_outcome outcome);
void wardian_put_error(wardian_writer *reply, const char *kind, const char *message);

/* ---- Sources that have something at fixed times ---- */

/* The host owns time: it asks, and says when it is. Times that were missed are left out, as a clock does not strike
 * twice.
 *
 *     static wardian_schedule schedule = {.interval = 1000000000};
 *
 *     static bool strike(wardian_writer *records, int64_t now) { ... put one record ... return true; }
 *
 *     WARDIAN_ENTRY(source_poll) { return wardian_reply_poll(&schedule, request, strike); }
 */
typedef struct {
    int64_t interval; /* nanoseconds, more than 0 */
    bool at_once;     /* the first time is that of the first poll, and not one interval after it */
    int64_t next;     /* 0 = not yet begun */
} wardian_schedule;

/* For `plugin_open`: how often the host should ask. */
wardian_result wardian_reply_interval(const wardian_schedule *schedule);

/* Puts what a time brings: records, of which there may be none. False after a host call that failed: then the whole call
 * ends with the host's error. */
typedef bool (*wardian_due)(wardian_writer *records, int64_t now);

/* Asks for records when a time has come and records are wanted, and says how long it is until the next time. */
wardian_result wardian_reply_poll(wardian_schedule *schedule, wardian_item request, wardian_due due);

#ifdef __cplusplus
}
#endif

#endif
