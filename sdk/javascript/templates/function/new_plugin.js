/** A function for queries: a text, so many times. */
import { func, invalid } from "wardian";

const MOST = 100;

export default func({
  /** Called once for each query, before its rows. */
  validate(args) {
    if (args.length !== 2) throw invalid("expected a text and a number");
  },

  /** One row; what it throws is an error of this row alone. */
  call(text, times) {
    if (typeof text !== "string") throw invalid("the first argument must be a text");
    if (!Number.isInteger(times) || times < 0 || times > MOST)
      throw invalid(`the second argument must be an integer from 0 to ${MOST}`);
    return text.repeat(times);
  },
});
