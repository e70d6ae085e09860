import { describe } from "./errors.js";

/** What becomes of each item, one after the other; what is thrown becomes that item's error. A promise only where one came. */
export function each(items, one, done = []) {
  for (let at = done.length; at < items.length; at++) {
    let outcome;
    try {
      outcome = one(items[at]);
    } catch (error) {
      outcome = describe(error);
    }
    if (outcome instanceof Promise)
      return outcome.catch(describe).then((settled) => each(items, one, [...done, settled]));
    done.push(outcome);
  }
  return done;
}
