/** The time. Needs `clock`. */

import { answered, asked, asks } from "./abi";
import { written } from "./encode";
import { Value } from "./value";

@external("wardian", "clock_now")
declare function ask(at: usize, size: usize): i64;

/** Two clocks, read at once. */
@final
export class Now {
  constructor(
    /** Nanoseconds since 1970. */
    public unix: i64,
    /** Nanoseconds since some time; it never goes back. */
    public monotonic: i64,
  ) {}
}

export function now(): Now {
  if (!asks(Value.null)) return new Now(0, 0);
  const answer = answered(ask(written, asked));
  return new Now(answer.at(0).asInt(), answer.at(1).asInt());
}
