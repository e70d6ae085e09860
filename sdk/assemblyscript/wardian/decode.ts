/** `decode`: from bytes to a value, or to what is wrong with them; exactly what section 3 of ABI.md allows. */

import { Entries } from "./entries";
import { keyOfBytes } from "./keys";
import { Time, fits } from "./time";
import { toUnits, unitsOf } from "./utf8";
import { Kind, Value, holding, withBits } from "./value";

const DEPTH = 64;
const BREAK: u8 = 0xff;

/** What is wrong with the bytes that `decode` was given last; empty when nothing is. */
export let fault: string = "";

// Where reading is, and the head that was read last. One item is read at a time, so they need no object.
let at: usize = 0;
let end: usize = 0;
let major: u32 = 0;
let width: u32 = 0;
let argument: u64 = 0;
let indefinite: bool = false;

/** The item that these bytes are; null, and `fault` says why, when they are none. */
export function decode(from: usize, size: usize): Value {
  at = from;
  end = from + size;
  fault = "";
  const value = item(0);
  if (!fault.length && at != end) fault = "bytes follow the item";
  return fault.length ? Value.null : value;
}

function refuse(why: string): Value {
  if (!fault.length) fault = why;
  at = end;
  return Value.null;
}

/** Reads a head; false when there is none. */
function head(): bool {
  if (at == end) {
    refuse("it ends too early");
    return false;
  }
  const first = <u32>load<u8>(at++);
  major = first >> 5;
  width = first & 31;
  argument = width;
  indefinite = false;
  if (width < 24) return true;
  if (width == 31) {
    indefinite = true;
    if (major >= 2 && major <= 5) return true;
    refuse("a break or an indefinite length where none may be");
    return false;
  }
  if (width > 27) {
    refuse("a reserved head");
    return false;
  }
  const bytes = <usize>1 << (width - 24);
  if (end - at < bytes) {
    refuse("it ends too early");
    return false;
  }
  if (bytes == 1) argument = load<u8>(at);
  else if (bytes == 2) argument = bswap<u16>(load<u16>(at));
  else if (bytes == 4) argument = bswap<u32>(load<u32>(at));
  else argument = bswap<u64>(load<u64>(at));
  at += bytes;
  return true;
}

function item(depth: i32): Value {
  if (!head()) return Value.null;
  switch (major) {
    case 0:
      return withBits(argument >> 63 ? Kind.Uint : Kind.Int, argument);
    case 1:
      return argument >> 63 ? refuse("an integer below -2^63") : withBits(Kind.Int, ~argument);
    case 2:
      return Value.of(bytes());
    case 3:
      return Value.of(text());
    case 4:
      return list(depth + 1);
    case 5:
      return map(depth + 1);
    case 6:
      return tagged(argument);
    default:
      return simple();
  }
}

function simple(): Value {
  switch (width) {
    case 20:
      return Value.of(false);
    case 21:
      return Value.of(true);
    case 22:
      return Value.null;
    case 25:
      return Value.of(half(<u32>argument));
    case 26:
      return Value.of(reinterpret<f32>(<u32>argument));
    case 27:
      return withBits(Kind.Float, argument);
    default:
      return refuse("an unknown simple value");
  }
}

/** A float of 16 bits. */
function half(bits: u32): f64 {
  const exponent = (bits >> 10) & 31;
  const fraction = <f64>(bits & 0x3ff);
  let size: f64;
  if (exponent == 0) size = fraction / 16777216;
  else if (exponent == 31) size = fraction == 0 ? Infinity : NaN;
  else size = (fraction + 1024) * reinterpret<f64>((<u64>exponent + 998) << 52); // 2 to the exponent - 25
  return bits >> 15 ? -size : size;
}

/** Checks that as many bytes are there as the head says. */
function there(): bool {
  if (argument <= <u64>(end - at)) return true;
  refuse("it ends too early");
  return false;
}

/** Whether another chunk of a string comes; reads its head. */
function chunk(kind: u32): bool {
  if (at < end && load<u8>(at) == BREAK) {
    at++;
    return false;
  }
  if (!head()) return false;
  if (major == kind && !indefinite) return there();
  refuse("a wrong chunk of a string");
  return false;
}

