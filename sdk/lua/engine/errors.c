/* Errors: tables of `kind`, `message` and what else the ABI knows, with a metatable of their own. */
#include <string.h>

#include "engine.h"

const char wardian_error_name[] = "wardian.error";

static bool is_error(lua_State *L, int index) {
    if (!lua_istable(L, index) || !lua_getmetatable(L, index)) return false;
    luaL_getmetatable(L, wardian_error_name);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same;
}

static int error_text(lua_State *L) {
    lua_getfield(L, 1, "message");
    luaL_tolstring(L, -1, NULL);
    return 1;
}

void wardian_open_errors(lua_State *L) {
    luaL_newmetatable(L, wardian_error_name);
    lua_pushcfunction(L, error_text);
    lua_setfield(L, -2, "__tostring");
    lua_pop(L, 1);
}

static const char *field(lua_State *L, int index, const char *name, const char *otherwise) {
    lua_getfield(L, index, name);
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : otherwise;
    lua_pop(L, 1); /* the table holds it still */
    return text;
}

/* What was raised on purpose stays what it is; anything else is a fault of the plugin, told with where it happened. */
int wardian_explain(lua_State *L) {
    if (is_error(L, 1)) return 1;
    const char *said = luaL_tolstring(L, 1, NULL);
    lua_createtable(L, 0, 3);
    lua_pushliteral(L, "internal");
    lua_setfield(L, -2, "kind");
    lua_pushstring(L, said);
    lua_setfield(L, -2, "message");
    luaL_traceback(L, L, said, 1);
    lua_setfield(L, -2, "trace");
    luaL_setmetatable(L, wardian_error_name);
    return 1;
}

int wardian_raise(lua_State *L, const char *kind, const char *message) {
    lua_createtable(L, 0, 2);
    lua_pushstring(L, kind);
    lua_setfield(L, -2, "kind");
    lua_pushstring(L, message);
    lua_setfield(L, -2, "message");
    luaL_setmetatable(L, wardian_error_name);
    return lua_error(L);
}

int wardian_raise_host_error(lua_State *L) {
    wardian_item error = wardian_host_error();
    if (!error.at) return luaL_error(L, "the host could not be asked, or its answer could not be read");
    wardian_push(L, error);
    luaL_setmetatable(L, wardian_error_name);
    return lua_error(L);
}

static int write_error(lua_State *L) { /* the writer, the error */
    wardian_writer *writer = lua_touserdata(L, 1);
    struct wardian_error error = {field(L, 2, "kind", "internal"), field(L, 2, "message", "no message"),
                                  field(L, 2, "code", NULL), -1, NULL};
    if (lua_getfield(L, 2, "retry_after_ms") == LUA_TNUMBER) error.retry_after_ms = lua_tointeger(L, -1);
    if (lua_getfield(L, 2, "details") != LUA_TNIL && wardian_kind_at(L, -1) != NULL_VALUE) {
        wardian_put(L, writer, -1);
        error.details = writer;
    }
    lua_pushinteger(L, (lua_Integer)wardian_fail_with(error));
    return 1;
}

wardian_result wardian_fail_as(lua_State *L) {
    if (!is_error(L, -1)) { /* there was no memory to explain it, or what explains it failed, such as by a full stack */
        const char *said = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "an error in handling an error";
        bool full = strcmp(said, "not enough memory") == 0;
        wardian_result result = wardian_fail(full ? WARDIAN_EXHAUSTED : WARDIAN_INTERNAL, full ? "out of memory" : said);
        lua_settop(L, 0);
        return result;
    }
    const char *trace = field(L, -1, "trace", NULL);
    if (trace) wardian_log(WARDIAN_ERROR, trace);
    wardian_writer writer = wardian_write();
    lua_pushcfunction(L, write_error);
    lua_insert(L, -2);
    lua_pushlightuserdata(L, &writer);
    lua_insert(L, -2);
    wardian_result result = 0;
    if (lua_pcall(L, 2, 1, 0) == LUA_OK) result = (wardian_result)lua_tointeger(L, -1);
    else result = wardian_fail(WARDIAN_INTERNAL, lua_isstring(L, -1) ? lua_tostring(L, -1) : "an error that cannot be sent");
    lua_settop(L, 0);
    return result;
}
