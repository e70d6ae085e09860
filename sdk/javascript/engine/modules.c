/* Scripts: where an import is found, and what a script's imports say it will ask the host for.
 *
 * QuickJS is compiled as a part of this file, for what a module imports from another can be read nowhere else.
 */
#include "engine.h"

/* QuickJS asks for the address of a frame wherever it may call itself, to see how deep it is. Here most of what a call
 * takes lies on a stack that has no addresses, so the answer counts how many of such calls are within each other, each as
 * WARDIAN_CALL bytes; what they take of the stack that has addresses is bounded beside. Both together keep everything but
 * the parser, which takes more for a pair of parentheses, within the host's stack. Frames below this one have ended. */
static uintptr_t frames[WARDIAN_CALLS];
static size_t frame_count;

__attribute__((noinline)) static void *frame_address(void) {
    uintptr_t here = (uintptr_t)__builtin_frame_address(0);
    while (frame_count && frames[frame_count - 1] <= here) frame_count--;
    if (frame_count < WARDIAN_CALLS) frames[frame_count++] = here;
    bool spent = frames[0] - here > WARDIAN_STACK;
    /* QuickJS subtracts what it is about to take, so the least of these addresses is far from zero. */
    return (void *)((1 << 30) + (spent ? 0 : (uintptr_t)(WARDIAN_CALLS + 1 - frame_count) * WARDIAN_CALL));
}

#define __builtin_frame_address(level) frame_address()
#include "quickjs.c"

void wardian_begin(void) {
    frame_count = 0;
    JS_UpdateStackTop(JS_GetRuntime(wardian_context));
}

static JSValue known; /* {name: text} of all modules */
static char missing[512];
static JSValue used; /* the names that the author's modules import from `wardian`, a list */

const char *wardian_missing_module(void) { return *missing ? missing : NULL; }

