import { call } from "#engine";

export const actions = {
  /** What another plugin's action answers. */
  call: (action, params = null) => call("action_call", [action, params]),
};
