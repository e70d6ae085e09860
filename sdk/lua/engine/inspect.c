/* Linked instead of a plugin: runs the script of one, and says what its module has to export and to import.
 *
 * `inspect`, once for each instance: the modules → {entries: [name], imports: [name]}, or {missing: name} where a module
 * is not among them.
 */
#include "engine.h"

const struct wardian_import wardian_imports[] = {{NULL, NULL}};
const char *const wardian_entries[] = {NULL};

static int say(lua_State *L) { /* what was made of the script: {name: function}, what has to be imported or is missing */
    lua_settop(L, 2);
    return 1;
}

WARDIAN_ENTRY(inspect) {
    wardian_building = true;
    if (!wardian_start(request)) return wardian_fail_as(wardian_lua);
    wardian_building = false;
    lua_pushcfunction(wardian_lua, say);
    lua_insert(wardian_lua, -3);
    return wardian_answer(2);
}
