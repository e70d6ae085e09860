/** A function of two arguments, a text and a number, that gives the text so many times. */
import { Function, Value, fail } from "wardian";

/** Times, so that one row cannot use up all memory. */
const MOST: i64 = 100;

@plugin
class Repeat extends Function {
  /** Called once, when a query is prepared: each argument is a literal or a column. */
  validate(args: Value[]): void {
    if (args.length != 2) fail.invalid(`expected 2 arguments, a text and a number, got ${args.length}`);
  }

  /** What comes of one row. What fails here is this row alone. */
  call(args: Value[]): Value {
    if (args.length != 2) return fail.invalid("expected a text and a number");
    if (!args[0].isText) return fail.invalid("the first argument must be a text");
    const times = args[1].asInt(-1);
    if (times < 0 || times > MOST) return fail.invalid(`the second argument must be an integer from 0 to ${MOST}`);
    return Value.of(args[0].asText().repeat(<i32>times));
  }
}
