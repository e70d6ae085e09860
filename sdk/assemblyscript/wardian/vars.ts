/** Variables of the running job. Needs `vars`. */

import { answered, asked, asks } from "./abi";
import { written } from "./encode";
import { Value } from "./value";

@external("wardian", "vars_get")
declare function vars_get(at: usize, size: usize): i64;
@external("wardian", "vars_set")
declare function vars_set(at: usize, size: usize): i64;

/** The value of a variable, null where there is none. */
export function get(name: string): Value {
  return asks(Value.of(name)) ? answered(vars_get(written, asked)) : Value.null;
}

export function set<T>(name: string, value: T): void {
  if (asks(Value.list().push(name).push<T>(value))) answered(vars_set(written, asked));
}
