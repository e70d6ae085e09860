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
    const taken = log.info(`${this.prefix}: ${lineOf(record)}`);
    if (!taken) fail.exhausted("the host takes no more lines of this call");
  }

  /** Called before the host stops, and when what was written has to last. */
  flush(urgent: bool): void {}
}

/** What the record says to people, or else its data; no more of it than a person will read. */
function lineOf(record: Record): string {
  if (record.message.length) return record.message.substr(0, 200);
  return record.data.isText ? record.data.asText().substr(0, 200) : record.data.show();
}
