/* The host's functions. Each import is named by one function alone, so a module has it only when it is used. */
#include "internal.h"

#define HOST(name) __attribute__((import_module("wardian"), import_name(#name))) extern int64_t host_##name

__attribute__((import_module("wardian"), import_name("take"))) extern void host_take(uint8_t *to);

static const uint8_t null_item[1] = {0xf6};

wardian_item wardian_host_error(void) { return host_error; }

wardian_result wardian_pass_on(void) {
    if (!host_error.at) return fail_for(host_fault ? host_fault : "no host call failed");
    return pack(host_error.at, (size_t)(host_error.end - host_error.at), true);
}

static bool host_call_fails(const char *fault) {
    host_error = (wardian_item){NULL, NULL};
    host_fault = fault;
    return false;
}

bool wardian_sends(const wardian_writer *argument, wardian_bytes *sent) {
    *sent = (wardian_bytes){null_item, sizeof null_item};
    if (!argument || (argument->size == 0 && !argument->fault)) return true;
    if (fault_of(argument)) return host_call_fails(fault_of(argument));
    *sent = (wardian_bytes){argument->data, argument->size};
    return true;
}

bool wardian_takes(int64_t status, wardian_item *result) {
    wardian_item taken = {null_item, null_item + sizeof null_item};
    if (status != 0) {
        uint64_t size = status < 0 ? -(uint64_t)status : (uint64_t)status;
        uint8_t *data = size > SIZE_MAX / 2 ? NULL : wardian_scratch((size_t)size);
        if (!data) return host_call_fails(out_of_memory);
        host_take(data);
        const char *fault = wardian_decode(data, (size_t)size, &taken);
        if (fault) return host_call_fails(fault);
    }
    if (status < 0) {
        host_call_fails(NULL);
        host_error = taken;
        return false;
    }
    if (result) *result = taken;
    return true;
}

/* The answer was of another type than the ABI says. */
static bool expects(bool good) { return good || host_call_fails("the host's answer has the wrong type"); }

