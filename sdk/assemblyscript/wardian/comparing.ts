/** When two values are the same. */

import { Entries } from "./entries";
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
