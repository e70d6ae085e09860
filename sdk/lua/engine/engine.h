/* The engine that runs plugins in Lua: Lua 5.4 with the Wardian ABI around it. What its parts share.
 *
 * Items are read, checked and written by the SDK for C, which stands beside this one.
 */
#ifndef WARDIAN_LUA_ENGINE_H
#define WARDIAN_LUA_ENGINE_H

#include "config.h"

#include "lauxlib.h"
#include "lua.h"
#include "lualib.h"
#include "wardian.h"

/* ---- memory.c: the arena of the SDK for C, in pieces of the C library's heap ---- */

void wardian_clear_arena(void); /* frees all but the first piece; before each call */
void *wardian_allocate(void *context, void *block, size_t old, size_t size); /* for lua_newstate */
extern bool wardian_building; /* what is freed is set to zero then, so that a snapshot does not carry it */

/* ---- values.c: what items hold and Lua has no values for ---- */

void wardian_open_values(lua_State *L); /* pushes the table of what is made here: null, bytes, time, … */

void wardian_push_null(lua_State *L);
void wardian_push_bytes(lua_State *L, const uint8_t *data, size_t size);
void wardian_push_unsigned(lua_State *L, uint64_t value);
void wardian_push_time(lua_State *L, wardian_item item);
void wardian_set_list(lua_State *L, int index);  /* says of the table there that it is a list, also when empty */
void wardian_push_order(lua_State *L, int size); /* a metatable that holds the keys of a map in their order */

enum wardian_lua_kind { PLAIN, NULL_VALUE, BYTES, UNSIGNED, TIME, LIST, ORDERED };
enum wardian_lua_kind wardian_kind_at(lua_State *L, int index);

struct wardian_lua_time {
    int64_t seconds;
    uint32_t nanoseconds;
    uint32_t size; /* of the item as it came */
    uint8_t item[];
};

/* ---- read.c, write.c: items and values ---- */

void wardian_push(lua_State *L, wardian_item item);                        /* null is nil */
void wardian_put(lua_State *L, wardian_writer *writer, int index);         /* raises for what no item can hold */

/* ---- errors.c ---- */

void wardian_open_errors(lua_State *L); /* first of all: whatever is raised is explained by them */
extern const char wardian_error_name[]; /* the name of the metatable of errors, which are tables */
int wardian_explain(lua_State *L);      /* for lua_pcall: makes an error of the ABI of whatever was raised, with its trace */
wardian_result wardian_fail_as(lua_State *L); /* the error at the top as a reply */
int wardian_raise(lua_State *L, const char *kind, const char *message);
int wardian_raise_host_error(lua_State *L);

/* ---- core.c: what the SDK's Lua is given ---- */

void wardian_open_core(lua_State *L); /* pushes it */

/* ---- entry.c ---- */

extern lua_State *wardian_lua;
bool wardian_start(wardian_item modules); /* runs the plugin's script; false: the error is at the top */
wardian_result wardian_enter(size_t index, uint8_t *data, size_t size);
wardian_result wardian_answer(int arguments); /* calls what stands below its arguments, and replies what it gives */

/* ---- what is made for each plugin by wardian/toolchain/lua.py, or for the inspection of one by inspect.c ---- */

struct wardian_import {
    const char *name; /* such as `state_get` or `app.lookup` */
    int64_t (*call)(const uint8_t *data, size_t size);
};
extern const struct wardian_import wardian_imports[]; /* the last one has no name */
extern const char *const wardian_entries[];           /* likewise */

#endif
