/** A host in JavaScript: a plugin's own tests run under Node, without WebAssembly. */
import { entriesOf } from "../wardian/collect.js";
import { describe, errorOf, unimplemented } from "../wardian/errors.js";
import { running } from "./engine.js";
import { Host } from "./host.js";
import { sent } from "./sent.js";

/**
 * Opens a plugin, given as its module: `await open(import("../words.js"), { config: { least: 2 } })`.
 *
 * `call(entry, request)` gives the reply, and throws a `WardianError` for an error. What the plugin did is in `logs`,
 * `metrics`, `emitted` and `state`. A module's own variables are those of the process: import it with another query,
 * such as `words.js?2`, for one that has not run.
 */
export async function open(module, { config = {}, resume, ...offered } = {}) {
  const plugin = new Opened(entriesOf(await module), new Host(offered));
  const context = { plugin: "test/test", version: "0.0.0", symbol: "test", instance: "1" };
  if (plugin.has("plugin_open")) plugin.answer = await plugin.call("plugin_open", { config, context, resume });
  return plugin;
}

class Opened {
  #entries;
  #host;

  constructor(entries, host) {
    this.#entries = entries;
    this.#host = host;
  }

  has(entry) {
    return entry in this.#entries;
  }

  async call(entry, request = null) {
    if (!this.has(entry)) throw unimplemented(`there is no entry point \`${entry}\``);
    const before = new Map(this.#host.state);
    try {
      return await running(this.#host, async () => sent(await this.#entries[entry](sent(request))));
    } catch (error) {
      this.#host.state = before; // all or nothing
      throw errorOf(running(this.#host, () => describe(error)));
    }
  }

  /** `[level, message, fields?]` */
  get logs() {
    return this.#host.logs;
  }

  get messages() {
    return this.#host.logs.map(([, message]) => message);
  }

  /** `[name, kind, value, labels]` */
  get metrics() {
    return this.#host.metrics;
  }

  get emitted() {
    return this.#host.emitted;
  }

  get state() {
    return this.#host.state;
  }
}
