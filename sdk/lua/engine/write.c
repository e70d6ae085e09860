/* From values of Lua to items. What no item can hold is an error, raised where it is found. */
#include <stdlib.h>
#include <string.h>

#include "engine.h"

static void put_table(lua_State *L, wardian_writer *writer, int index, enum wardian_lua_kind kind);

void wardian_put(lua_State *L, wardian_writer *writer, int index) {
    index = lua_absindex(L, index);
    size_t size;
    const char *text;
    enum wardian_lua_kind kind = lua_type(L, index) >= LUA_TTABLE ? wardian_kind_at(L, index) : PLAIN;
    luaL_checkstack(L, 12, "a value is too deep");
    switch (lua_type(L, index)) {
    case LUA_TNIL: wardian_put_null(writer); return;
    case LUA_TBOOLEAN: wardian_put_bool(writer, lua_toboolean(L, index)); return;
    case LUA_TNUMBER:
        if (lua_isinteger(L, index)) wardian_put_int(writer, lua_tointeger(L, index));
        else wardian_put_double(writer, lua_tonumber(L, index));
        return;
    case LUA_TSTRING:
        text = lua_tolstring(L, index, &size);
        wardian_put_text(writer, (wardian_text){text, size});
        if (writer->fault) luaL_error(L, "a string is no text: %s; `wardian.bytes(…)` makes bytes of it", writer->fault);
        return;
    case LUA_TTABLE: put_table(L, writer, index, kind); return;
    default: break;
    }
    switch (kind) {
    case NULL_VALUE: wardian_put_null(writer); return;
    case BYTES: wardian_put_bytes(writer, (wardian_bytes){lua_touserdata(L, index), lua_rawlen(L, index)}); return;
    case UNSIGNED: wardian_put_uint(writer, *(uint64_t *)lua_touserdata(L, index)); return;
    case TIME: {
        const struct wardian_lua_time *time = lua_touserdata(L, index);
        wardian_put_item(writer, (wardian_item){time->item, time->item + time->size});
        return;
    }
    default: luaL_error(L, "a %s is no value that can be sent", luaL_typename(L, index));
    }
}

static void put_list(lua_State *L, wardian_writer *writer, int index) {
    lua_Integer size = (lua_Integer)lua_rawlen(L, index);
    wardian_put_list(writer);
    for (lua_Integer at = 1; at <= size; at++) {
        lua_rawgeti(L, index, at);
        wardian_put(L, writer, -1);
        lua_pop(L, 1);
    }
    wardian_put_end(writer);
}

static void put_pair(lua_State *L, wardian_writer *writer) { /* key and value at the top; takes them off */
    if (lua_type(L, -2) != LUA_TSTRING && wardian_kind_at(L, -2) != BYTES)
        luaL_error(L, "a key of a map is a %s: expected a string or bytes", luaL_typename(L, -2));
    wardian_put(L, writer, -2);
    wardian_put(L, writer, -1);
    lua_pop(L, 2);
}

struct key {
    const char *data;
    size_t size;
    bool bytes;
    int at;
};

static int compare(const void *left, const void *right) {
    const struct key *a = left, *b = right;
    if (a->bytes != b->bytes) return a->bytes - b->bytes;
    int order = memcmp(a->data, b->data, a->size < b->size ? a->size : b->size);
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

/* The keys of the map that are not in the table below the top, or all where that is nil, in the order of their bytes: so
 * that equal maps are equal items. */
static void put_others(lua_State *L, wardian_writer *writer, int map, int count) {
    int known = lua_gettop(L), size = 0;
    struct key *keys = lua_newuserdatauv(L, sizeof *keys * (size_t)count, 0);
    lua_createtable(L, count, 0);
    int kept = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, map); lua_pop(L, 1)) {
        if (!lua_isnil(L, known)) {
            lua_pushvalue(L, -2);
            bool there = lua_rawget(L, known) != LUA_TNIL;
            lua_pop(L, 1);
            if (there) continue;
        }
        struct key *key = &keys[size];
        if (lua_type(L, -2) == LUA_TSTRING) *key = (struct key){lua_tolstring(L, -2, &key->size), 0, false, 0};
        else if (wardian_kind_at(L, -2) == BYTES) *key = (struct key){lua_touserdata(L, -2), 0, true, 0};
        else luaL_error(L, "a key of a map is a %s: expected a string or bytes", luaL_typename(L, -2));
        key->size = lua_rawlen(L, -2);
        key->at = ++size;
        lua_pushvalue(L, -2);
        lua_rawseti(L, kept, size);
    }
    qsort(keys, (size_t)size, sizeof *keys, compare);
    for (int at = 0; at < size; at++) {
        lua_rawgeti(L, kept, keys[at].at);
        lua_pushvalue(L, -1);
        lua_rawget(L, map);
        put_pair(L, writer);
    }
    lua_settop(L, known);
}

/* A map that was read is written in the order of its keys then; what has come since stands behind. */
static void put_map(lua_State *L, wardian_writer *writer, int index, bool ordered) {
    int count = 0;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) count++;
    wardian_put_map(writer);
    if (ordered) {
        int written = 0;
        lua_getmetatable(L, index);
        int order = lua_gettop(L);
        lua_Integer size = (lua_Integer)lua_rawlen(L, order);
        for (lua_Integer at = 1; at <= size; at++) {
            lua_rawgeti(L, order, at);
            lua_pushvalue(L, -1);
            if (lua_rawget(L, index) == LUA_TNIL) {
                lua_pop(L, 2);
                continue;
            }
            put_pair(L, writer);
            written++;
        }
        if (written < count) {
            lua_newtable(L);
            for (lua_Integer at = 1; at <= size; at++) {
                lua_rawgeti(L, order, at);
                lua_pushboolean(L, 1);
                lua_rawset(L, -3);
            }
            put_others(L, writer, index, count);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    } else if (count) {
        lua_pushnil(L);
        put_others(L, writer, index, count);
        lua_pop(L, 1);
    }
    wardian_put_end(writer);
}

static void put_table(lua_State *L, wardian_writer *writer, int index, enum wardian_lua_kind kind) {
    if (writer->depth >= 64) luaL_error(L, "a value is nested deeper than 64 lists and maps, or within itself");
    if (kind == LIST || (kind == PLAIN && lua_rawlen(L, index) > 0)) {
        if (kind == PLAIN) {
            lua_Integer count = 0, size = (lua_Integer)lua_rawlen(L, index);
            bool whole = true;
            for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1), count++)
                whole = whole && lua_isinteger(L, -2) && lua_tointeger(L, -2) >= 1 && lua_tointeger(L, -2) <= size;
            if (!whole || count != size) luaL_error(L, "a table is neither a list nor a map: it has holes, or keys of both");
        }
        put_list(L, writer, index);
    } else {
        put_map(L, writer, index, kind == ORDERED);
    }
}
