/** A source that counts: one record at each interval. */
import { configError, milliseconds, source } from "wardian";

let interval_ms = 1000; // what is set lives as long as the plugin's instance
let count = 0;

export default source({
  /** Called once, before all else. `resume` is the last offset that is safe, after a restart. */
  open({ config, resume }) {
    interval_ms = milliseconds(config.interval ?? "1s") ?? 0;
    if (interval_ms === 0) throw configError("`interval` must be a duration such as `1s`");
    count = resume ?? 0;
    return { interval_ms };
  },

  /** At most `demand` records; what is in `offset` comes back as `resume`. */
  poll({ demand }) {
    if (demand === 0) return { records: [], offset: count };
    count += 1;
    return { records: [{ data: { count } }], wait_ms: interval_ms, offset: count };
  },
});
