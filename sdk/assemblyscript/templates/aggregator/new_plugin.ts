/** An aggregator that sums the numbers of each key, and gives the sums at the end of a window. */
import { Aggregator, Record, Value, fail } from "wardian";

@plugin
class Sums extends Aggregator {
  /** One for each key, in the order in which keys first came. */
  private sums: Sum[] = [];

  /** Nothing of the call is added when one of its records is wrong. */
  add(records: Record[]): void {
    for (let i = 0; i < records.length; i++) {
      const data = records[i].data;
      if (!data.isInt && !data.isFloat) {
        fail.invalid("`data` must be a number");
        return;
      }
    }
    for (let i = 0; i < records.length; i++) this.sumOf(records[i].key).total += records[i].data.asFloat();
  }

  /** The sums as records; the next window begins empty. */
  flush(): Record[] {
    const records = this.sums.map<Record>((sum) => sum.record());
    this.reset();
    return records;
  }

  reset(): void {
    this.sums = [];
  }

  private sumOf(key: Value): Sum {
    for (let i = 0; i < this.sums.length; i++) if (this.sums[i].key.equals(key)) return this.sums[i];
    const sum = new Sum(key);
    this.sums.push(sum);
    return sum;
  }
}

class Sum {
  total: f64 = 0;

  /** The key is null for records that have none. */
  constructor(public key: Value) {}

  record(): Record {
    const record = Record.of(this.total);
    return this.key.isNull ? record : record.set("key", this.key);
  }
}
