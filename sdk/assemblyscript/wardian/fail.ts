/**
 * How a call fails. This language has no exceptions that can be caught, so a failure waits: the functions of `fail` note
 * it and give null to return with, and a host call that failed notes its error in the same way. When the entry point
 * returns, the call answers with the first failure that is waiting, instead of with what was returned. Until then host
 * calls do nothing and give null, so that nothing more happens after a failure. `caught` takes it, to go on without it.
 */

import { Value } from "./value";

/** Why a call failed. */
@final
export class Failure {
  /** The plugin's own name for what happened. */
  code: string = "";
  /** How long to wait before it is tried again; negative where that is for the host to say. */
  retryAfterMs: i64 = -1;
  /** Anything else there is to say. */
  details: Value = Value.null;

  /** A kind of ABI.md's section 4, and a message for people. */
  constructor(
    public kind: string,
    public message: string,
  ) {}

  toValue(): Value {
    const error = Value.map().set("kind", this.kind).set("message", this.message);
    if (this.code.length) error.set("code", this.code);
    if (this.retryAfterMs >= 0) error.set("retry_after_ms", this.retryAfterMs);
    if (!this.details.isNull) error.set("details", this.details);
    return error;
  }

  /** A failure from the map that says it. */
  static of(error: Value): Failure {
    const failure = new Failure(error.get("kind").asText("internal"), error.get("message").asText());
    failure.code = error.get("code").asText();
    failure.retryAfterMs = error.get("retry_after_ms").asInt(-1);
    failure.details = error.get("details");
    return failure;
  }
}

let waiting: Failure | null = null;
let duringOpen: bool = false;

/** Whether a failure is waiting. */
export function failed(): bool {
  return waiting != null;
}

/** Takes the failure that is waiting, if there is one: what happened is dealt with, and the call goes on. */
export function caught(): Failure | null {
  const failure = waiting;
  waiting = null;
  return failure;
}

/** For the SDK: whether what is expected in vain is the operator's fault, as it is of a configuration. */
export function blamesConfig(yes: bool): void {
  duringOpen = yes;
}

/** One function for each kind of failure, to `return` with. The first failure of a call is the one that counts. */
export namespace fail {
  /** This record or argument is wrong. */
  export function invalid(message: string): Value {
    return fail.as(new Failure("invalid", message));
  }

  /** The configuration is wrong; the operator has to change it. */
  export function config(message: string): Value {
    return fail.as(new Failure("config", message));
  }

  /** Something outside is wrong that will pass: it is tried again, not before so many milliseconds. */
  export function transient(message: string, retryAfterMs: i64 = -1): Value {
    const failure = new Failure("transient", message);
    failure.retryAfterMs = retryAfterMs;
    return fail.as(failure);
  }

  /** It is not allowed. */
  export function denied(message: string): Value {
    return fail.as(new Failure("denied", message));
  }

  /** A quota is spent. */
  export function exhausted(message: string): Value {
    return fail.as(new Failure("exhausted", message));
  }

  export function notFound(message: string): Value {
    return fail.as(new Failure("not_found", message));
  }

  /** It is there already, or has changed meanwhile. */
  export function conflict(message: string): Value {
    return fail.as(new Failure("conflict", message));
  }

  /** This plugin does not do that. */
  export function unimplemented(message: string): Value {
    return fail.as(new Failure("unimplemented", message));
  }

  /** The plugin itself is wrong. */
  export function internal(message: string): Value {
    return fail.as(new Failure("internal", message));
  }

  /** A failure with all that it says. */
  export function as(failure: Failure): Value {
    if (!waiting) waiting = failure;
    return Value.null;
  }

  /** Something is not what it must be: `config` while a plugin opens, and `invalid` afterwards. */
  export function expected(name: string, what: string): Value {
    return fail.as(new Failure(duringOpen ? "config" : "invalid", `${name} must be ${what}`));
  }
}
