/* Where an error begins to unwind and where that ends; see config.h. The bodies are stand-ins: those of the linked module
 * are written by wardian/toolchain/unwinding.py. This file stands alone, so that no compiler draws conclusions from them. */
struct lua_State;

#define PUBLIC(name) __attribute__((used, noinline, export_name(name)))

PUBLIC("wardian_unwind") void wardian_unwind(void) { __builtin_trap(); }

PUBLIC("wardian_attempt")
int wardian_attempt(void (*run)(struct lua_State *, void *), struct lua_State *state, void *argument) {
    run(state, argument);
    return 0;
}
