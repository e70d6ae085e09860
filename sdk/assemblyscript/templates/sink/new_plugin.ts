/** A sink that logs a line for each record. */
import { Record, Sink, Value, fail, log } from "wardian";

@plugin
class Lines extends Sink {
  private prefix: string = "record";

  /** Called once, before all else, with what the operator configured. */
  open(config: Value): void {
    this.prefix = config.textOr("prefix", this.prefix);
  }

  /** What fails here is this record alone. A sink that gathers what it writes has a `flush` as well. */
  write(record: Record): void {
    if (record.data.isNull) {
      fail.invalid("a record without data says nothing");
      return;
    }
    const said = record.message.length ? record.message : record.data.toString();
    log.info(`${this.prefix}: ${said}`);
  }

  /** Called before the host stops, and when what was written has to last. */
  flush(urgent: bool): void {}
}
