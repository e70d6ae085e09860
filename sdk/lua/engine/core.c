/* What the SDK's Lua is given: host calls, items as bytes, how scripts are read. */
#include <string.h>

#include "engine.h"

extern __attribute__((import_module("wardian"), import_name("log"))) int64_t host_log(const uint8_t *data, size_t size);

/* The log is always there: what goes wrong is told there, with its trace. */
static const struct wardian_import always[] = {{"log", host_log}, {NULL, NULL}};

static const struct wardian_import *find(const struct wardian_import *import, const char *name) {
    while (import->name && strcmp(import->name, name) != 0) import++;
    return import->name ? import : NULL;
}

/* `core.call(name, request)`: what the host answers; raises the host's error */
static int call(lua_State *L) {
    const char *name = luaL_checkstring(L, 1);
    const struct wardian_import *import = find(always, name);
    if (!import && !wardian_building) import = find(wardian_imports, name);
    if (!import)
        return luaL_error(L, wardian_building ? "`%s` of the host can be called when the plugin runs, and not while it is built"
                                              : "the plugin does not import `%s`",
                          name);
    size_t mark = wardian_mark();
    wardian_writer request = wardian_write();
    wardian_bytes sent;
    wardian_item answer;
    if (!lua_isnoneornil(L, 2)) wardian_put(L, &request, 2);
    if (!wardian_sends(&request, &sent) || !wardian_takes(import->call(sent.data, sent.size), &answer))
        return wardian_raise_host_error(L);
    wardian_push(L, answer);
    wardian_release(mark);
    return 1;
}

/* `core.encode(value)`: the item, as a string */
static int encode(lua_State *L) {
    wardian_writer writer = wardian_write();
    luaL_checkany(L, 1);
    wardian_put(L, &writer, 1);
    if (writer.fault) return luaL_error(L, "%s", writer.fault);
    lua_pushlstring(L, (const char *)writer.data, writer.size);
    return 1;
}

/* `core.decode(string)`: the value, or nil and what is wrong */
static int decode(lua_State *L) {
    size_t size;
    const char *given = luaL_checklstring(L, 1, &size);
    uint8_t *data = wardian_scratch(size + !size);
    wardian_item item;
    if (!data) return luaL_error(L, "out of memory");
    memcpy(data, given, size);
    const char *fault = wardian_decode(data, size, &item);
    if (fault) {
        lua_pushnil(L);
        lua_pushstring(L, fault);
        return 2;
    }
    wardian_push(L, item);
    return 1;
}


static int traceback(lua_State *L) {
    luaL_traceback(L, L, luaL_optstring(L, 1, NULL), 1);
    return 1;
}

static int error_table(lua_State *L) { /* says of a table that it is an error */
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    luaL_setmetatable(L, wardian_error_name);
    return 1;
}

static int explain(lua_State *L) {
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    return wardian_explain(L);
}

static int trap(lua_State *L) {
    (void)L;
    __builtin_trap();
}

void wardian_open_core(lua_State *L) {
    wardian_open_values(L);
    luaL_setfuncs(L, (luaL_Reg[]){{"call", call}, {"encode", encode}, {"decode", decode}, {"traceback", traceback},
                                  {"error", error_table}, {"explain", explain}, {"trap", trap}, {NULL, NULL}}, 0);
}
