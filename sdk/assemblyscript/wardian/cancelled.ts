/** Whether the host wants the call to come to its end. */

import { answered, asked, asks } from "./abi";
import { written } from "./encode";
import { Value } from "./value";

@external("wardian", "cancelled")
declare function ask(at: usize, size: usize): i64;

/** Whether the call should come to its end, as the host wants it to or a failure waits; for loops that take long. */
export function cancelled(): bool {
  return !asks(Value.null) || answered(ask(written, asked)).asBool();
}
