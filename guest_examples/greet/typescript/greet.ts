/** Greets a user by name: a configuration, an application function and a reply. */
import { app, configError, extension, invalid } from "wardian";

type User = { id: number; full_name: string };

// The application that runs this plugin offers `lookup_user`. To declare it is to ask for the permission
// `app.lookup_user`; an application that does not grant it refuses to load the plugin.
const lookupUser = app<string, User | null>("lookup_user");

type Config = { greeting?: string } | null;

let greeting = "Hello"; // what is set lives as long as the plugin's instance

/** `{name}` → `{text, user}`, where `user` is what the application knows. */
export function greet(request: { name?: unknown } | null) {
  if (typeof request?.name !== "string") throw invalid("`name` must be a text");
  const user = lookupUser(request.name); // null means that it does not know the name; its errors become ours
  const name = typeof user?.full_name === "string" ? user.full_name : request.name;
  return { text: `${greeting}, ${name}!`, user };
}

export default extension<Config>({
  /** Called once, before all else, with what the operator configured. */
  open({ config }) {
    greeting = config?.greeting ?? greeting;
    if (typeof greeting !== "string" || !greeting) throw configError("`greeting` must be a text that is not empty");
  },
  methods: { greet }, // for other plugins
});
