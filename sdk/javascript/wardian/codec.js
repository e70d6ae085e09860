/** Items as bytes, for what is kept or passed on as such. */
import * as engine from "#engine";
import { invalid } from "./errors.js";

export const encode = (value) => engine.encode(value);

/** Throws `invalid` where the bytes are no item. */
export function decode(bytes) {
  try {
    return engine.decode(bytes);
  } catch (error) {
    throw error instanceof SyntaxError ? invalid(error.message) : error;
  }
}
