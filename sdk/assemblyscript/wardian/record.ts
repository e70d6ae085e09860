/** `Record`: what goes through a pipeline. */

import { Value } from "./value";

@final
export class Record {
  /** The whole of it, a map: what it has beside the keys below goes on with it. */
  value: Value;

  /** A record of anything that `Value.of` takes. */
  static of<T>(data: T): Record {
    return new Record(Value.of<T>(data));
  }

  constructor(data: Value) {
    this.value = Value.map().set("data", data);
  }

  /** For the SDK: a record that came. */
  static from(value: Value): Record {
    const record = new Record(Value.null);
    record.value = value;
    return record;
  }

  /** What it says, for machines. */
  get data(): Value {
    return this.value.get("data");
  }

  set data(data: Value) {
    this.value.set("data", data);
  }

  /** What it says, for people; empty where it says nothing. */
  get message(): string {
    return this.value.get("message").asText();
  }

  set message(message: string) {
    this.value.set("message", message);
  }

  /** Records of one key stay in order: a text, bytes, or null. */
  get key(): Value {
    return this.value.get("key");
  }

  set key(key: Value) {
    this.value.set("key", key);
  }

  /** Sets any key of the record, such as `type`, `time`, `tags`, `meta` or `path`, and gives the record. */
  set<T>(key: string, value: T): Record {
    this.value.set(key, value);
    return this;
  }

  /** A record with the same keys, that can be changed without changing this one. */
  copy(): Record {
    return Record.from(this.value.copy());
  }
}
