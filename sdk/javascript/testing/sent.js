/** A value as it arrives on the other side: a copy, without what is undefined; what cannot be sent throws. */
import { Time } from "../wardian/time.js";

export function sent(value, depth = 0) {
  if (value === undefined || value === null) return null;
  if (typeof value === "function") throw new TypeError("a function cannot be sent");
  if (typeof value === "symbol") throw new TypeError("a symbol cannot be sent");
  if (typeof value !== "object") return value;
  if (value instanceof Promise) throw new TypeError("a promise (is an `await` missing?) cannot be sent");
  if (value instanceof Set) throw new TypeError("a Set (is it meant as a list, `[...set]`?) cannot be sent");
  if (value instanceof Time) return value;
  if (value instanceof Date) return Time.from(value);
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return new Uint8Array(value.slice());
  if (ArrayBuffer.isView(value)) throw new TypeError("a typed array other than Uint8Array cannot be sent");
  if (depth >= 64) throw new TypeError("what is nested deeper than 64 lists and maps, or holds itself, cannot be sent");
  if (Array.isArray(value)) return Array.from(value, (each) => sent(each, depth + 1));
  const pairs = value instanceof Map ? [...value] : Object.entries(value).filter(([, each]) => each !== undefined);
  const copied = pairs.map(([key, each]) => [key, sent(each, depth + 1)]);
  return copied.some(([key]) => typeof key !== "string") ? new Map(copied) : Object.fromEntries(copied);
}
