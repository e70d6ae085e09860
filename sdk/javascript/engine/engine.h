/* The engine that runs plugins in JavaScript: QuickJS with the Wardian ABI around it. What its parts share. */
#ifndef WARDIAN_ENGINE_H
#define WARDIAN_ENGINE_H

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WARDIAN_DEPTH = 64 }; /* lists and maps within each other */

/* Calls within each other and bytes of the engine's own stack, of 256 KiB, for which the host's of 512 KiB has room. */
void wardian_begin(void); /* nothing of the engine is running: the next call is the first */
enum { WARDIAN_CALLS = 384, WARDIAN_CALL = 1024, WARDIAN_STACK = 88 << 10 };

/* ---- read.c, write.c, utf8.c: values and items ---- */

/* The value that bytes hold. Where they hold none, JS_EXCEPTION: `*fault` says why, or is NULL when JavaScript threw. */
JSValue wardian_read(const uint8_t *data, size_t size, const char **fault);

struct wardian_bytes {
    uint8_t *data;
    size_t size, capacity;
};

/* Writes a value behind what is there; false when JavaScript threw, which it does for what no item can hold. */
bool wardian_write(struct wardian_bytes *to, JSValueConst value);
bool wardian_append(struct wardian_bytes *to, const void *data, size_t size);

bool wardian_is_utf8(const uint8_t *data, size_t size);

/* ---- times.c: points in time between the years 1 and 9999 ---- */

struct wardian_time {
    int64_t seconds; /* since 1970 */
    uint32_t nanoseconds;
    int offset; /* of the place where it was written: minutes east of UTC */
};

bool wardian_time_from_text(const char *text, size_t size, struct wardian_time *time);
bool wardian_time_from_double(double since_1970, struct wardian_time *time);
bool wardian_time_is_good(const struct wardian_time *time);
enum { WARDIAN_TIME_SIZE = 40 };
size_t wardian_time_to_text(const struct wardian_time *time, char text[WARDIAN_TIME_SIZE]);

/* ---- modules.c: scripts ---- */

/* Evaluates the first of the modules of an item {name: text}, with all that it imports of the others, and gives
 * {entries: {name: function}, imports: [name]}; JS_EXCEPTION when JavaScript threw. */
JSValue wardian_evaluate(uint32_t address, uint32_t size);

/* The name of a module that was imported and is not there, or NULL. */
const char *wardian_missing_module(void);

/* The enumerable keys of an object that are texts, of a plain one in the order in which they were set: integers, too. */
int wardian_keys(JSPropertyEnum **keys, uint32_t *count, JSValueConst object);

/* ---- host.c: the module `#engine`, through which the SDK's JavaScript reaches what is here ---- */

struct wardian_import {
    const char *name; /* such as `state_get` or `app.lookup` */
    int64_t (*call)(uint32_t address, uint32_t size);
};

JSModuleDef *wardian_engine_module(void);

extern JSValue wardian_time_prototype, wardian_array_from, wardian_map_class, wardian_describe_error;

/* ---- entry.c: the ABI ---- */

extern JSContext *wardian_context;
void wardian_start(void); /* makes the context */
int64_t wardian_enter(uint32_t index, uint32_t address, uint32_t size);
int64_t wardian_serve(JSValue result); /* a reply of what a call gave, which may be a promise or JS_EXCEPTION */
JSValue wardian_settle(JSValue result);

/* ---- what is made for each plugin (by wardian/toolchain/javascript.py), or for the inspection of one (inspect.c) ---- */

extern const char *const wardian_entries[];
extern const size_t wardian_entry_count;
extern const struct wardian_import wardian_imports[];
extern const size_t wardian_import_count;
extern void (*const wardian_take)(uint32_t address);

#define WARDIAN_EXPORT(name) __attribute__((export_name(name), used))
#define WARDIAN_IMPORT(module, name, function)                                                                          \
    __attribute__((import_module(module), import_name(name))) int64_t function(uint32_t, uint32_t);
#define WARDIAN_ENTRY(index, name)                                                                                     \
    WARDIAN_EXPORT(name) int64_t wardian_entry_##index(uint32_t address, uint32_t size) {                               \
        return wardian_enter(index, address, size);                                                                    \
    }

#endif
