/** Functions of the application. The transform makes a call of `asking` and `answer` of each `@app declare function`. */

import { answered, asked, asks } from "./abi";
import { written } from "./encode";
import { failed as waits } from "./fail";
import { Value } from "./value";

/** Whether the function can be asked with `at()` and `size()`. */
export function asking(argument: Value): bool {
  return asks(argument);
}

export function at(): usize {
  return written;
}

export function size(): usize {
  return asked;
}

export function answer(status: i64): Value {
  return answered(status);
}

/** Whether the argument of an entry point was refused. */
export function failed(): bool {
  return waits();
}
