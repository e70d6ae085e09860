/* What items hold and Lua has no values for: null, bytes, integers of 64 bits without a sign, times, lists. */
#include <string.h>

#include "engine.h"

static const char bytes_name[] = "wardian.bytes", unsigned_name[] = "wardian.uint", time_name[] = "wardian.time";
static const char list_name[] = "wardian.list", null_name[] = "wardian.null", known_name[] = "wardian.known";
static const char order_mark;
enum { KNOWN = 64 }; /* bytes of at most so many are one value when they are equal: they can be keys of tables */

void wardian_push_null(lua_State *L) { lua_getfield(L, LUA_REGISTRYINDEX, null_name); }

static void fresh_bytes(lua_State *L, const uint8_t *data, size_t size) {
    memcpy(lua_newuserdatauv(L, size, 0), data, size);
    luaL_setmetatable(L, bytes_name);
}

void wardian_push_bytes(lua_State *L, const uint8_t *data, size_t size) {
    if (size > KNOWN) {
        fresh_bytes(L, data, size);
        return;
    }
    lua_getfield(L, LUA_REGISTRYINDEX, known_name);
    lua_pushlstring(L, (const char *)data, size);
    lua_pushvalue(L, -1);
    if (lua_rawget(L, -3) == LUA_TNIL) {
        lua_pop(L, 1);
        fresh_bytes(L, data, size);
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, -5);
    }
    lua_replace(L, -3);
    lua_pop(L, 1);
}

void wardian_push_unsigned(lua_State *L, uint64_t value) {
    *(uint64_t *)lua_newuserdatauv(L, sizeof value, 0) = value;
    luaL_setmetatable(L, unsigned_name);
}

void wardian_push_time(lua_State *L, wardian_item item) {
    size_t size = (size_t)(item.end - item.at);
    struct wardian_lua_time *time = lua_newuserdatauv(L, sizeof *time + size, 0);
    time->size = (uint32_t)size;
    memcpy(time->item, item.at, size);
    if (!wardian_as_time(item, &time->seconds, &time->nanoseconds)) wardian_raise(L, WARDIAN_INVALID, "a time that does not exist");
    luaL_setmetatable(L, time_name);
}

void wardian_set_list(lua_State *L, int index) {
    index = lua_absindex(L, index);
    luaL_getmetatable(L, list_name);
    lua_setmetatable(L, index);
}

void wardian_push_order(lua_State *L, int size) {
    lua_createtable(L, size, 1);
    lua_pushboolean(L, 1);
    lua_rawsetp(L, -2, &order_mark);
}

enum wardian_lua_kind wardian_kind_at(lua_State *L, int index) {
    if (!lua_getmetatable(L, index)) return PLAIN;
    enum wardian_lua_kind kind = PLAIN;
    if (lua_istable(L, index < 0 ? index - 1 : index)) {
        luaL_getmetatable(L, list_name);
        if (lua_rawequal(L, -1, -2)) kind = LIST;
        else if (lua_rawgetp(L, -2, &order_mark) != LUA_TNIL) kind = ORDERED;
        lua_pop(L, kind == LIST ? 2 : 3);
        return kind;
    }
    static const struct {
        const char *name;
        enum wardian_lua_kind kind;
    } names[] = {{null_name, NULL_VALUE}, {bytes_name, BYTES}, {unsigned_name, UNSIGNED}, {time_name, TIME}};
    lua_getfield(L, -1, "__name");
    const char *name = lua_tostring(L, -1);
    for (size_t at = 0; name && at < sizeof names / sizeof *names; at++)
        if (strcmp(name, names[at].name) == 0) kind = names[at].kind;
    lua_pop(L, 2);
    return kind;
}

/* ---- How they behave ---- */

static int bytes_make(lua_State *L) {
    size_t size;
    const char *data = luaL_checklstring(L, 1, &size);
    wardian_push_bytes(L, (const uint8_t *)data, size);
    return 1;
}

static int bytes_text(lua_State *L) {
    const char *data = luaL_checkudata(L, 1, bytes_name);
    lua_pushlstring(L, data, lua_rawlen(L, 1));
    return 1;
}

