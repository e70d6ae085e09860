/** Errors that the host understands: `throw invalid("…")`. Whatever else is thrown arrives as `internal`. */
import { has } from "#engine";
import { log } from "./log.js";

const KINDS = [
  "invalid", "config", "transient", "denied", "exhausted", "not_found", "conflict", "unimplemented", "internal",
];

export class WardianError extends Error {
  constructor(kind, message, { code, retry_after_ms, details, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    if (!KINDS.includes(kind)) throw new TypeError(`\`${kind}\` is no kind of error: ${KINDS.join(", ")}`);
    Object.assign(this, { kind, code, retry_after_ms, details });
  }

  get name() {
    return "WardianError";
  }
}

const of = (kind) => (message, more) => new WardianError(kind, message, more);

export const invalid = of("invalid");
export const configError = of("config");
export const transient = of("transient");
export const denied = of("denied");
export const exhausted = of("exhausted");
export const notFound = of("not_found");
export const conflict = of("conflict");
export const unimplemented = of("unimplemented");
export const internal = of("internal");

/** The exception that an error item of the host says. */
export const errorOf = ({ kind, message, ...more }) => new WardianError(kind, message, more);

/** The error item that says an exception; where nobody foresaw it, its stack is logged. */
export function describe(exception) {
  if (exception instanceof WardianError) {
    const { kind, message, code, retry_after_ms, details } = exception;
    return { kind, message, code, retry_after_ms, details };
  }
  if (!(exception instanceof Error)) return { kind: "internal", message: `thrown: ${shown(exception)}` };
  if (!has("log")) return { kind: "invalid", message: `${exception}\n${exception.stack ?? ""}` }; // to whoever builds it
  const kind = exception.name === "InternalError" && exception.message === "out of memory" ? "exhausted" : "internal";
  if (exception.stack && kind === "internal") log.debug(`${exception}\n${exception.stack.trimEnd()}`);
  return { kind, message: `${exception.name}: ${exception.message}` };
}

function shown(value) {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
}
