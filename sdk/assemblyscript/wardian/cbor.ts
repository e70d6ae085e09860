/** Items as bytes, for what is kept or sent as such. Requests and replies need none of this. */

import { decode as read, fault } from "./decode";
import { encode as write, mistake, written } from "./encode";
import { fail } from "./fail";
import { Value } from "./value";

/** The item that these bytes are. Where they are none, the call fails with `invalid`, and it is null. */
export function decode(bytes: Uint8Array): Value {
  const value = read(bytes.dataStart, bytes.length);
  return fault.length ? fail.invalid(`no item: ${fault}`) : value;
}

/** The bytes of a value. Where it cannot be written, such as by half of a surrogate pair, the call fails. */
export function encode(value: Value): Uint8Array {
  const size = write(value);
  if (mistake.length) fail.internal(`the value cannot be written: ${mistake}`);
  const bytes = new Uint8Array(<i32>size);
  memory.copy(bytes.dataStart, written, size);
  return bytes;
}
