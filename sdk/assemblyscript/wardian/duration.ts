/** Durations as operators write them: `250ms`, `1m30s`, `1.5s`. */

import { fail } from "./fail";
import { Value } from "./value";

const LONGEST: i64 = 3_153_600_000_000_000_000; // 100 years in nanoseconds: so that a time and a duration fit 64 bits

/** The nanoseconds of a duration, which is a text, or an integer of nanoseconds; -1 where it is none. */
export function nanoseconds(value: Value): i64 {
  if (value.isInt) {
    const whole = value.asInt(-1);
    return whole <= LONGEST ? whole : -1;
  }
  const text = value.asText();
  let sum: i64 = text.length ? 0 : -1;
  let at = 0;
  while (at < text.length) {
    const from = at;
    while (at < text.length && isDigit(text.charCodeAt(at))) at++;
    if (at == from || at - from > 18) return -1;
    const whole = I64.parseInt(text.substring(from, at));
    let decimals: i64 = 0;
    let scale: i64 = 1;
    if (at < text.length && text.charCodeAt(at) == 46) {
      const point = ++at; // "."
      for (; at < text.length && isDigit(text.charCodeAt(at)); at++, scale *= 10) {
        if (at - point == 9) return -1; // nobody means less than a nanosecond
        decimals = decimals * 10 + text.charCodeAt(at) - 48;
      }
      if (at == point) return -1;
    }
    const letters = at;
    while (at < text.length && text.charCodeAt(at) >= 97 && text.charCodeAt(at) <= 122) at++; // "a" to "z"
    const unit = unitOf(text.substring(letters, at));
    if (unit == 0 || whole > (LONGEST - sum) / unit) return -1;
    // In two steps, for nine decimals times an hour are beyond 64 bits.
    sum += whole * unit + (unit / scale) * decimals + ((unit % scale) * decimals) / scale;
  }
  return sum <= LONGEST ? sum : -1;
}

/** The milliseconds of the duration under a key, or `otherwise` where it is absent or null; else the call fails. */
export function millisOr(map: Value, key: string, otherwise: i64): i64 {
  const found = map.get(key);
  if (found.isNull) return otherwise;
  const whole = nanoseconds(found);
  if (whole < 0) fail.expected(`\`${key}\``, "a duration such as `1s` or `1m30s`");
  return whole / 1_000_000;
}

function isDigit(letter: i32): bool {
  return letter >= 48 && letter <= 57;
}

function unitOf(name: string): i64 {
  if (name == "ns") return 1;
  if (name == "us") return 1_000;
  if (name == "ms") return 1_000_000;
  if (name == "s") return 1_000_000_000;
  if (name == "m") return 60_000_000_000;
  return name == "h" ? 3_600_000_000_000 : 0;
}
