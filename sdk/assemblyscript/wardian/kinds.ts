/** What plugins of each kind extend. Only what comes without a body has to be written; `fail` says what goes wrong. */

import { Level } from "./log";
import { Record } from "./record";
import { Value } from "./value";

/** What plugins of all kinds may do. */
export abstract class Plugin {
  /** All that the host said when it opened the plugin: `config`, `context`, `layers`, `resume`; null before that. */
  opening: Value = Value.null;

  /** Once, before all else. What `config` lacks fails the call as `config`. */
  open(config: Value): void {}

  /** Judges a configuration that is not used yet, on an instance that is not opened. */
  check(config: Value): Remark[] {
    return [];
  }

  /** Last of all. */
  close(): void {}
}

/** What a check has found. */
@final
export class Remark {
  constructor(
    public level: Level,
    public text: string,
  ) {}
}

/** What a source has to say when it is polled. */
@final
export class Batch {
  records: Record[] = [];
  /** What to resume from once these records are safe; null where nothing has changed. */
  offset: Value = Value.null;
  /** Not to be polled before so many milliseconds. */
  waitMs: i64 = 0;
  /** There will be no more. */
  done: bool = false;

  add(record: Record): void {
    this.records.push(record);
  }
}

/** Brings records in. One of the two, `poll` and `request`, must be written. */
export abstract class Source extends Plugin {
  /** How often it wants to be polled, in milliseconds; set it in `open`. 0 leaves it to the host. */
  intervalMs: i64 = 0;

  /** After `open`, with the last offset that was acknowledged, where there is one. */
  resume(offset: Value): void {}

  /** At most `demand` records; `now` is the time in nanoseconds since 1970. */
  poll(now: i64, demand: i32): Batch {
    return new Batch();
  }

  /** A record made of what was pushed from outside, or null. */
  request(payload: Value, headers: Value): Record | null {
    return null;
  }
}

/** Does something when it is told to. */
export abstract class Action extends Plugin {
  abstract call(params: Value, vars: Value): Value;

  /** On a fresh instance, when a call was cut short: undoes what is left behind. */
  cancel(reason: string, params: Value): void {}
}

/** Makes of each record none, one or several. What fails is the outcome of that record alone. */
export abstract class Processor extends Plugin {
  abstract process(record: Record): Record[];
}

/** Answers to rows of arguments. What fails is the outcome of that row alone. */
export abstract class Function extends Plugin {
  abstract call(args: Value[]): Value;

  /** Once, when a query is prepared: each argument is a map of `literal`, or of `column` and `type`. */
  validate(args: Value[]): void {}
}

/** Gathers records, and gives what has come of them. */
export abstract class Aggregator extends Plugin {
  /** What fails is the whole call: then nothing of these should have been added. */
  abstract add(records: Record[]): void;

  abstract flush(): Record[];

  /** Forgets what was gathered. */
  reset(): void {}
}

/** Takes records out. What fails is the outcome of that record alone. */
export abstract class Sink extends Plugin {
  abstract write(record: Record): void;

  /** Makes last what was written; `urgent` says that the host is about to stop. */
  flush(urgent: bool): void {}
}

/** Finds rows by the values of their columns. */
export abstract class Lookup extends Plugin {
  /** The rows whose columns `keys` are equal to `values`, each a map with at least the columns `fields`. */
  abstract rows(fields: string[], keys: string[], values: Value[]): Value[];
}

/** Has methods for whoever calls them. */
export abstract class Extension extends Plugin {
  abstract call(method: string, argument: Value): Value;
}