/* Sends a finished writer, or NULL for null, to an import. */
#define ASK(name, writer, result) \
    (wardian_sends(writer, &sent) && wardian_takes(host_##name(sent.data, sent.size), result))

/* Most requests are a list that begins with a name: `[name, ...]`, or a name alone. */
static wardian_writer list_of(const char *name) {
    wardian_writer request = wardian_write();
    wardian_put_list(&request);
    wardian_put_str(&request, name);
    return request;
}

static wardian_writer pair_of(const char *name, const wardian_writer *item) {
    wardian_writer request = list_of(name);
    wardian_put_writer(&request, item);
    wardian_put_end(&request);
    return request;
}

static wardian_writer name_alone(const char *name) {
    wardian_writer request = wardian_write();
    wardian_put_str(&request, name);
    return request;
}

HOST(log)(const uint8_t *data, size_t size);
bool wardian_log_fields(enum wardian_level level, const char *message, const wardian_writer *fields) {
    wardian_bytes sent;
    size_t mark = wardian_mark();
    wardian_writer request = wardian_write();
    wardian_put_list(&request);
    wardian_put_int(&request, level);
    wardian_put_str(&request, message);
    if (fields) wardian_put_writer(&request, fields);
    wardian_put_end(&request);
    if (!ASK(log, &request, NULL)) return false;
    wardian_release(mark);
    return true;
}

bool wardian_log(enum wardian_level level, const char *message) { return wardian_log_fields(level, message, NULL); }

HOST(state_get)(const uint8_t *data, size_t size);
bool wardian_state_get(const char *key, wardian_item *value) {
    wardian_bytes sent;
    wardian_writer request = name_alone(key);
    return ASK(state_get, &request, value);
}

HOST(state_put)(const uint8_t *data, size_t size);
bool wardian_state_put(const char *key, const wardian_writer *value) {
    wardian_bytes sent;
    wardian_writer request = pair_of(key, value);
    return ASK(state_put, &request, NULL);
}

bool wardian_state_put_ttl(const char *key, const wardian_writer *value, uint64_t ttl_ms) {
    wardian_bytes sent;
    wardian_writer request = list_of(key);
    wardian_put_writer(&request, value);
    wardian_put_uint(&request, ttl_ms);
    wardian_put_end(&request);
    return ASK(state_put, &request, NULL);
}

HOST(state_delete)(const uint8_t *data, size_t size);
bool wardian_state_delete(const char *key, bool *existed) {
    wardian_bytes sent;
    wardian_item answer;
    bool was_there;
    wardian_writer request = name_alone(key);
    if (!ASK(state_delete, &request, &answer) || !expects(wardian_as_bool(answer, &was_there))) return false;
    if (existed) *existed = was_there;
    return true;
}

HOST(state_add)(const uint8_t *data, size_t size);
bool wardian_state_add(const char *key, int64_t delta, int64_t *total) {
    wardian_bytes sent;
    wardian_item answer;
    int64_t sum;
    size_t mark = wardian_mark();
    wardian_writer request = list_of(key);
    wardian_put_int(&request, delta);
    wardian_put_end(&request);
    if (!ASK(state_add, &request, &answer) || !expects(wardian_as_int(answer, &sum))) return false;
    if (total) *total = sum;
    wardian_release(mark);
    return true;
}

HOST(state_swap)(const uint8_t *data, size_t size);
bool wardian_state_swap(const char *key, const wardian_writer *expected, const wardian_writer *value, bool *swapped) {
    wardian_bytes sent;
    wardian_item answer;
    wardian_writer request = list_of(key);
    wardian_put_writer(&request, expected);
    wardian_put_writer(&request, value);
    wardian_put_end(&request);
    return ASK(state_swap, &request, &answer) && expects(wardian_as_bool(answer, swapped));
}

HOST(state_keys)(const uint8_t *data, size_t size);
bool wardian_state_keys(const char *prefix, const char *after_key, uint64_t limit, wardian_item *keys) {
    wardian_bytes sent;
    wardian_writer request = list_of(prefix);
    if (after_key)
        wardian_put_str(&request, after_key);
    else
        wardian_put_null(&request);
    wardian_put_uint(&request, limit);
    wardian_put_end(&request);
    return ASK(state_keys, &request, keys);
}

HOST(emit)(const uint8_t *data, size_t size);
bool wardian_emit(const wardian_writer *records, uint64_t *accepted) {
    wardian_bytes sent;
    wardian_item answer;
    return ASK(emit, records, &answer) && expects(wardian_as_uint(answer, accepted));
}

HOST(clock_now)(const uint8_t *data, size_t size);
bool wardian_clock_now(int64_t *unix_ns, int64_t *monotonic_ns) {
    wardian_bytes sent;
    wardian_item answer, first, second;
    size_t mark = wardian_mark();
    if (!ASK(clock_now, NULL, &answer)) return false;
    wardian_iterator each = wardian_each(answer);
    bool good = wardian_next_pair(&each, &first, &second) && wardian_as_int(first, unix_ns);
    if (!expects(good && (!monotonic_ns || wardian_as_int(second, monotonic_ns)))) return false;
    wardian_release(mark);
    return true;
}

HOST(random_bytes)(const uint8_t *data, size_t size);
bool wardian_random_bytes(void *buffer, size_t size) {
    wardian_bytes sent, drawn;
    wardian_item answer;
    size_t mark = wardian_mark();
    wardian_writer request = wardian_write();
    wardian_put_uint(&request, size);
    if (!ASK(random_bytes, &request, &answer)) return false;
    if (!expects(wardian_as_bytes(answer, &drawn) && drawn.size == size)) return false;
    memcpy(buffer, drawn.data, size);
    wardian_release(mark);
    return true;
}

HOST(http_request)(const uint8_t *data, size_t size);
bool wardian_http_request(const wardian_writer *request, wardian_item *response) {
    wardian_bytes sent;
    return ASK(http_request, request, response);
}

HOST(metric_record)(const uint8_t *data, size_t size);
bool wardian_metric_record(const char *name, const char *kind, double value, const wardian_writer *labels) {
    wardian_bytes sent;
    size_t mark = wardian_mark();
    wardian_writer request = list_of(name);
    wardian_put_str(&request, kind);
    wardian_put_double(&request, value);
    wardian_put_writer(&request, labels);
    wardian_put_end(&request);
    if (!ASK(metric_record, &request, NULL)) return false;
    wardian_release(mark);
    return true;
}

HOST(template_expand)(const uint8_t *data, size_t size);
bool wardian_template_expand(const char *text, wardian_text *expanded) {
    wardian_bytes sent;
    wardian_item answer;
    wardian_writer request = name_alone(text);
    return ASK(template_expand, &request, &answer) && expects(wardian_as_text(answer, expanded));
}

HOST(vars_get)(const uint8_t *data, size_t size);
bool wardian_vars_get(const char *name, wardian_item *value) {
    wardian_bytes sent;
    wardian_writer request = name_alone(name);
    return ASK(vars_get, &request, value);
}

HOST(vars_set)(const uint8_t *data, size_t size);
bool wardian_vars_set(const char *name, const wardian_writer *value) {
    wardian_bytes sent;
    wardian_writer request = pair_of(name, value);
    return ASK(vars_set, &request, NULL);
}

HOST(action_call)(const uint8_t *data, size_t size);
bool wardian_action_call(const char *action, const wardian_writer *params, wardian_item *result) {
    wardian_bytes sent;
    wardian_writer request = pair_of(action, params);
    return ASK(action_call, &request, result);
}

HOST(extension_call)(const uint8_t *data, size_t size);
bool wardian_extension_call(const char *extension, const char *method, const wardian_writer *argument,
                            wardian_item *result) {
    wardian_bytes sent;
    wardian_writer request = list_of(extension);
    wardian_put_str(&request, method);
    wardian_put_writer(&request, argument);
    wardian_put_end(&request);
    return ASK(extension_call, &request, result);
}

HOST(cancelled)(const uint8_t *data, size_t size);
bool wardian_cancelled(void) {
    wardian_bytes sent;
    wardian_item answer;
    bool cancelled = false;
    size_t mark = wardian_mark();
    if (!ASK(cancelled, NULL, &answer)) return false;
    wardian_as_bool(answer, &cancelled);
    wardian_release(mark);
    return cancelled;
}
