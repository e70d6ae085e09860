/** The time. With this capability `Date.now()` and `new Date()` know it too; without it they throw. */
import { call } from "#engine";

export const clock = {
  /** Nanoseconds since 1970, and of a clock that never goes back. */
  now() {
    const [unix, monotonic] = call("clock_now");
    return { unix_ns: BigInt(unix), monotonic_ns: BigInt(monotonic) };
  },
};
