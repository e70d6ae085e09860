/** Durations as a configuration writes them: `250ms`, `1m30s`. */
const UNITS = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Milliseconds of such a text; null where it is none. */
export function milliseconds(text) {
  if (typeof text !== "string" || !/^(\d+(\.\d+)?(ms|h|m|s))+$/.test(text)) return null;
  let sum = 0;
  for (const [, number, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|h|m|s)/g)) sum += Number(number) * UNITS[unit];
  return Math.round(sum);
}
