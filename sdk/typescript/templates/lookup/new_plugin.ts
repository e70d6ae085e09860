/** A lookup in a small table of countries. */
import { invalid, lookup } from "wardian";

type Row = { [column: string]: string };

const COLUMNS = ["code", "name", "continent"];
const COUNTRIES: Row[] = [
  { code: "AT", name: "Austria", continent: "Europe" },
  { code: "FR", name: "France", continent: "Europe" },
  { code: "JP", name: "Japan", continent: "Asia" },
];

export default lookup({
  /** The rows whose columns `keys` have `values`, each with the columns `fields`. */
  rows({ fields, keys, values }) {
    const unknown = [...fields, ...keys].find((column) => !COLUMNS.includes(column));
    if (unknown !== undefined) throw invalid(`there is no column \`${unknown}\``);
    return COUNTRIES.filter((country) => keys.every((key, at) => country[key] === values[at]))
      .map((country) => Object.fromEntries(fields.map((field) => [field, country[field]])));
  },
});
