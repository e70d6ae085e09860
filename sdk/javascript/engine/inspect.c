/* Linked instead of a plugin: evaluates one, and says what its module has to export and to import.
 *
 * `inspect`, once for each instance: {name: text} of all modules, the first of which is the plugin → {entries: [name], imports: [name]},
 * or {missing: name} where a module is not among them. A script that is wrong is an error `invalid`.
 */
#include "engine.h"

const char *const wardian_entries[] = {NULL};
const size_t wardian_entry_count = 0;
const struct wardian_import wardian_imports[] = {{NULL, NULL}};
const size_t wardian_import_count = 0;
static void take(uint32_t address) {}
void (*const wardian_take)(uint32_t address) = take;

WARDIAN_EXPORT("inspect") int64_t wardian_inspect(uint32_t address, uint32_t size) {
    wardian_start();
    JSContext *context = wardian_context;
    JSValue plugin = wardian_evaluate(address, size), said = JS_NewObject(context);
    if (JS_IsException(plugin)) {
        if (!wardian_missing_module()) return wardian_serve(plugin);
        JS_FreeValue(context, JS_GetException(context));
        JS_SetPropertyStr(context, said, "missing", JS_NewString(context, wardian_missing_module()));
        return wardian_serve(said);
    }
    JSPropertyEnum *names;
    uint32_t count = 0;
    JSValue entries = JS_GetPropertyStr(context, plugin, "entries"), list = JS_NewArray(context);
    JS_GetOwnPropertyNames(context, &names, &count, entries, JS_GPN_STRING_MASK);
    for (uint32_t at = 0; at < count; at++) JS_SetPropertyUint32(context, list, at, JS_AtomToString(context, names[at].atom));
    JS_SetPropertyStr(context, said, "entries", list);
    JS_SetPropertyStr(context, said, "imports", JS_GetPropertyStr(context, plugin, "imports"));
    return wardian_serve(said);
}