static int bytes_size(lua_State *L) {
    luaL_checkudata(L, 1, bytes_name);
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 1));
    return 1;
}

static int bytes_equal(lua_State *L) {
    const void *left = luaL_testudata(L, 1, bytes_name), *right = luaL_testudata(L, 2, bytes_name);
    size_t size = left && right ? (size_t)lua_rawlen(L, 1) : 0;
    lua_pushboolean(L, left && right && size == lua_rawlen(L, 2) && memcmp(left, right, size) == 0);
    return 1;
}

static int unsigned_text(lua_State *L) {
    uint64_t value = *(uint64_t *)luaL_checkudata(L, 1, unsigned_name);
    char digits[21], *at = digits + sizeof digits;
    do *--at = (char)('0' + value % 10);
    while (value /= 10);
    lua_pushlstring(L, at, (size_t)(digits + sizeof digits - at));
    return 1;
}

/* An integer of 64 bits as Lua has it is one without a sign with the same bits: `wardian.uint(-1)` is 2^64 - 1. */
static int unsigned_make(lua_State *L) {
    wardian_push_unsigned(L, (uint64_t)luaL_checkinteger(L, 1));
    return 1;
}

static int unsigned_equal(lua_State *L) {
    const uint64_t *left = luaL_testudata(L, 1, unsigned_name), *right = luaL_testudata(L, 2, unsigned_name);
    lua_pushboolean(L, left && right && *left == *right);
    return 1;
}

/* `time.seconds` since 1970 and `time.nanoseconds` behind them. */
static int time_field(lua_State *L) {
    const struct wardian_lua_time *time = luaL_checkudata(L, 1, time_name);
    const char *name = luaL_checkstring(L, 2);
    if (strcmp(name, "seconds") == 0) lua_pushinteger(L, time->seconds);
    else if (strcmp(name, "nanoseconds") == 0) lua_pushinteger(L, time->nanoseconds);
    else lua_pushnil(L);
    return 1;
}

static int time_equal(lua_State *L) {
    const struct wardian_lua_time *left = luaL_testudata(L, 1, time_name), *right = luaL_testudata(L, 2, time_name);
    lua_pushboolean(L, left && right && left->seconds == right->seconds && left->nanoseconds == right->nanoseconds);
    return 1;
}

/* As RFC 3339 has it, in UTC; the Gregorian calendar from days, in years that begin in March. */
static void time_write(char *text, int64_t seconds, uint32_t nanoseconds) {
    int64_t days = (seconds >= 0 ? seconds : seconds - 86399) / 86400, clock = seconds - days * 86400;
    int64_t from = days + 719468, era = from / 146097, day = from - era * 146097;
    int64_t year_of_era = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t day_of_year = day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153, month = shifted < 10 ? shifted + 3 : shifted - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2);
    const struct {
        int64_t value;
        int digits;
        char then;
    } parts[] = {{year, 4, '-'}, {month, 2, '-'}, {day_of_year - (153 * shifted + 2) / 5 + 1, 2, 'T'},
                 {clock / 3600, 2, ':'}, {clock / 60 % 60, 2, ':'}, {clock % 60, 2, '.'}, {nanoseconds, 9, 'Z'}};
    for (size_t at = 0; at < sizeof parts / sizeof *parts; at++) {
        int64_t value = parts[at].value;
        for (int digit = parts[at].digits; digit--; value /= 10) text[digit] = (char)('0' + value % 10);
        text += parts[at].digits;
        *text++ = parts[at].then;
        if (at == 5 && nanoseconds == 0) {
            text[-1] = 'Z';
            break;
        }
    }
    *text = 0;
}

static int time_text(lua_State *L) {
    const struct wardian_lua_time *time = luaL_checkudata(L, 1, time_name);
    char text[40];
    time_write(text, time->seconds, time->nanoseconds);
    lua_pushstring(L, text);
    return 1;
}

