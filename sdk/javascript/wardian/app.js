import { call } from "#engine";

const declared = new Set();
let whole = false;

/** A function of the application: `const lookupUser = app("lookup_user")`, beside the imports, for a module says what it asks for. */
export function app(name) {
  if (whole && !declared.has(name)) throw new ReferenceError(`app("${name}") has to stand outside of all functions`);
  declared.add(name);
  return (argument = null) => call(`app.${name}`, argument);
}

/** The names that were declared; from now on no others are. */
export function close() {
  whole = true;
  return [...declared];
}
