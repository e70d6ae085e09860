/** `encode`: from a value to bytes, in the shortest form. */

import { Entries } from "./entries";
import { bytesOfKey, isBytesKey } from "./keys";
import { Time } from "./time";
import { bytesOf, toBytes } from "./utf8";
import { Kind, Value } from "./value";

const DEPTH = 64;
const LEAST: usize = 512;
/** A buffer that is larger is given back when a small item is written next. */
const KEPT: usize = 65536;

/** Where the bytes are that were written last; they stay until something else is written. */
export let written: usize = 0;
/** What is wrong with the value that was written last; empty when nothing is. */
export let mistake: string = "";

let capacity: usize = 0;
let at: usize = 0;

/** Writes one item at `written` and gives its length. With a `mistake`, there is none. */
export function encode(value: Value): usize {
  mistake = "";
  if (capacity > KEPT) {
    heap.free(written);
    capacity = 0;
  }
  if (!capacity) {
    written = heap.alloc(LEAST);
    capacity = LEAST;
  }
  at = written;
  item(value, 0);
  return mistake.length ? 0 : at - written;
}

/** Makes room for so many bytes more; what is written may move. */
function room(size: usize): void {
  const used = at - written;
  if (capacity - used >= size) return;
  let larger = capacity << 1;
  if (larger < used + size) larger = used + size;
  written = heap.realloc(written, larger);
  capacity = larger;
  at = written + used;
}

function head(major: u32, argument: u64): void {
  room(9);
  const first = major << 5;
  if (argument < 24) {
    store<u8>(at++, first | <u32>argument);
  } else if (argument < 0x100) {
    store<u8>(at, first | 24);
    store<u8>(at, <u8>argument, 1);
    at += 2;
  } else if (argument < 0x10000) {
    store<u8>(at, first | 25);
    store<u16>(at, bswap<u16>(<u16>argument), 1);
    at += 3;
  } else if (argument < 0x1_0000_0000) {
    store<u8>(at, first | 26);
    store<u32>(at, bswap<u32>(<u32>argument), 1);
    at += 5;
  } else {
    store<u8>(at, first | 27);
    store<u64>(at, bswap<u64>(argument), 1);
    at += 9;
  }
}

function text(value: string): void {
  const size = bytesOf(value);
  if (size < 0) {
    mistake = "a text holds half of a surrogate pair";
    return;
  }
  head(3, size);
  room(size);
  at = toBytes(value, at);
}

function bytes(value: Uint8Array): void {
  head(2, value.length);
  room(value.length);
  memory.copy(at, value.dataStart, value.length);
  at += value.length;
}

function float(bits: u64): void {
  room(9);
  store<u8>(at, 0xfb);
  store<u64>(at, bswap<u64>(bits), 1);
  at += 9;
}

function item(value: Value, depth: i32): void {
  switch (value.kind) {
    case Kind.Null:
      head(7, 22);
      break;
    case Kind.Bool:
      head(7, 20 + value.bits);
      break;
    case Kind.Int:
      if (<i64>value.bits < 0) head(1, ~value.bits);
      else head(0, value.bits);
      break;
    case Kind.Uint:
      head(0, value.bits);
      break;
    case Kind.Float:
      float(value.bits);
      break;
    case Kind.Text:
      text(value.asText());
      break;
    case Kind.Bytes:
      bytes(value.asBytes());
      break;
    case Kind.List:
      list(value.asList(), depth + 1);
      break;
    case Kind.Map:
      map(changetype<Entries>(value.held), depth + 1);
      break;
    case Kind.Time:
      time(value);
      break;
  }
}

/** A time is written as it came: a float may say less than nanoseconds do, and a text its offset. */
function time(value: Value): void {
  if (value.bits) {
    head(6, 1);
    float(value.bits);
  } else {
    const time = changetype<Time>(value.held);
    head(6, 0);
    text(time.said.length ? time.said : time.toString());
  }
}

function list(items: Value[], depth: i32): void {
  if (depth > DEPTH) mistake = "it nests too deep";
  head(4, items.length);
  for (let i = 0; i < items.length && !mistake.length; i++) item(unchecked(items[i]), depth);
}

function map(entries: Entries, depth: i32): void {
  if (depth > DEPTH) mistake = "it nests too deep";
  const keys = entries.keys;
  head(5, keys.length);
  for (let i = 0; i < keys.length && !mistake.length; i++) {
    const key = unchecked(keys[i]);
    if (isBytesKey(key)) bytes(bytesOfKey(key));
    else text(key);
    if (!mistake.length) item(unchecked(entries.values[i]), depth);
  }
}
