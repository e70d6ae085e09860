/** Greets a user by name: a configuration, a function of the application, and a reply. */
import { Extension, Value, fail } from "wardian";

/**
 * The application that runs this plugin offers `lookup_user`. To import it is to ask for the permission
 * `app.lookup_user`; an application that does not grant it refuses to load the plugin.
 */
@app("lookup_user")
declare function lookupUser(name: Value): Value;

/** Lives as long as the plugin's instance. */
let greeting = "Hello";

/** {"name": text} -> {"text": text, "user": what the application knows} */
@entry
function greet(request: Value): Value {
  const name = request.text("name"); // where it is no text, the call fails and says so
  const user = lookupUser(Value.of(name)); // where it fails, so does the call; null is a name that it does not know
  const fullName = user.get("full_name").asText(name);
  return Value.map().set("text", `${greeting}, ${fullName}!`).set("user", user);
}

/** For other plugins, which call methods of an extension. */
@plugin
class Greeter extends Extension {
  /** Called once, before all else, with what the operator configured. */
  open(config: Value): void {
    greeting = config.textOr("greeting", greeting);
    if (!greeting.length) fail.config("`greeting` must be a text that is not empty");
  }

  call(method: string, argument: Value): Value {
    return method == "greet" ? greet(argument) : fail.unimplemented("the only method is `greet`");
  }
}
