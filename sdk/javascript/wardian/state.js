/** What lasts from call to call and beyond restarts. What a call changes is kept when it succeeds, and undone when it fails. */
import { call } from "#engine";

export const state = {
  get: (key) => call("state_get", key),
  put(key, value, { ttl_ms } = {}) {
    call("state_put", ttl_ms === undefined ? [key, value] : [key, value, ttl_ms]);
  },
  /** Whether it was there. */
  delete: (key) => call("state_delete", key),
  /** The sum; a key that is not there counts as 0. */
  add: (key, delta) => call("state_add", [key, delta]),
  /** Whether the value was `expected` and is replaced; null stands for not there. */
  swap: (key, expected, value) => call("state_swap", [key, expected, value]),
  keys: (prefix, { after = null, limit = 1000 } = {}) => call("state_keys", [prefix, after, limit]),
};
