/* Included before each file of Lua: how it throws, and what it must not ask of the machine.
 *
 * Lua throws with longjmp, which WebAssembly without exceptions does not have. Here an error returns from one function
 * after the other: `wardian_unwind` says that one is under way, after each call the callee's caller looks, and
 * `wardian_attempt` is where it ends. The looking is put into the linked module by wardian/toolchain/unwinding.py.
 */
#ifndef WARDIAN_LUA_CONFIG_H
#define WARDIAN_LUA_CONFIG_H

#include <time.h>

#include "luaconf.h"

/* A recursion without end is an error before it needs more memory than most plugins are given: with Lua's own million of
 * values it would take 60 MiB. */
#undef LUAI_MAXSTACK
#define LUAI_MAXSTACK 200000

#define _SETJMP_H /* this library's header refuses to be included where there are no exceptions */

struct lua_State;
_Noreturn void wardian_unwind(void);
/* Calls `run(state, argument)`; true when it was unwound. */
int wardian_attempt(void (*run)(struct lua_State *, void *), struct lua_State *state, void *argument);

#define luai_jmpbuf int
#define LUAI_THROW(L, c) wardian_unwind()
#define LUAI_TRY(L, c, a) \
    if (wardian_attempt(f, L, ud) && (c)->status == 0) (c)->status = -1

/* Equal builds have to give equal modules; whoever floods a table with colliding keys costs the plugin its own time. */
#define luai_makeseed(L) 0x5eedu
#define l_randomizePivot() 0u
#define time(where) 0 /* the one use that is left: the first seed of math.random */

#define l_signalT int
#define lua_getlocaledecpoint() '.'

#ifdef lbaselib_c /* `loadfile` and `dofile`, which are taken away: no library for files is linked for them */
#define luaL_loadfilex(L, name, mode) luaL_error(L, "there are no files")
#endif

/* `print` is ours; what else is written goes nowhere. */
#define lua_writestring(s, l) ((void)(s), (void)(l))
#define lua_writeline() ((void)0)
#define lua_writestringerror(s, p) ((void)(s), (void)(p))

#endif
