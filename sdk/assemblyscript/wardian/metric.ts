/** Metrics. They are bounded: what is too much is dropped, which is false here and no failure. */

import { asked, asks } from "./abi";
import { written } from "./encode";
import { Value } from "./value";

@external("wardian", "metric_record")
declare function ask(at: usize, size: usize): i64;

/** Adds to what is counted. `labels` is a map of texts. */
export function counter(name: string, value: f64 = 1, labels: Value = Value.null): bool {
  return record(name, "counter", value, labels);
}

/** Sets what is measured. */
export function gauge(name: string, value: f64, labels: Value = Value.null): bool {
  return record(name, "gauge", value, labels);
}

/** Adds to what is counted by size. */
export function histogram(name: string, value: f64, labels: Value = Value.null): bool {
  return record(name, "histogram", value, labels);
}

/** A metric of a kind that is known only now. */
export function record(name: string, kind: string, value: f64, labels: Value = Value.null): bool {
  return asks(Value.list().push(name).push(kind).push(value).push(labels)) && ask(written, asked) == 0;
}
