/** Other actions. Needs `actions`. */

import { answered, asked, asks } from "./abi";
import { written } from "./encode";
import { Value } from "./value";

@external("wardian", "action_call")
declare function ask(at: usize, size: usize): i64;

/** Calls an action, and gives its result. */
export function call(action: string, params: Value): Value {
  return asks(Value.list().push(action).push(params)) ? answered(ask(written, asked)) : Value.null;
}
