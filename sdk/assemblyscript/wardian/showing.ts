/** How a value is shown to people: as JSON, with bytes as `h'0102'` and points in time as texts. */

import { Entries } from "./entries";
import { bytesOfKey, isBytesKey } from "./keys";
import { Kind, Value } from "./value";

// What is shown so far, and how many characters more may be: a value may be far larger than a person will read.
let parts: string[] = [];
let left: i32 = 0;

/** At most so many characters, and `…` behind what was cut. */
export function show(value: Value, most: i32): string {
  parts = [];
  left = most;
  item(value);
  const shown = parts.join("");
  parts = [];
  return left < 0 ? shown.substr(0, most) + "…" : shown;
}

function add(text: string): void {
  parts.push(text);
  left -= text.length;
}

function item(value: Value): void {
  switch (value.kind) {
    case Kind.Null:
      return add("null");
    case Kind.Bool:
      return add(value.asBool() ? "true" : "false");
    case Kind.Int:
      return add(value.asInt().toString());
    case Kind.Uint:
      return add(value.asUint().toString());
    case Kind.Float:
      return add(value.asFloat().toString());
    case Kind.Text:
      return quoted(value.asText());
    case Kind.Bytes:
      return hex(value.asBytes());
    case Kind.List:
      return list(value.asList());
    case Kind.Map:
      return map(changetype<Entries>(value.held));
    default:
      return quoted(value.asTime()!.toString());
  }
}

function list(items: Value[]): void {
  add("[");
  for (let i = 0; i < items.length && left >= 0; i++) {
    if (i > 0) add(", ");
    item(items[i]);
  }
  add("]");
}

function map(entries: Entries): void {
  add("{");
  for (let i = 0; i < entries.keys.length && left >= 0; i++) {
    if (i > 0) add(", ");
    const key = entries.keys[i];
    if (isBytesKey(key)) hex(bytesOfKey(key));
    else quoted(key);
    add(": ");
    item(entries.values[i]);
  }
  add("}");
}

function quoted(text: string): void {
  add('"');
  let from = 0; // of what needs no escape
  let at = 0;
  for (; at < text.length && at - from <= left; at++) {
    const letter = text.charCodeAt(at);
    if (letter >= 32 && letter != 34 && letter != 92) continue;
    add(text.substring(from, at));
    from = at + 1;
    if (letter >= 32) add("\\" + text.charAt(at)); // a quote, a backslash
    else add(letter == 10 ? "\\n" : "\\u" + letter.toString(16).padStart(4, "0"));
  }
  add(text.substring(from, at));
  add('"');
}

function hex(bytes: Uint8Array): void {
  add("h'");
  for (let i = 0; i < bytes.length && left >= 0; i++) add((<u32>bytes[i]).toString(16).padStart(2, "0"));
  add("'");
}
