/** Extensions. Needs `extensions`. */

import { answered, asked, asks } from "./abi";
import { written } from "./encode";
import { Value } from "./value";

@external("wardian", "extension_call")
declare function ask(at: usize, size: usize): i64;

/** Calls a method of an extension, and gives what it returned. */
export function call(extension: string, method: string, argument: Value): Value {
  const request = Value.list().push(extension).push(method).push(argument);
  return asks(request) ? answered(ask(written, asked)) : Value.null;
}
