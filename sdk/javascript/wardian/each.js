import { describe } from "./errors.js";

/**
 * What becomes of each item, one after the other; what is thrown becomes that item's error. A promise only where one came.
 * An `exhausted` ends the whole call: what is spent is so for the items that follow.
 */
export function each(items, one, done = []) {
  for (let at = done.length; at < items.length; at++) {
    let outcome;
    try {
      outcome = one(items[at]);
    } catch (error) {
      outcome = errorOf(error);
    }
    if (outcome instanceof Promise)
      return outcome.catch(errorOf).then((settled) => each(items, one, [...done, settled]));
    done.push(outcome);
  }
  return done;
}

function errorOf(error) {
  const item = describe(error);
  if (item.kind === "exhausted") throw error;
  return item;
}
