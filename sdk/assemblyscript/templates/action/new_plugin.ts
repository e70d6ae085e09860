/** An action that greets somebody. */
import { Action, Value } from "wardian";

@plugin
class Greeter extends Action {
  private greeting: string = "Hello";

  /** Called once, before all else, with what the operator configured. */
  open(config: Value): void {
    this.greeting = config.textOr("greeting", this.greeting);
  }

  /** Where `name` is no text, the call fails, and its error says so. */
  call(params: Value, vars: Value): Value {
    return Value.map().set("text", `${this.greeting}, ${params.text("name")}!`);
  }
}
