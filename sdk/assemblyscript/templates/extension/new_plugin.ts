/** An extension that counts for other plugins, and goes on after a restart. */
import { Extension, Value, fail, state } from "wardian";

@plugin
class Counter extends Extension {
  call(method: string, argument: Value): Value {
    if (method == "add") return this.add(argument);
    if (method == "get") return Value.of(state.get("total").asInt()); // null before the first `add`
    return fail.unimplemented("the methods are `add` and `get`");
  }

  /** How much, or null for 1 -> the new total. State is all or nothing: what a call that fails has added is taken back. */
  private add(argument: Value): Value {
    if (!argument.isNull && !argument.isInt) return fail.invalid("`add` takes an integer, or null for 1");
    return Value.of(state.add("total", argument.asInt(1)));
  }
}
