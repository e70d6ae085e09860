/** Random bytes that nobody can foretell. Needs `random`. */

import { answered, asked, asks } from "./abi";
import { written } from "./encode";
import { Value } from "./value";

@external("wardian", "random_bytes")
declare function ask(at: usize, size: usize): i64;

/** So many bytes, at most 65536. */
export function bytes(size: i32): Uint8Array {
  return (asks(Value.of(size)) ? answered(ask(written, asked)) : Value.null).asBytes();
}
