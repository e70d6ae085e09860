/** Durable state. What a call changes lasts when it succeeds, and is undone when it fails. Needs `state`. */

import { answered, asked, asks } from "./abi";
import { written } from "./encode";
import { Value } from "./value";

@external("wardian", "state_get")
declare function state_get(at: usize, size: usize): i64;
@external("wardian", "state_put")
declare function state_put(at: usize, size: usize): i64;
@external("wardian", "state_delete")
declare function state_delete(at: usize, size: usize): i64;
@external("wardian", "state_add")
declare function state_add(at: usize, size: usize): i64;
@external("wardian", "state_swap")
declare function state_swap(at: usize, size: usize): i64;
@external("wardian", "state_keys")
declare function state_keys(at: usize, size: usize): i64;

/** The value of a key, null where there is none. */
export function get(key: string): Value {
  return asks(Value.of(key)) ? answered(state_get(written, asked)) : Value.null;
}

/** Sets a key; with `ttlMs` it is forgotten after so many milliseconds. */
export function put<T>(key: string, value: T, ttlMs: i64 = 0): void {
  set(key, Value.of<T>(value), ttlMs);
}

function set(key: string, value: Value, ttlMs: i64): void {
  const request = Value.list().push(key).push(value);
  if (ttlMs != 0) request.push(ttlMs);
  if (asks(request)) answered(state_put(written, asked));
}

/** Forgets a key, and gives whether it was there. */
export function remove(key: string): bool {
  return asks(Value.of(key)) && answered(state_delete(written, asked)).asBool();
}

/** Adds to an integer, which is 0 where there is none, and gives the sum. */
export function add(key: string, delta: i64): i64 {
  if (!asks(Value.list().push(key).push(delta))) return 0;
  return answered(state_add(written, asked)).asInt();
}

/**
 * Replaces a value that is `expected`, and gives whether it was; null stands for *not there* on both sides. It is false
 * while a failure waits too: a loop that tries again asks `failed()`.
 */
export function swap(key: string, expected: Value, value: Value): bool {
  if (!asks(Value.list().push(key).push(expected).push(value))) return false;
  return answered(state_swap(written, asked)).asBool();
}

/** At most `limit` keys that begin with a prefix and come after a key, in the order of their bytes: texts and bytes. */
export function keys(prefix: string = "", limit: i32 = 1000, after: Value = Value.null): Value[] {
  if (!asks(Value.list().push(prefix).push(after).push(limit))) return [];
  return answered(state_keys(written, asked)).asList();
}
