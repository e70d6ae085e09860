/** A source that counts: one record at each interval, and after a restart it goes on behind the last one that is safe. */
import { Batch, Record, Source, Value, duration, fail } from "wardian";

@plugin
class Counter extends Source {
  private count: i64 = 0;

  /** Called once, before all else, with what the operator configured. */
  open(config: Value): void {
    this.intervalMs = duration.millisOr(config, "interval", 1000);
    if (this.intervalMs < 1) fail.config("`interval` must be a duration of at least 1ms, such as `1s` or `1m30s`");
  }

  /** Called after that with the last offset that was acknowledged, if there is one. */
  resume(offset: Value): void {
    this.count = offset.asInt();
  }

  poll(now: i64, demand: i32): Batch {
    const batch = new Batch();
    if (demand > 0) {
      batch.add(new Record(Value.map().set("count", ++this.count)));
      batch.waitMs = this.intervalMs;
    }
    batch.offset = Value.of(this.count);
    return batch;
  }
}
