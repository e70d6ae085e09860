/** What programs expect to find in the world, as far as it is there: nothing here is ambient. */
import { has } from "#engine";
import { clock } from "./clock.js";
import { denied } from "./errors.js";
import { log } from "./log.js";
import { random } from "./random.js";
import { decodeText, encodeText } from "./text.js";

const now = () => {
  if (!has("clock_now")) throw denied('nothing here knows the time without `import "wardian/clock"`');
  return Number(clock.now().unix_ns / 1_000_000n);
};

const Native = Date;
globalThis.Date = new Proxy(Native, {
  construct: (target, given, as) => Reflect.construct(target, given.length ? given : [now()], as),
  apply: () => new Native(now()).toString(),
});
Native.prototype.constructor = Date;
Native.now = now;

Math.random = () => {
  if (!has("random_bytes")) throw denied('nothing here is random without `import "wardian/random"`');
  const bytes = random.bytes(7);
  bytes[6] &= 31; // 53 bits in all
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0) / 2 ** 53;
};

const written = (values) => values.map((value) => (typeof value === "string" ? value : shown(value))).join(" ");
const shown = (value) => {
  if (value instanceof Error) return `${value}\n${value.stack}`;
  try {
    return JSON.stringify(value, (_, inner) => (typeof inner === "bigint" ? `${inner}n` : inner)) ?? String(value);
  } catch {
    return String(value);
  }
};
globalThis.console = Object.fromEntries(
  Object.entries({ trace: "trace", debug: "debug", log: "info", info: "info", warn: "warn", error: "error" })
    .map(([name, level]) => [name, (...values) => log[level](written(values))]),
);

globalThis.TextEncoder = class TextEncoder {
  encoding = "utf-8";
  encode = (text = "") => encodeText(text);
};

globalThis.TextDecoder = class TextDecoder {
  constructor(encoding = "utf-8", { fatal = false } = {}) {
    if (!/^utf-?8$/i.test(encoding)) throw new RangeError(`the only encoding is utf-8, not ${encoding}`);
    Object.assign(this, { encoding: "utf-8", fatal });
  }
  decode(bytes = new Uint8Array()) {
    const view = ArrayBuffer.isView(bytes) ? new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) : new Uint8Array(bytes);
    return decodeText(view, this.fatal).replace(/^\ufeff/, "");
  }
};
