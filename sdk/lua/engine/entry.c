/* The ABI: a state of Lua with the plugin's script run in it, and entry points that call its functions. */
#include "engine.h"

lua_State *wardian_lua;
void wardian_forget_request(void);

static int reply(lua_State *L) { /* the writer, a function, its arguments */
    wardian_writer *writer = lua_touserdata(L, 1);
    lua_call(L, lua_gettop(L) - 2, 1);
    if (!lua_isnil(L, -1)) wardian_put(L, writer, -1);
    return 0;
}

wardian_result wardian_answer(int arguments) {
    lua_State *L = wardian_lua;
    int function = lua_gettop(L) - arguments;
    wardian_writer writer = wardian_write();
    lua_pushcfunction(L, wardian_explain);
    lua_pushcfunction(L, reply);
    lua_pushlightuserdata(L, &writer);
    lua_rotate(L, function, 3);
    if (lua_pcall(L, arguments + 2, 0, function) != LUA_OK) return wardian_fail_as(L);
    lua_settop(L, 0);
    return writer.size || writer.fault ? wardian_reply(&writer) : wardian_null();
}

static int enter(lua_State *L) { /* the request, and which entry point */
    wardian_item *request = lua_touserdata(L, 1);
    lua_getfield(L, LUA_REGISTRYINDEX, "wardian.entries");
    lua_rawgeti(L, -1, lua_tointeger(L, 2) + 1);
    wardian_push(L, *request);
    lua_call(L, 1, 1);
    return 1;
}

wardian_result wardian_enter(size_t index, uint8_t *data, size_t size) {
    wardian_item request;
    wardian_clear_arena();
    wardian_result refused = wardian_begin(data, size, &request);
    if (refused) return refused;
    lua_settop(wardian_lua, 0);
    lua_pushcfunction(wardian_lua, enter);
    lua_pushlightuserdata(wardian_lua, &request);
    lua_pushinteger(wardian_lua, (lua_Integer)index);
    return wardian_answer(2);
}

/* ---- The plugin's script is run once, when it is built ---- */

static int open(lua_State *L) { /* the modules: {main, names, modules: {name: text}} */
    wardian_item *modules = lua_touserdata(L, 1);
    wardian_open_errors(L);
    static const luaL_Reg libraries[] = {
        {LUA_GNAME, luaopen_base}, {LUA_COLIBNAME, luaopen_coroutine}, {LUA_TABLIBNAME, luaopen_table},
        {LUA_STRLIBNAME, luaopen_string}, {LUA_MATHLIBNAME, luaopen_math}, {LUA_UTF8LIBNAME, luaopen_utf8},
    };
    for (size_t at = 0; at < sizeof libraries / sizeof *libraries; at++) {
        luaL_requiref(L, libraries[at].name, libraries[at].func, 1);
        lua_pop(L, 1);
    }
    wardian_open_core(L);
    wardian_push(L, *modules);
    lua_getfield(L, -1, "modules");
    size_t size;
    lua_getfield(L, -1, "wardian/start.lua");
    const char *text = luaL_checklstring(L, -1, &size);
    if (luaL_loadbufferx(L, text, size, "@wardian/start.lua", "t") != LUA_OK) return lua_error(L);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    lua_call(L, 2, 2); /* {name: function}, what has to be imported or what is missing */
    return 2;
}

bool wardian_start(wardian_item modules) {
    wardian_lua = lua_newstate(wardian_allocate, NULL);
    if (!wardian_lua) __builtin_trap();
    lua_pushcfunction(wardian_lua, wardian_explain);
    lua_pushcfunction(wardian_lua, open);
    lua_pushlightuserdata(wardian_lua, &modules);
    return lua_pcall(wardian_lua, 1, 2, 1) == LUA_OK;
}

static int keep(lua_State *L) { /* {name: function} */
    lua_newtable(L);
    for (int at = 0; wardian_entries[at]; at++) {
        lua_getfield(L, 1, wardian_entries[at]);
        lua_rawseti(L, -2, at + 1);
    }
    lua_setfield(L, LUA_REGISTRYINDEX, "wardian.entries");
    lua_settop(L, 0);
    lua_gc(L, LUA_GCCOLLECT);
    lua_gc(L, LUA_GCCOLLECT);
    return 0;
}

/* The entry of the snapshot: the modules → null */
WARDIAN_EXPORT("wardian_build") wardian_result wardian_build(uint8_t *data, size_t size);
wardian_result wardian_build(uint8_t *data, size_t size) {
    wardian_item modules;
    wardian_clear_arena();
    wardian_building = true;
    wardian_result refused = wardian_begin(data, size, &modules);
    if (refused) return refused;
    if (!wardian_start(modules)) return wardian_fail_as(wardian_lua);
    lua_pop(wardian_lua, 1);
    lua_pushcfunction(wardian_lua, keep);
    lua_insert(wardian_lua, -2);
    if (lua_pcall(wardian_lua, 1, 0, 0) != LUA_OK) return wardian_fail(WARDIAN_EXHAUSTED, "out of memory");
    lua_settop(wardian_lua, 0);
    wardian_clear_arena();
    wardian_forget_request();
    wardian_building = false;
    return wardian_null();
}
