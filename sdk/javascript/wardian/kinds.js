/** The kinds of plugins. Each takes an object of methods, which its author may make as he likes, and calls them as methods. */
import { each } from "./each.js";
import { unimplemented } from "./errors.js";

/** What an export has to be to be a plugin: its entry points by name. */
export class Plugin {
  constructor(entries) {
    this.entries = entries;
  }
}

/** The entry points of a kind, for those methods that are there; all plugins may have the first three. */
const kind = (name, methods) => (definition) => {
  const entries = {};
  const add = (entry, method, make) => {
    if (typeof definition[method] === "function") entries[entry] = make(definition);
  };
  add("plugin_open", "open", (it) => opened((request) => it.open(request)));
  add("plugin_check", "check", (it) => (request) => it.check(request));
  add("plugin_close", "close", (it) => () => it.close());
  for (const [entry, [method, make]] of Object.entries(methods)) add(entry, method, make);
  if (!Object.keys(methods).some((entry) => entry in entries))
    throw new TypeError(`${name}(…) needs \`${Object.values(methods)[0][0]}\``);
  return new Plugin(entries);
};

/** Only an answer of the kind `{…}` is one: `open` often gives what its last line gave. */
const opened = (open) => (request) => {
  const answer = open(request);
  return answer instanceof Promise ? answer.then(onlyObject) : onlyObject(answer);
};
const onlyObject = (answer) => (answer !== null && typeof answer === "object" ? answer : null);

const then = (value, next) => (value instanceof Promise ? value.then(next) : next(value));
const unlessAllWell = (outcomes) => (outcomes.every((outcome) => outcome === null) ? null : outcomes);
const list = (value) => (value === null || value === undefined ? [] : Array.isArray(value) ? value : [value]);

/** `poll({now, demand})` → records, or `{records, wait_ms?, offset?, done?}`; `request({payload, headers})` → a record or null. */
export const source = kind("source", {
  source_poll: ["poll", (it) => (request) => then(it.poll(request), (got) => (got?.records ? got : { records: list(got) }))],
  source_request: ["request", (it) => (request) => it.request(request)],
});

/** `call(params, vars)` → its result; `cancel(params, reason)` undoes what a call that was cut short left behind. */
export const action = kind("action", {
  action_call: ["call", (it) => ({ params, vars }) => it.call(params, vars)],
  action_cancel: ["cancel", (it) => ({ params, reason }) => then(it.cancel(params, reason), () => null)],
});

/** `process(record)` → a record, several, or nothing, which drops it. What it throws is an error of that record alone. */
export const processor = kind("processor", {
  processor_process: ["process", (it) => ({ records }) => each(records, (record) => then(it.process(record), list))],
});

/** `call(...arguments)` → a value, for each row; `validate(args)` is asked once for each query. */
export const func = kind("func", {
  function_call: ["call", (it) => ({ rows }) => each(rows, (row) => then(it.call(...row), (value) => ({ value: value ?? null })))],
  function_validate: ["validate", (it) => ({ args }) => then(it.validate(args), () => null)],
});

/** `add(records)`, `flush()` → the records that come of them, and then it begins anew; `reset()` forgets. */
export const aggregator = kind("aggregator", {
  aggregator_add: ["add", (it) => ({ records }) => then(it.add(records), () => null)],
  aggregator_flush: ["flush", (it) => () => then(it.flush(), (records) => ({ records: list(records) }))],
  aggregator_reset: ["reset", (it) => () => then(it.reset(), () => null)],
});

/** `write(record)`, for each; what it throws is an error of that record alone. `flush({urgent})` makes all last. */
export const sink = kind("sink", {
  sink_write: ["write", (it) => ({ records }) => then(each(records, (record) => then(it.write(record), () => null)), unlessAllWell)],
  sink_flush: ["flush", (it) => (request) => then(it.flush(request), () => null)],
});

/** `rows({fields, keys, values})` → rows. */
export const lookup = kind("lookup", {
  lookup_rows: ["rows", (it) => (request) => then(it.rows(request), list)],
});

/** `methods: {name(argument) {…}}`, or `call(method, argument)` for all of them. */
export const extension = (definition) => kind("extension", {
  extension_call: ["call", (it) => ({ method, argument }) => it.call(method, argument)],
})("methods" in definition ? withMethods(definition) : definition);

function withMethods(definition) {
  const names = Object.keys(definition.methods);
  const quoted = names.map((name) => `\`${name}\``);
  const known = names.length === 1 ? `the only method is ${quoted}`
    : `the methods are ${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
  return Object.assign(Object.create(definition), {
    call(method, argument) {
      if (!Object.hasOwn(definition.methods, method)) throw unimplemented(known);
      return definition.methods[method](argument);
    },
  });
}