function bytes(): Uint8Array {
  if (!indefinite) return there() ? piece() : new Uint8Array(0);
  let whole = new Uint8Array(0);
  while (chunk(2)) {
    const more = piece();
    const joined = new Uint8Array(whole.length + more.length);
    joined.set(whole);
    joined.set(more, whole.length);
    whole = joined;
  }
  return whole;
}

function piece(): Uint8Array {
  const size = <usize>argument;
  const found = new Uint8Array(<i32>size);
  memory.copy(found.dataStart, at, size);
  at += size;
  return found;
}

function text(): string {
  if (!indefinite) return there() ? words() : "";
  const chunks: string[] = [];
  while (chunk(3)) chunks.push(words());
  return chunks.join("");
}

function words(): string {
  const size = <usize>argument;
  const units = unitsOf(at, size);
  if (units < 0) {
    refuse("a text is not UTF-8");
    return "";
  }
  if (units == 0) return "";
  const found = changetype<string>(__new(<usize>units << 1, idof<string>()));
  toUnits(at, size, changetype<usize>(found));
  at += size;
  return found;
}

/** Whether a list or map of this length, or one that ends with a break, has more after `count`. */
function more(count: u64, length: u64, open: bool): bool {
  if (fault.length) return false;
  if (!open) return count < length;
  if (at == end || load<u8>(at) != BREAK) return true; // where it has ended, the next head says so
  at++;
  return false;
}

function list(depth: i32): Value {
  if (depth > DEPTH) return refuse("it nests too deep");
  const length = argument;
  const open = indefinite;
  const items: Value[] = [];
  for (let count: u64 = 0; more(count, length, open); count++) items.push(item(depth));
  return holding(Kind.List, changetype<Object>(items));
}

function map(depth: i32): Value {
  if (depth > DEPTH) return refuse("it nests too deep");
  const length = argument;
  const open = indefinite;
  const entries = new Entries();
  for (let count: u64 = 0; more(count, length, open); count++) {
    if (!head()) break;
    if (major != 2 && major != 3) return refuse("a key is neither text nor bytes");
    const key = major == 3 ? text() : keyOfBytes(bytes());
    if (entries.find(key) >= 0) return refuse("a key comes twice in one map");
    entries.add(key, item(depth));
  }
  return holding(Kind.Map, entries);
}

function tagged(tag: u64): Value {
  if (tag > 3) return refuse("an unknown tag");
  if (!head()) return Value.null;
  if (tag >= 2) return major == 2 ? bignum(tag == 3) : refuse("a bignum that is no byte string");
  if (tag == 0) {
    if (major != 3) return refuse("a time that is no text");
    const time = Time.parse(text());
    return time ? Value.of(time) : refuse("no point in time");
  }
  return moment();
}

/** What follows tag 1. A float is kept as it came, for it may say less than nanoseconds do. */
function moment(): Value {
  let seconds: i64;
  let nanoseconds: u32 = 0;
  let float: f64 = 0;
  if (major <= 1) {
    if (argument >> 63) return refuse("no point in time");
    seconds = <i64>(major == 0 ? argument : ~argument);
  } else if (major == 7 && width >= 25 && width <= 27) {
    float = simple().asFloat();
    if (!(float > -1e12 && float < 1e12)) return refuse("no point in time");
    seconds = <i64>Math.floor(float);
    nanoseconds = <u32>((float - <f64>seconds) * 1e9);
  } else {
    return refuse("a time that is no number");
  }
  if (!fits(seconds)) return refuse("no point in time");
  const value = Value.of(new Time(seconds, nanoseconds));
  value.bits = reinterpret<u64>(float);
  return value;
}

function bignum(negative: bool): Value {
  const digits = bytes();
  let value: u64 = 0;
  for (let i = 0; i < digits.length; i++) {
    if (value >> 56) return refuse("an integer beyond 64 bits");
    value = (value << 8) | <u64>unchecked(digits[i]);
  }
  if (!negative) return withBits(value >> 63 ? Kind.Uint : Kind.Int, value);
  return value >> 63 ? refuse("an integer below -2^63") : withBits(Kind.Int, ~value);
}
