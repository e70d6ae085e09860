/** Records that are sent on before the call ends. */

import { answered, asked, asks } from "./abi";
import { written } from "./encode";
import { Record } from "./record";
import { Value } from "./value";

@external("wardian", "emit")
declare function ask(at: usize, size: usize): i64;

/** Sends records on while the call goes on. Gives how many, from the first on, were taken. Needs `emit`. */
export function emit(records: Record[]): i32 {
  const list = Value.list();
  for (let i = 0; i < records.length; i++) list.push(records[i].value);
  return asks(list) ? <i32>answered(ask(written, asked)).asInt() : 0;
}
