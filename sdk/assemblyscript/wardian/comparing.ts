/** When two values are the same, and how a value is shown to people. */

import { Entries } from "./entries";
import { bytesOfKey, isBytesKey } from "./keys";
import { Kind, Value } from "./value";

/** The same kind and content; maps in any order. An integer is never equal to a float. NaN is equal to itself. */
export function same(left: Value, right: Value): bool {
  if (left.kind != right.kind) return false;
  switch (left.kind) {
    case Kind.Text:
      return left.asText() == right.asText();
    case Kind.Bytes:
      return sameBytes(left.asBytes(), right.asBytes());
    case Kind.List:
      return sameList(left.asList(), right.asList());
    case Kind.Map:
      return sameMap(changetype<Entries>(left.held), changetype<Entries>(right.held));
    case Kind.Time: {
      const a = left.asTime()!;
      const b = right.asTime()!;
      return a.seconds == b.seconds && a.nanoseconds == b.nanoseconds;
    }
    default:
      return left.bits == right.bits;
  }
}

function sameBytes(left: Uint8Array, right: Uint8Array): bool {
  return left.length == right.length && memory.compare(left.dataStart, right.dataStart, left.length) == 0;
}

function sameList(left: Value[], right: Value[]): bool {
  if (left.length != right.length) return false;
  for (let i = 0; i < left.length; i++) if (!same(left[i], right[i])) return false;
  return true;
}

function sameMap(left: Entries, right: Entries): bool {
  if (left.keys.length != right.keys.length) return false;
  for (let i = 0; i < left.keys.length; i++) {
    const at = right.find(left.keys[i]);
    if (at < 0 || !same(left.values[i], right.values[at])) return false;
  }
  return true;
}

/** As JSON, with bytes as `h'0102'` and points in time as texts. */
export function json(value: Value): string {
  switch (value.kind) {
    case Kind.Null:
      return "null";
    case Kind.Bool:
      return value.asBool() ? "true" : "false";
    case Kind.Int:
      return value.asInt().toString();
    case Kind.Uint:
      return value.asUint().toString();
    case Kind.Float:
      return value.asFloat().toString();
    case Kind.Text:
      return quoted(value.asText());
    case Kind.Bytes:
      return hex(value.asBytes());
    case Kind.List:
      return "[" + value.asList().map<string>((each) => json(each)).join(", ") + "]";
    case Kind.Map:
      return jsonOfMap(changetype<Entries>(value.held));
    default:
      return quoted(value.asTime()!.toString());
  }
}

function jsonOfMap(entries: Entries): string {
  const pairs = new Array<string>(entries.keys.length);
  for (let i = 0; i < pairs.length; i++) {
    const key = entries.keys[i];
    pairs[i] = (isBytesKey(key) ? hex(bytesOfKey(key)) : quoted(key)) + ": " + json(entries.values[i]);
  }
  return "{" + pairs.join(", ") + "}";
}

function quoted(text: string): string {
  let shown = '"';
  for (let i = 0; i < text.length; i++) {
    const letter = text.charCodeAt(i);
    if (letter == 34 || letter == 92) shown += "\\" + text.charAt(i); // a quote, a backslash
    else if (letter == 10) shown += "\\n";
    else if (letter < 32) shown += "\\u" + letter.toString(16).padStart(4, "0");
    else shown += text.charAt(i);
  }
  return shown + '"';
}

function hex(bytes: Uint8Array): string {
  let shown = "h'";
  for (let i = 0; i < bytes.length; i++) shown += (<u32>bytes[i]).toString(16).padStart(2, "0");
  return shown + "'";
}
