/** Texts as UTF-8. */
import * as engine from "#engine";

export const encodeText = (text) => engine.utf8(String(text).toWellFormed());

/** What is not UTF-8 becomes U+FFFD, byte by byte, unless `fatal` is set: then it is a TypeError. */
export function decodeText(bytes, fatal = false) {
  const whole = engine.text(bytes);
  if (whole !== null) return whole;
  if (fatal) throw new TypeError("the bytes are not UTF-8");
  let text = "";
  for (let at = 0, size; at < bytes.length; at += size) {
    const first = bytes[at];
    size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    const piece = engine.text(bytes.slice(at, at + size));
    if (piece === null) size = 1;
    text += piece ?? "\ufffd";
  }
  return text;
}