static bool begins(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

/* `wardian` is the SDK's index, `wardian/clock` a file of it; others are found from the module that names them. */
static char *normalize(JSContext *context, const char *from, const char *name, void *opaque) {
    char path[512];
    if (strcmp(name, "wardian") == 0) return js_strdup(context, "wardian/index.js");
    if (!begins(name, "wardian/")) return js_default_module_normalize_name(context, from, name);
    snprintf(path, sizeof path, strchr(name, '.') ? "%s" : "%s.js", name);
    return js_strdup(context, path);
}

static bool use(JSContext *context, JSValue name) {
    int64_t length;
    return JS_GetLength(context, used, &length) >= 0 && JS_SetPropertyInt64(context, used, length, name) >= 0;
}

/* Notes what a module of the author's imports from the SDK: `*` for all of it, `clock` also for `wardian/clock`. */
static bool note(JSContext *context, JSModuleDef *module) {
    for (int at = 0; at < module->req_module_entries_count; at++) {
        const char *from = JS_AtomToCString(context, module->req_module_entries[at].module_name);
        if (!from) return false;
        bool index = strcmp(from, "wardian") == 0, good = true;
        if (begins(from, "wardian/")) good = use(context, JS_NewString(context, from + strlen("wardian/")));
        JS_FreeCString(context, from);
        for (int each = 0; good && index && each < module->import_entries_count; each++)
            if (module->import_entries[each].req_module_idx == at)
                good = use(context, JS_AtomToString(context, module->import_entries[each].import_name));
        for (int each = 0; good && index && each < module->export_entries_count; each++) {
            JSExportEntry *entry = &module->export_entries[each];
            if (entry->export_type == JS_EXPORT_TYPE_INDIRECT && entry->u.req_module_idx == at)
                good = use(context, JS_AtomToString(context, entry->local_name));
        }
        for (int each = 0; good && index && each < module->star_export_entries_count; each++)
            if (module->star_export_entries[each].req_module_idx == at) good = use(context, JS_NewString(context, "*"));
        if (!good) return false;
    }
    return true;
}

static JSModuleDef *compile(JSContext *context, const char *name, const char *text, size_t size) {
    JSValue value = JS_Eval(context, text, size, name, JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
    if (JS_IsException(value)) return NULL;
    JSModuleDef *module = JS_VALUE_GET_PTR(value);
    JS_FreeValue(context, value); /* the context keeps it */
    return begins(name, "wardian/") || note(context, module) ? module : NULL;
}

/* A file of JSON is a module whose default is its value. */
static int fill_json(JSContext *context, JSModuleDef *module) {
    return JS_SetModuleExport(context, module, "default", JS_GetModulePrivateValue(context, module));
}

static JSModuleDef *parse(JSContext *context, const char *name, const char *text, size_t size) {
    JSValue value = JS_ParseJSON(context, text, size, name);
    JSModuleDef *module = JS_IsException(value) ? NULL : JS_NewCModule(context, name, fill_json);
    if (!module) return NULL;
    JS_AddModuleExport(context, module, "default");
    JS_SetModulePrivateValue(context, module, value);
    return module;
}

static JSModuleDef *load(JSContext *context, const char *name, void *opaque, JSValueConst attributes) {
    if (strcmp(name, "#engine") == 0) return wardian_engine_module();
    JSValue source = JS_GetPropertyStr(context, known, name);
    if (!JS_IsString(source)) {
        snprintf(missing, sizeof missing, "%s", name);
        JS_ThrowReferenceError(context, "there is no module `%s`", name);
        return NULL;
    }
    size_t size, length = strlen(name);
    const char *text = JS_ToCStringLen(context, &size, source);
    JS_FreeValue(context, source);
    if (!text) return NULL;
    bool json = length > 5 && strcmp(name + length - 5, ".json") == 0;
    JSModuleDef *module = json ? parse(context, name, text, size) : compile(context, name, text, size);
    JS_FreeCString(context, text);
    return module;
}

static JSValue namespace_of(JSContext *context, const char *name) {
    JSModuleDef *module = load(context, name, NULL, JS_UNDEFINED);
    if (!module) return JS_EXCEPTION;
    JSValue code = JS_DupValue(context, JS_MKPTR(JS_TAG_MODULE, module));
    if (JS_ResolveModule(context, code) < 0) return JS_FreeValue(context, code), JS_EXCEPTION;
    JSValue done = wardian_settle(JS_EvalFunction(context, code));
    if (JS_IsException(done)) return done;
    JS_FreeValue(context, done);
    return JS_GetModuleNamespace(context, module);
}

static JSValue evaluate(JSContext *context) {
    JSPropertyEnum *names;
    uint32_t count = 0;
    if (wardian_keys(&names, &count, known) < 0) return JS_EXCEPTION;
    JSValue ours = namespace_of(context, "wardian/runtime.js");
    const char *main = count ? JS_AtomToCString(context, names[0].atom) : NULL;
    JS_FreePropertyEnum(context, names, count);
    JSValue theirs = main && !JS_IsException(ours) ? namespace_of(context, main) : JS_EXCEPTION, result = JS_EXCEPTION;
    JS_FreeCString(context, main);
    if (!JS_IsException(theirs)) {
        JSValue collect = JS_GetPropertyStr(context, ours, "collect");
        result = JS_Call(context, collect, JS_UNDEFINED, 2, (JSValueConst[]){theirs, used});
        JS_FreeValue(context, collect);
    }
    JS_FreeValue(context, theirs);
    JS_FreeValue(context, ours);
    return result;
}

JSValue wardian_evaluate(uint32_t address, uint32_t size) {
    JSContext *context = wardian_context;
    const char *fault;
    JS_SetModuleLoaderFunc2(JS_GetRuntime(context), normalize, load, NULL, NULL);
    known = wardian_read((const uint8_t *)(uintptr_t)address, size, &fault);
    used = JS_NewArray(context);
    JSValue result = JS_IsObject(known) ? evaluate(context) : JS_ThrowTypeError(context, "expected modules");
    JS_FreeValue(context, known);
    JS_FreeValue(context, used);
    return result;
}

int wardian_keys(JSPropertyEnum **keys, uint32_t *count, JSValueConst value) {
    JSContext *context = wardian_context;
    JSObject *object = JS_VALUE_GET_OBJ(value);
    if (object->class_id != JS_CLASS_OBJECT || object->is_exotic)
        return JS_GetOwnPropertyNames(context, keys, count, value, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY);
    JSShape *shape = object->shape;
    JSShapeProperty *property = get_shape_prop(shape);
    *count = 0;
    *keys = js_malloc(context, ((size_t)shape->prop_count + 1) * sizeof **keys);
    if (!*keys) return -1;
    for (int at = 0; at < shape->prop_count; at++, property++)
        if (property->atom != JS_ATOM_NULL && property->flags & JS_PROP_ENUMERABLE &&
            JS_AtomGetKind(context, property->atom) == JS_ATOM_KIND_STRING)
            (*keys)[(*count)++].atom = JS_DupAtom(context, property->atom);
    return 0;
}
