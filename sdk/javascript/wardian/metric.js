/** Numbers for the operator; false says that one was dropped. */
import { call } from "#engine";

const of = (kind) => (name, value, labels) => {
  try {
    metric.record(name, kind, value, labels);
    return true;
  } catch (error) {
    if (error.kind !== "exhausted") throw error; // the host has heard enough, and the plugin goes on
    return false;
  }
};

export const metric = {
  counter: of("counter"),
  gauge: of("gauge"),
  histogram: of("histogram"),
  /** Throws `exhausted` where the number was dropped, which the others do not. */
  record(name, kind, value, labels) {
    call("metric_record", [name, kind, value, labels ?? null]);
  },
};
