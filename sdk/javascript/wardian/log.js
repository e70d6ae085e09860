/** Lines for the operator's log; false says that one was dropped. */
import { call, has } from "#engine";

const at = (level) => (message, fields) => {
  try {
    log.write(level, String(message), fields);
    return true;
  } catch (error) {
    if (error.kind !== "exhausted") throw error; // the host has heard enough, and the plugin goes on
    return false;
  }
};

export const log = {
  trace: at(0),
  debug: at(1),
  info: at(2),
  warn: at(3),
  error: at(4),
  /** Throws `exhausted` where the line was dropped, which the others do not. */
  write(level, message, fields) {
    if (!has("log")) return; // while the plugin is inspected
    call("log", fields === undefined ? [level, message] : [level, message, fields]);
  },
};
