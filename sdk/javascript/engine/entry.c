/* The ABI's side of the engine: buffers, calls, replies, errors. */
#include "engine.h"

#include <stdlib.h>
#include <string.h>

enum { KEPT = 64 << 10 }; /* bytes of a reply's buffer that is kept for the next */
static const int64_t FAILED = 1LL << 31;

JSContext *wardian_context;
static JSValue *entries;
static uint8_t *request;
static struct wardian_bytes reply;

WARDIAN_EXPORT("wardian_abi_v1") void wardian_abi_v1(void) {}

WARDIAN_EXPORT("wardian_alloc") void *wardian_alloc(uint32_t size) {
    free(request);
    return request = malloc(size ? size : 1);
}

void wardian_start(void) {
    JSRuntime *runtime = JS_NewRuntime();
    JS_SetMaxStackSize(runtime, (WARDIAN_CALLS - 2) * WARDIAN_CALL); /* then a RangeError, which can be caught */
    wardian_context = JS_NewContext(runtime);
    wardian_begin();
}

/* Called once, while the plugin is built, with {name: text} of its modules: what it makes is there in each instance. */
WARDIAN_EXPORT("wardian_build") int64_t wardian_build(uint32_t address, uint32_t size) {
    wardian_start();
    JSValue plugin = wardian_evaluate(address, size);
    if (JS_IsException(plugin)) return wardian_serve(plugin);
    JSValue functions = JS_GetPropertyStr(wardian_context, plugin, "entries");
    entries = malloc((wardian_entry_count + 1) * sizeof *entries);
    for (size_t at = 0; at < wardian_entry_count; at++)
        entries[at] = JS_GetPropertyStr(wardian_context, functions, wardian_entries[at]);
    JS_FreeValue(wardian_context, functions);
    JS_FreeValue(wardian_context, plugin);
    JS_RunGC(JS_GetRuntime(wardian_context));
    memset(request, 0, size); /* what is zero takes no room in the module */
    wardian_alloc(0);
    return 0;
}

/* Runs what waits, until nothing does. The value of a promise, or what was no promise; a result is used up. */
JSValue wardian_settle(JSValue result) {
    JSContext *context = wardian_context, *where;
    while (JS_ExecutePendingJob(JS_GetRuntime(context), &where) != 0) {}
    if (!JS_IsPromise(result)) return result;
    JSPromiseStateEnum state = JS_PromiseState(context, result);
    JSValue value = state == JS_PROMISE_PENDING ? JS_UNDEFINED : JS_PromiseResult(context, result);
    if (state == JS_PROMISE_REJECTED) JS_PromiseMarkAsHandled(context, result);
    JS_FreeValue(context, result);
    if (state == JS_PROMISE_FULFILLED) return value;
    if (state == JS_PROMISE_REJECTED) return JS_Throw(context, value);
    return JS_ThrowTypeError(context, "a promise was never settled");
}

static int64_t done(int64_t flags) {
    return (int64_t)((uint64_t)(uintptr_t)reply.data << 32) | flags | (int64_t)reply.size;
}

static bool key(const char *key, const char *value) {
    uint8_t head = (uint8_t)(0x60 | strlen(key)), text[3] = {0x79, (uint8_t)(strlen(value) >> 8), (uint8_t)strlen(value)};
    return wardian_append(&reply, &head, 1) && wardian_append(&reply, key, strlen(key)) &&
           wardian_append(&reply, text, 3) && wardian_append(&reply, value, strlen(value));
}

static int64_t fail(const char *kind, const char *message) {
    reply.size = 0;
    wardian_append(&reply, "\xa2", 1);
    key("kind", kind);
    key("message", message);
    return done(FAILED);
}

/* An exception that could not even be described: memory or stack is at its end. */
static int64_t fail_plainly(void) {
    JS_FreeValue(wardian_context, JS_GetException(wardian_context));
    return fail("exhausted", "there was no memory left to say what went wrong");
}

static int64_t fail_with(JSValue exception) {
    JSValue item = JS_Call(wardian_context, wardian_describe_error, JS_UNDEFINED, 1, (JSValueConst *)&exception);
    JS_FreeValue(wardian_context, exception);
    reply.size = 0;
    bool good = !JS_IsException(item) && wardian_write(&reply, item);
    JS_FreeValue(wardian_context, item);
    return good ? done(FAILED) : fail_plainly();
}

int64_t wardian_serve(JSValue result) {
    result = wardian_settle(result);
    if (JS_IsException(result)) return fail_with(JS_GetException(wardian_context));
    bool null = JS_IsNull(result) || JS_IsUndefined(result), good = null || wardian_write(&reply, result);
    JS_FreeValue(wardian_context, result);
    if (!good) return fail_with(JS_GetException(wardian_context));
    return null ? 0 : done(0);
}

int64_t wardian_enter(uint32_t index, uint32_t address, uint32_t size) {
    if (reply.capacity > KEPT) free(reply.data), reply = (struct wardian_bytes){0};
    reply.size = 0;
    wardian_begin();
    const char *fault = NULL;
    JSValue value = wardian_read((const uint8_t *)(uintptr_t)address, size, &fault);
    if (fault) {
        char message[128] = "the request is no item: ";
        return fail("invalid", strncat(message, fault, 100));
    }
    if (JS_IsException(value)) return fail_with(JS_GetException(wardian_context));
    JSValue result = JS_Call(wardian_context, entries[index], JS_UNDEFINED, 1, (JSValueConst *)&value);
    JS_FreeValue(wardian_context, value);
    return wardian_serve(result);
}
