/** The host's side of each import, as far as a test needs it. */
import { denied, invalid, notFound, unimplemented } from "../wardian/errors.js";

const text = (key) => (typeof key === "string" ? key : new TextDecoder().decode(key));
const same = (one, other) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

export class Host {
  logs = [];
  metrics = [];
  emitted = [];

  /**
   * `state`: what it holds at first. `functions`: those of the application. `now`: the time, in nanoseconds since 1970.
   * `http`, `actions`, `extensions`: functions that answer; `vars`: an object; `cancelled`: whether it wants an end.
   */
  constructor({ state = {}, functions = {}, now = 0n, vars = {}, cancelled = false, http, actions, extensions } = {}) {
    this.state = new Map(Object.entries(state));
    Object.assign(this, { functions, now, vars, cancelled, http, actions, extensions });
  }

  answer(name, request) {
    if (name.startsWith("app.")) return this.#function(name.slice(4))(request);
    if (!(name in answers)) throw unimplemented(`the host for tests has no \`${name}\``);
    return answers[name](this, request);
  }

  #function(name) {
    if (!Object.hasOwn(this.functions, name)) throw notFound(`the application has no function \`${name}\``);
    return this.functions[name];
  }
}

const offered = (host, name) => {
  if (!host[name]) throw denied(`no \`${name}\` is given to this test`);
  return host[name];
};

const answers = {
  log: (host, line) => void host.logs.push(line),
  metric_record: (host, number) => void host.metrics.push(number),
  cancelled: (host) => (typeof host.cancelled === "function" ? host.cancelled() : host.cancelled),
  state_get: (host, key) => host.state.get(text(key)),
  state_put: (host, [key, value]) => void (value === null ? host.state.delete(text(key)) : host.state.set(text(key), value)),
  state_delete: (host, key) => host.state.delete(text(key)),
  state_add(host, [key, delta]) {
    const held = host.state.get(text(key)) ?? 0;
    if (!Number.isInteger(held) || !Number.isInteger(delta)) throw invalid("only integers are added");
    host.state.set(text(key), held + delta);
    return held + delta;
  },
  state_swap(host, [key, expected, value]) {
    if (!same(host.state.get(text(key)), expected)) return false;
    answers.state_put(host, [key, value]);
    return true;
  },
  state_keys: (host, [prefix, after, limit]) =>
    [...host.state.keys()].sort().filter((key) => key.startsWith(text(prefix)) && (after === null || key > text(after))).slice(0, limit),
  emit: (host, records) => host.emitted.push(...records) && records.length,
  clock_now: (host) => [BigInt(host.now), BigInt(host.now)],
  random_bytes: (_host, size) => crypto.getRandomValues(new Uint8Array(size)),
  http_request: (host, request) => offered(host, "http")(request),
  template_expand: (host, given) => given.replace(/\$\{(\w+)\}/g, (whole, name) => host.vars[name] ?? whole),
  vars_get: (host, name) => host.vars[name],
  vars_set: (host, [name, value]) => void (host.vars[name] = value),
  action_call: (host, [action, params]) => offered(host, "actions")(action, params),
  extension_call: (host, [extension, method, argument]) => offered(host, "extensions")(extension, method, argument),
};
