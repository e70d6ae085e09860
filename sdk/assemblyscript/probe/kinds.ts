/** A plugin of each kind, which does the least that a test can tell from nothing. */
import {
  Action, Aggregator, Batch, Extension, Function, Level, Lookup, Processor, Record, Remark, Sink, Source, Value, fail,
  log,
} from "wardian";

/** The configuration, whatever it is. */
export let opened: Value = Value.null;

/** The numbers from 1 on. */
@plugin
class Numbers extends Source {
  private given: i64 = 0;
  private count: i64 = i64.MAX_VALUE;

  open(config: Value): void {
    if (config.has("refuse")) fail.config(config.text("refuse"));
    opened = config;
    this.intervalMs = config.get("interval_ms").asInt();
    this.count = config.intOr("count", this.count);
  }

  resume(offset: Value): void {
    this.given = offset.asInt();
  }

  check(config: Value): Remark[] {
    return [new Remark(Level.Info, "checked")];
  }

  close(): void {
    log.info("closed");
  }

  poll(now: i64, demand: i32): Batch {
    const batch = new Batch();
    for (let i = 0; i < demand && i < 3; i++) batch.add(Record.of(++this.given));
    batch.offset = Value.of(this.given);
    batch.waitMs = 5;
    batch.done = this.given >= this.count;
    return batch;
  }

  request(payload: Value, headers: Value): Record | null {
    return payload.isNull ? null : new Record(payload).set("meta", headers);
  }
}

@plugin
class Same extends Action {
  call(params: Value, vars: Value): Value {
    return Value.map().set("params", params).set("vars", vars);
  }

  cancel(reason: string, params: Value): void {
    log.info(`cancelled: ${reason}`);
  }
}

@plugin
class Told extends Processor {
  process(record: Record): Record[] {
    const data = record.data;
    if (data.has("drop")) return [];
    if (data.has("fail")) fail.invalid(data.text("fail"));
    return data.has("twice") ? [new Record(data.get("twice")), new Record(data.get("twice"))] : [record];
  }
}

@plugin
class Sum extends Function {
  call(args: Value[]): Value {
    if (args.length != 2 || !args[0].isInt || !args[1].isInt) return fail.invalid("expected two integers");
    return Value.of(args[0].asInt() + args[1].asInt());
  }

  validate(args: Value[]): void {
    if (args.length != 2) fail.invalid("expected 2 arguments");
  }
}

@plugin
class Sums extends Aggregator {
  private sum: i64 = 0;

  add(records: Record[]): void {
    for (let i = 0; i < records.length; i++) this.sum += records[i].data.asInt();
  }

  flush(): Record[] {
    const record = Record.of(this.sum);
    this.sum = 0;
    return [record];
  }

  reset(): void {
    this.sum = 0;
  }
}

@plugin
class All extends Sink {
  write(record: Record): void {
    if (record.data.has("fail")) fail.invalid(record.data.text("fail"));
  }

  flush(urgent: bool): void {
    log.info(urgent ? "flushed urgently" : "flushed");
  }
}

/** Knows everybody but `nobody`. */
@plugin
class Everybody extends Lookup {
  rows(fields: string[], keys: string[], values: Value[]): Value[] {
    const value = values[0].asText();
    if (value == "nobody") return [];
    const row = Value.map();
    for (let i = 0; i < fields.length; i++) row.set(fields[i], `${fields[i]} of ${value}`);
    return [row];
  }
}

@plugin
class Methods extends Extension {
  call(method: string, argument: Value): Value {
    return Value.map().set("method", method).set("argument", argument);
  }
}
