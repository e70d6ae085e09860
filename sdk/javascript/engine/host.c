/* The module `#engine`: what the SDK's JavaScript asks of the engine, and through it of the host. */
#include "engine.h"

#include <stdlib.h>
#include <string.h>

JSValue wardian_time_prototype, wardian_array_from, wardian_map_class, wardian_describe_error;
static JSValue error_of_item; /* an error item → the exception that says it */

static JSValue read_or_throw(const uint8_t *data, size_t size) {
    const char *fault = NULL;
    JSValue value = wardian_read(data, size, &fault);
    return fault ? JS_ThrowSyntaxError(wardian_context, "no item: %s", fault) : value;
}

static const struct wardian_import *import_of(JSValueConst name) {
    const char *wanted = JS_ToCString(wardian_context, name);
    const struct wardian_import *found = NULL;
    for (size_t at = 0; wanted && !found && at < wardian_import_count; at++)
        if (strcmp(wardian_imports[at].name, wanted) == 0) found = &wardian_imports[at];
    if (wanted) JS_FreeCString(wardian_context, wanted);
    return found;
}

/* What waits at the host, so many bytes. */
static JSValue take(size_t size) {
    uint8_t *data = malloc(size);
    if (!data) return JS_ThrowOutOfMemory(wardian_context);
    wardian_take((uint32_t)(uintptr_t)data);
    JSValue value = read_or_throw(data, size);
    free(data);
    return value;
}

/* call(name, request) → the host's answer; undefined as a request is null. Throws what the host answers as an error. */
static JSValue call(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
    const struct wardian_import *import = import_of(arguments[0]);
    if (!import) return JS_ThrowReferenceError(context, "this plugin does not import that");
    static struct wardian_bytes request; /* what the host was asked with is of no use when it has answered */
    request.size = 0;
    if (!JS_IsUndefined(arguments[1]) && !wardian_write(&request, arguments[1])) return JS_EXCEPTION;
    int64_t answer = import->call((uint32_t)(uintptr_t)request.data, (uint32_t)request.size);
    if (request.capacity > 1 << 16) free(request.data), request = (struct wardian_bytes){0};
    if (answer == 0) return JS_NULL;
    if (answer > 0) return take((size_t)answer);
    JSValue item = take((size_t)-answer);
    if (JS_IsException(item)) return item;
    JSValue error = JS_Call(context, error_of_item, JS_UNDEFINED, 1, (JSValueConst *)&item);
    JS_FreeValue(context, item);
    return JS_IsException(error) ? error : JS_Throw(context, error);
}

/* has(name) → whether this plugin imports that. */
static JSValue has(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
    return JS_NewBool(context, import_of(arguments[0]) != NULL);
}

/* encode(value) → bytes */
static JSValue encode(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
    struct wardian_bytes written = {0};
    bool good = wardian_write(&written, arguments[0]);
    JSValue bytes = good ? JS_NewUint8ArrayCopy(context, written.data, written.size) : JS_EXCEPTION;
    free(written.data);
    return bytes;
}

/* decode(bytes) → value; a SyntaxError where they are no item. */
static JSValue decode(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
    size_t size;
    const uint8_t *data = JS_GetUint8Array(context, &size, arguments[0]);
    if (!data && JS_HasException(context)) return JS_EXCEPTION;
    return read_or_throw(data, size);
}

/* utf8(text) → bytes; half a surrogate pair becomes U+FFFD, which is `toWellFormed` before this is called. */
static JSValue utf8(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
    size_t size;
    const char *text = JS_ToCStringLen(context, &size, arguments[0]);
    if (!text) return JS_EXCEPTION;
    JSValue bytes = JS_NewUint8ArrayCopy(context, (const uint8_t *)text, size);
    JS_FreeCString(context, text);
    return bytes;
}

/* text(bytes) → text, or null where they are not UTF-8. */
static JSValue text(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
    size_t size;
    const uint8_t *data = JS_GetUint8Array(context, &size, arguments[0]);
    if (!data && JS_HasException(context)) return JS_EXCEPTION;
    return wardian_is_utf8(data, size) ? JS_NewStringLen(context, (const char *)data, size) : JS_NULL;
}

/* register({time, error, describe}): the classes and functions of the SDK that the engine needs. */
static JSValue register_(JSContext *context, JSValueConst self, int count, JSValueConst *arguments) {
    JSValue time = JS_GetPropertyStr(context, arguments[0], "Time");
    wardian_time_prototype = JS_GetPropertyStr(context, time, "prototype");
    JS_FreeValue(context, time);
    error_of_item = JS_GetPropertyStr(context, arguments[0], "errorOf");
    wardian_describe_error = JS_GetPropertyStr(context, arguments[0], "describe");
    JSValue global = JS_GetGlobalObject(context), array = JS_GetPropertyStr(context, global, "Array");
    wardian_map_class = JS_GetPropertyStr(context, global, "Map");
    wardian_array_from = JS_GetPropertyStr(context, array, "from");
    JS_FreeValue(context, array);
    JS_FreeValue(context, global);
    return JS_UNDEFINED;
}

static const JSCFunctionListEntry functions[] = {
    JS_CFUNC_DEF("call", 2, call),     JS_CFUNC_DEF("has", 1, has),   JS_CFUNC_DEF("encode", 1, encode),
    JS_CFUNC_DEF("decode", 1, decode), JS_CFUNC_DEF("utf8", 1, utf8), JS_CFUNC_DEF("text", 1, text),
    JS_CFUNC_DEF("register", 1, register_),
};

static int fill(JSContext *context, JSModuleDef *module) {
    return JS_SetModuleExportList(context, module, functions, sizeof functions / sizeof *functions);
}

JSModuleDef *wardian_engine_module(void) {
    JSModuleDef *module = JS_NewCModule(wardian_context, "#engine", fill);
    if (module) JS_AddModuleExportList(wardian_context, module, functions, sizeof functions / sizeof *functions);
    return module;
}
