/** What a plugin's module exports and asks for, seen when it has been evaluated. */
import { Plugin } from "./kinds.js";

const NEEDS = {
  metric: ["metric_record"],
  cancelled: ["cancelled"],
  state: ["state_get", "state_put", "state_delete", "state_add", "state_swap", "state_keys"],
  emit: ["emit"],
  clock: ["clock_now"],
  random: ["random_bytes"],
  http: ["http_request"],
  template: ["template_expand"],
  vars: ["vars_get", "vars_set"],
  actions: ["action_call"],
  extensions: ["extension_call"],
}; // what is imported from the SDK → what the module imports from the host
const TAKEN = /^(memory|_initialize|_start|wardian_.*)$/;

/** `{entries: {name: function}}`; of several plugins that have an entry point, such as `plugin_open`, each is called. */
export function entriesOf(namespace) {
  const entries = {};
  const plugins = Object.values(namespace).flat().filter((each) => each instanceof Plugin);
  for (const { entries: own } of plugins)
    for (const [name, entry] of Object.entries(own)) entries[name] = entries[name] ? both(name, entries[name], entry) : entry;
  for (const [name, value] of Object.entries(namespace)) {
    if (typeof value !== "function") continue;
    if (name === "default") throw new TypeError("a function has to be exported by name to be an entry point");
    if (TAKEN.test(name) || !/^[A-Za-z_$][\w$]*$/.test(name)) throw new TypeError(`no entry point can be called \`${name}\``);
    entries[name] = value;
  }
  if (Object.keys(entries).length === 0) throw new TypeError("nothing is exported that can be called: see the SDK's README");
  return entries;
}

function both(name, first, second) {
  if (!name.startsWith("plugin_")) throw new TypeError(`two exports have \`${name}\``);
  return async (request) => {
    const answers = [await first(request), await second(request)].filter((answer) => answer !== null && answer !== undefined);
    return name === "plugin_check" ? answers.flat() : (answers[0] ?? null);
  };
}

/** The names of what the host is asked for, given what is imported from the SDK and declared of the application. */
export function importsOf(used, declared) {
  if (used.includes("*")) throw new TypeError('`import *` asks for everything: name what is used, `import { log } from "wardian"`');
  const needed = used.flatMap((name) => NEEDS[name] ?? []);
  return [...new Set(["log", ...needed, ...declared.map((name) => `app.${name}`)])];
}
