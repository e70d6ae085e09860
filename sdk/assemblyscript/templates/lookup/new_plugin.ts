/** A lookup over a table that the plugin has in itself: countries by code, name or continent. */
import { Lookup, Value, fail } from "wardian";

const COLUMNS = ["code", "name", "continent"];
const TABLE = [
  ["AT", "Austria", "Europe"],
  ["FR", "France", "Europe"],
  ["JP", "Japan", "Asia"],
];

@plugin
class Countries extends Lookup {
  /** The rows whose columns `keys` are equal to `values`, with the columns `fields`. */
  rows(fields: string[], keys: string[], values: Value[]): Value[] {
    const found: Value[] = [];
    for (let i = 0; i < TABLE.length; i++) {
      if (matches(TABLE[i], keys, values)) found.push(only(fields, TABLE[i]));
    }
    return found;
  }
}

function matches(row: string[], keys: string[], values: Value[]): bool {
  for (let i = 0; i < keys.length; i++) {
    const column = COLUMNS.indexOf(keys[i]);
    if (column < 0 || !values[i].isText || values[i].asText() != row[column]) return false;
  }
  return true;
}

function only(fields: string[], row: string[]): Value {
  const map = Value.map();
  for (let i = 0; i < fields.length; i++) {
    const column = COLUMNS.indexOf(fields[i]);
    if (column < 0) return fail.invalid("the columns are `code`, `name` and `continent`");
    map.set(fields[i], row[column]);
  }
  return map;
}
