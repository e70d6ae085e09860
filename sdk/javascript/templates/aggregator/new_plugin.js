/** An aggregator that sums numbers by their key. */
import { aggregator, invalid } from "wardian";

const sums = new Map(); // keys in order of their first appearance

export default aggregator({
  add(records) {
    if (!records.every(({ data }) => typeof data === "number")) throw invalid("`data` must be a number");
    for (const { key, data } of records) sums.set(key, (sums.get(key) ?? 0) + data);
  },

  /** The records of a window that is over; the next one begins anew. */
  flush() {
    const records = [...sums].map(([key, data]) => ({ data, key }));
    sums.clear();
    return records;
  },

  reset() {
    sums.clear();
  },
});
