/** A processor that counts the words of texts. */
import { invalid, processor } from "wardian";

let least = 1; // what is set lives as long as the plugin's instance

export default processor({
  /** Called once, before all else, with what the operator configured. */
  open({ config }) {
    least = config.least ?? least;
  },

  /** A record, several, or nothing, which drops it. What it throws is an error of this record alone. */
  process(record) {
    const text = record.data?.text;
    if (typeof text !== "string") throw invalid("`data.text` must be a text");
    const words = text.split(/\s+/).filter(Boolean).length;
    return words < least ? null : { ...record, data: { ...record.data, words } };
  },
});
