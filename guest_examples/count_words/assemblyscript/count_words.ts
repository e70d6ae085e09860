/** Counts the words, lines and bytes of texts, and keeps totals in the host's durable state. */
import { Extension, Value, fail, log, metric, state } from "wardian";

/** Shorter words are not counted. */
let minLength: i64 = 1;

/** The keys of the totals, in the order in which `totals` replies. */
const KEYS = ["words", "lines", "bytes", "calls"];

function isSpace(letter: i32): bool {
  return letter == 0x20 || (letter >= 0x09 && letter <= 0x0d);
}

/** Strings are UTF-16: two halves of a pair are one character. */
function countWords(text: string): i64 {
  let words: i64 = 0;
  let length: i64 = 0; // of the word so far
  for (let i = 0; i <= text.length; i++) {
    const letter = i < text.length ? text.charCodeAt(i) : 0x20;
    if (isSpace(letter)) {
      if (length >= minLength) words++;
      length = 0;
    } else if ((letter & 0xfc00) != 0xdc00) {
      length++;
    }
  }
  return words;
}

/** As many as an editor shows: the last line need not end with a newline. */
function countLines(text: string): i64 {
  const pieces = text.split("\n");
  return pieces[pieces.length - 1].length ? pieces.length : pieces.length - 1;
}

/** text, or {"text": text} -> {"words", "lines", "bytes", "total_words", "total_lines", "calls"} */
@entry
function count(request: Value): Value {
  const given = request.isText ? request : request.get("text");
  if (!given.isText) return fail.invalid("the request must be a text, or a map with a text under `text`");

  const text = given.asText();
  const words = countWords(text);
  const lines = countLines(text);
  const bytes = String.UTF8.byteLength(text);

  // All changes of one call are committed together when it succeeds, and undone when it fails.
  const totalWords = state.add("words", words);
  const totalLines = state.add("lines", lines);
  state.add("bytes", bytes);
  const calls = state.add("calls", 1);

  // Logging and metrics are bounded; a plugin goes on when the host has heard enough.
  log.info(`counted ${words} words in ${lines} lines`);
  metric.counter("words_counted", <f64>words);

  return Value.map()
    .set("words", words)
    .set("lines", lines)
    .set("bytes", bytes)
    .set("total_words", totalWords)
    .set("total_lines", totalLines)
    .set("calls", calls);
}

/** null -> the totals of all calls so far */
@entry
function totals(): Value {
  const reply = Value.map();
  for (let i = 0; i < KEYS.length; i++) reply.set(KEYS[i], state.get(KEYS[i]).asInt());
  return reply;
}

/** null -> null; the totals begin at zero again */
@entry
function reset(): void {
  for (let i = 0; i < KEYS.length; i++) state.remove(KEYS[i]);
}

/** For other plugins, which call methods of an extension. An entry point is a function like any other. */
@plugin
class CountWords extends Extension {
  open(config: Value): void {
    const configured = config.get("min_length");
    if (configured.isNull) return;
    minLength = configured.asInt();
    if (minLength < 1) fail.config("`min_length` must be an integer of at least 1");
  }

  call(method: string, argument: Value): Value {
    if (method == "count") return count(argument);
    if (method == "totals") return totals();
    if (method != "reset") return fail.unimplemented("the methods are `count`, `totals` and `reset`");
    reset();
    return Value.null;
  }
}
