/** A processor that counts the words of `data.text` into `data.words`, and drops what has too few. */
import { Processor, Record, Value, fail } from "wardian";

@plugin
class WordCounter extends Processor {
  private least: i64 = 1;

  /** Called once, before all else, with what the operator configured. */
  open(config: Value): void {
    this.least = config.intOr("least", this.least);
    if (this.least < 0) fail.config("`least` must be an integer of at least 0");
  }

  /** What becomes of one record: none, itself, or several. What fails here is this record alone. */
  process(record: Record): Record[] {
    const text = record.data.get("text");
    if (!text.isText) {
      fail.invalid("`data.text` must be a text");
      return [];
    }
    const words = countWords(text.asText());
    if (words < this.least) return [];
    record.data.set("words", words);
    return [record];
  }
}

function isSpace(letter: i32): bool {
  return letter == 0x20 || (letter >= 0x09 && letter <= 0x0d);
}

function countWords(text: string): i64 {
  let words: i64 = 0;
  let within = false;
  for (let i = 0; i < text.length; i++) {
    const space = isSpace(text.charCodeAt(i));
    if (!space && !within) words++;
    within = !space;
  }
  return words;
}
