/* From items to values of Lua. The item has been checked before. */
#include "engine.h"

static void push(lua_State *L, wardian_item item);

static void push_list(lua_State *L, wardian_item list) {
    wardian_iterator each = wardian_each(list);
    wardian_item item;
    lua_createtable(L, each.left > 1000000 ? 0 : (int)each.left, 0);
    for (lua_Integer at = 1; wardian_next(&each, &item); at++) {
        push(L, item);
        lua_rawseti(L, -2, at);
    }
    wardian_set_list(L, -1);
}

/* A map of two keys and more keeps their order in its metatable, for when it is written again. */
static void push_map(lua_State *L, wardian_item map) {
    wardian_iterator each = wardian_each(map), again;
    wardian_item key, value, last;
    lua_newtable(L);
    again = each;
    bool ordered = wardian_next_pair(&again, &key, &value) && wardian_next(&again, &last);
    if (ordered) wardian_push_order(L, 4);
    for (lua_Integer at = 1; wardian_next_pair(&each, &key, &value); at++) {
        push(L, key);
        if (ordered) {
            lua_pushvalue(L, -1);
            lua_rawseti(L, -3, at);
        }
        push(L, value);
        lua_rawset(L, ordered ? -4 : -3);
    }
    if (ordered) lua_setmetatable(L, -2);
}

static void push(lua_State *L, wardian_item item) {
    wardian_text text = {"", 0};
    wardian_bytes bytes = {NULL, 0};
    int64_t whole = 0;
    uint64_t large = 0;
    double number = 0;
    bool truth = false;
    luaL_checkstack(L, 8, "an item is too deep");
    switch (wardian_kind_of(item)) {
    case WARDIAN_BOOL:
        wardian_as_bool(item, &truth);
        lua_pushboolean(L, truth);
        break;
    case WARDIAN_INT:
        if (wardian_as_int(item, &whole)) lua_pushinteger(L, whole);
        else if (wardian_as_uint(item, &large)) wardian_push_unsigned(L, large);
        else luaL_error(L, "an integer that could not be read");
        break;
    case WARDIAN_FLOAT:
        wardian_as_double(item, &number);
        lua_pushnumber(L, number);
        break;
    case WARDIAN_TEXT:
        wardian_as_text(item, &text);
        lua_pushlstring(L, text.data, text.size);
        break;
    case WARDIAN_BYTES:
        wardian_as_bytes(item, &bytes);
        wardian_push_bytes(L, bytes.data, bytes.size);
        break;
    case WARDIAN_LIST: push_list(L, item); break;
    case WARDIAN_MAP: push_map(L, item); break;
    case WARDIAN_TIME: wardian_push_time(L, item); break;
    default: wardian_push_null(L);
    }
}

void wardian_push(lua_State *L, wardian_item item) {
    if (wardian_is_null(item)) lua_pushnil(L);
    else push(L, item);
}
