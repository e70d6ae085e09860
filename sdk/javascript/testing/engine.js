/** What stands for the engine under Node: `call` asks the host of the call that is running. */
import { AsyncLocalStorage } from "node:async_hooks";
import { sent } from "./sent.js";

const hosts = new AsyncLocalStorage();

export const running = (host, work) => hosts.run(host, work);

export function call(name, request = null) {
  const host = hosts.getStore();
  if (!host) throw new Error(`there is no host to ask for \`${name}\`: call the plugin through wardian/testing`);
  return sent(host.answer(name, sent(request)));
}

export const has = () => hosts.getStore() !== undefined;

export const utf8 = (text) => new TextEncoder().encode(text);

export function text(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

const onlyWithin = (name) => () => {
  throw new Error(`\`${name}\` is a part of the engine: test it with \`wardian test\``);
};
export const encode = onlyWithin("encode");
export const decode = onlyWithin("decode");
