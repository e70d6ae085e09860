/** What becomes of an error that is thrown, of an assertion, of an index out of range: a line in the log, and the end. */

import { bytesOf, toBytes } from "./utf8";

@external("wardian", "log")
declare function log(at: usize, size: usize): i64;

// Memory of its own, as there may be no other left: the head of a list, the level error, and a text of two bytes' length.
const ROOM = 2048;
/** Where a message ends at the latest, and where the name of a file does: the place is told of a long message too. */
const MESSAGE: usize = 1536;
const FILE: usize = 1984;
const line = memory.data(ROOM, 8);
const TEXT: usize = 5;

/** Compiled in the place of the language's own `abort`, which would be an import that no host has. */
export function abort(message: string | null, file: string | null, row: u32, column: u32): void {
  let at = add(line + TEXT, message ? message : "it was aborted", MESSAGE);
  if (file) {
    at = add(at, " (", FILE);
    at = add(at, file, FILE);
    at = number(add(at, ":", ROOM), row);
    at = number(add(at, ":", ROOM), column);
    at = add(at, ")", ROOM);
  }
  const size = <u32>(at - line - TEXT);
  store<u32>(line, 0x7904_82); // 82 a list of two, 04 the level error, 79 a text with two bytes of length
  store<u16>(line, bswap<u16>(<u16>size), 3);
  log(line, at - line);
  unreachable();
}

/** Adds a text where it fits; of one that does not, as much as does when it is all of one byte a character. */
function add(at: usize, text: string, until: usize): usize {
  const left = <i32>(line + until - at);
  const size = bytesOf(text);
  if (size >= 0 && size <= left) return toBytes(text, at);
  for (let i = 0; i < text.length && i < left; i++) {
    const unit = <u32>load<u16>(changetype<usize>(text) + (<usize>i << 1));
    store<u8>(at++, unit < 0x80 ? unit : 63); // "?"
  }
  return at;
}

function number(at: usize, value: u32): usize {
  let size: usize = 1;
  for (let rest = value; rest >= 10; rest /= 10) size++;
  for (let to = at + size - 1; to >= at; to--, value /= 10) store<u8>(to, 48 + (value % 10));
  return at + size;
}
