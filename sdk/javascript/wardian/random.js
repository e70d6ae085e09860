/** Random numbers that nobody can foresee. With this capability `Math.random()` gives them too; without it, it throws. */
import { call } from "#engine";

export const random = {
  bytes: (size) => call("random_bytes", size),
};
