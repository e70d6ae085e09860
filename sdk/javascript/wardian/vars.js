/** The variables of the running job. */
import { call } from "#engine";

export const vars = {
  get: (name) => call("vars_get", name),
  set(name, value) {
    call("vars_set", [name, value]);
  },
};
