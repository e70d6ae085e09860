/** Texts with placeholders. Needs `template`. */

import { answered, asked, asks } from "./abi";
import { written } from "./encode";
import { Value } from "./value";

@external("wardian", "template_expand")
declare function ask(at: usize, size: usize): i64;

/** The text, with its placeholders filled in from what the running call knows. */
export function expand(text: string): string {
  return (asks(Value.of(text)) ? answered(ask(written, asked)) : Value.null).asText();
}
