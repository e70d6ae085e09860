/** Counts the words, lines and bytes of texts, and keeps totals in the host's durable state. */
import { configError, extension, invalid, log, metric, state } from "wardian";

let minLength = 1; // shorter words are not counted; set by the configuration `min_length`

const SPACE = /[ \t-\r]+/;
const utf8 = new TextEncoder();

const countWords = (text) => text.split(SPACE).filter((word) => word && [...word].length >= minLength).length;

/** As many as an editor shows: the last line need not end with a newline. */
const countLines = (text) => text.split("\n").length - (text === "" || text.endsWith("\n") ? 1 : 0);

/** A text, or `{text}` → `{words, lines, bytes, total_words, total_lines, calls}` */
export function count(request) {
  const text = request?.text ?? request;
  if (typeof text !== "string") throw invalid("the request must be a text, or a map with a text under `text`");

  const words = countWords(text);
  const lines = countLines(text);
  const bytes = utf8.encode(text).length;

  // All changes of one call are committed together when it succeeds, and undone when it fails.
  const total_words = state.add("words", words);
  const total_lines = state.add("lines", lines);
  state.add("bytes", bytes);
  const calls = state.add("calls", 1);

  log.info(`counted ${words} words in ${lines} lines`);
  metric.counter("words_counted", words);
  return { words, lines, bytes, total_words, total_lines, calls };
}

const KEYS = ["words", "lines", "bytes", "calls"];

/** null → the totals of all calls so far */
export const totals = () => Object.fromEntries(KEYS.map((key) => [key, state.get(key) ?? 0]));

/** null → null; the totals begin at zero again */
export const reset = () => KEYS.forEach((key) => state.delete(key));

export default extension({
  /** Called once, before all else, with what the operator configured. */
  open({ config }) {
    minLength = config?.min_length ?? minLength;
    if (!Number.isInteger(minLength) || minLength < 1)
      throw configError("`min_length` must be an integer of at least 1");
  },
  methods: { count, totals, reset }, // for other plugins
});