/* `wardian.time(seconds, nanoseconds)`, of the years 1 to 9999 */
static int time_make(lua_State *L) {
    int64_t seconds = luaL_checkinteger(L, 1);
    lua_Integer nanoseconds = luaL_optinteger(L, 2, 0);
    luaL_argcheck(L, seconds >= -INT64_C(62135596800) && seconds <= INT64_C(253402300799), 1, "not of the years 1 to 9999");
    luaL_argcheck(L, nanoseconds >= 0 && nanoseconds < 1000000000, 2, "not within a second");
    uint8_t item[40] = {0xc0, 0x78};
    time_write((char *)item + 3, seconds, (uint32_t)nanoseconds);
    item[2] = (uint8_t)strlen((char *)item + 3);
    wardian_push_time(L, (wardian_item){item, item + 3 + item[2]});
    return 1;
}

static int null_text(lua_State *L) {
    lua_pushliteral(L, "null");
    return 1;
}

/* `wardian.list{…}`: a list also when it is empty. Alone it makes an empty one. */
static int list_make(lua_State *L) {
    if (lua_isnoneornil(L, 1)) {
        lua_settop(L, 0);
        lua_newtable(L);
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    wardian_set_list(L, 1);
    lua_settop(L, 1);
    return 1;
}

/* `wardian.kind(value)`: as the ABI calls it; nil for what is no value of an item */
static int kind_of(lua_State *L) {
    static const char *const names[] = {NULL, "null", "bytes", "integer", "time", "list", "map"};
    luaL_checkany(L, 1);
    enum wardian_lua_kind kind = wardian_kind_at(L, 1);
    switch (lua_type(L, 1)) {
    case LUA_TNIL: lua_pushliteral(L, "null"); break;
    case LUA_TBOOLEAN: lua_pushliteral(L, "boolean"); break;
    case LUA_TNUMBER: lua_pushstring(L, lua_isinteger(L, 1) ? "integer" : "float"); break;
    case LUA_TSTRING: lua_pushliteral(L, "text"); break;
    case LUA_TTABLE: lua_pushstring(L, kind != PLAIN ? names[kind] : lua_rawlen(L, 1) ? "list" : "map"); break;
    default: lua_pushstring(L, names[kind]);
    }
    return 1;
}

static void open_kind(lua_State *L, const char *name, const luaL_Reg *methods) {
    luaL_newmetatable(L, name);
    luaL_setfuncs(L, methods, 0);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable"); /* guests leave it alone */
    lua_pop(L, 1);
}

void wardian_open_values(lua_State *L) {
    open_kind(L, bytes_name, (luaL_Reg[]){{"__tostring", bytes_text}, {"__len", bytes_size}, {"__eq", bytes_equal}, {NULL, NULL}});
    open_kind(L, unsigned_name, (luaL_Reg[]){{"__tostring", unsigned_text}, {"__eq", unsigned_equal}, {NULL, NULL}});
    open_kind(L, time_name, (luaL_Reg[]){{"__tostring", time_text}, {"__eq", time_equal}, {"__index", time_field}, {NULL, NULL}});
    luaL_newmetatable(L, null_name);
    luaL_setfuncs(L, (luaL_Reg[]){{"__tostring", null_text}, {NULL, NULL}}, 0);
    lua_newuserdatauv(L, 0, 0);
    lua_insert(L, -2);
    lua_setmetatable(L, -2);
    lua_setfield(L, LUA_REGISTRYINDEX, null_name); /* the value in place of its metatable, which it holds */
    luaL_newmetatable(L, list_name);
    lua_pop(L, 1);
    lua_newtable(L);
    lua_createtable(L, 0, 1);
    lua_pushliteral(L, "v");
    lua_setfield(L, -2, "__mode");
    lua_setmetatable(L, -2);
    lua_setfield(L, LUA_REGISTRYINDEX, known_name);

    luaL_newlib(L, ((luaL_Reg[]){{"bytes", bytes_make}, {"uint", unsigned_make}, {"time", time_make}, {"list", list_make},
                                 {"kind", kind_of}, {NULL, NULL}}));
    wardian_push_null(L);
    lua_setfield(L, -2, "null");
}
