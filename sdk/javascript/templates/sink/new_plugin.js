/** A sink that logs a line for each record. */
import { exhausted, invalid, log, sink } from "wardian";

const MOST = 200; // characters of a record that are logged

let prefix = "record"; // what is set lives as long as the plugin's instance

export default sink({
  /** Called once, before all else, with what the operator configured. */
  open({ config }) {
    prefix = config.prefix ?? prefix;
  },

  /** One record; what it throws is an error of this record alone. */
  write({ data, message }) {
    if (data === null) throw invalid("a record without data says nothing");
    const line = message ?? (typeof data === "string" ? data : JSON.stringify(data));
    if (!log.info(`${prefix}: ${line.slice(0, MOST).toWellFormed()}`)) throw exhausted("the host takes no more lines");
  },

  /** A sink that gathers what it writes would write it all here; `urgent` says that the host is about to stop. */
  flush() {},
});
