/**
 * Does everything the ABI promises, one entry point for each promise; driven by tests, read by authors of other SDKs.
 *
 * Entry points named after an import take that import's request and reply with its answer; host errors are passed on.
 */
import {
  Time, WardianError, action, actions, aggregator, app, cancelled, clock, configError, conflict, decode, emit,
  extension, extensions, func, http, invalid, log, lookup, metric, processor, random, sink, source, state, template,
  vars, type ErrorKind,
} from "wardian";

// ---- Items and replies ----

/** Any item → the same. */
export const probe_echo = (item: any) => item;

/** Bytes that hold an item → the item; `invalid` when they do not. */
export function probe_decode(bytes: unknown) {
  if (!(bytes instanceof Uint8Array)) throw invalid("expected bytes");
  return decode(bytes);
}

/** A time → `[seconds, nanoseconds]` */
export function probe_time(time: unknown) {
  if (!(time instanceof Time)) throw invalid("expected a time");
  return [time.seconds, time.nanoseconds];
}

export const probe_null = () => null;

/** `{kind, message, code?, retry_after_ms?, details?}` → that error */
export function probe_fail({ kind, message, ...more }: { kind: ErrorKind; message: string }) {
  throw new WardianError(kind, message, more);
}

/** n → n lists in each other */
export function probe_deep(n: number) {
  let list: unknown[] = [];
  for (; n > 1; n--) list = [list];
  return list;
}

/** n → n bytes, each 0x77 */
export const probe_large = (n: number) => new Uint8Array(n).fill(0x77);

/** n → the integers below n, as a list */
export const probe_many = (n: number) => Array.from({ length: n }, (_, at) => at);

export function probe_trap() {
  throw new Error("trapped");
}

export function probe_spin() {
  for (;;);
}

/** A text → an exception that nobody foresaw */
export function probe_panic(message: string) {
  throw new Error(message);
}

export async function probe_sleep_until_cancelled() {
  while (!cancelled()) await null;
  return "cancelled";
}

// ---- Memory ----

let config: any = null;
let calls = 0;

export const probe_config = () => config;

/** null → how often this was called: an instance lives on */
export const probe_calls = () => ++calls;

/** n → the same, after asking the host n times without keeping its answers */
export function probe_asks(n: number) {
  for (let at = 0; at < n; at++) state.get("key");
  return n;
}

// ---- Imports ----

const probeOfTheApplication = app("probe");

export const probe_app = (item: any) => probeOfTheApplication(item);
export const probe_log = ([level, message, fields]: [number, string, any]) => log.write(level, message, fields);
export const probe_metric_record = ([name, kind, value, labels]: [string, any, number, any]) => metric.record(name, kind, value, labels);
export const probe_cancelled = () => cancelled();
export const probe_state_get = (key: string) => state.get(key);
export const probe_state_put = ([key, value, ttl_ms]: [string, any, number?]) => state.put(key, value, { ttl_ms: ttl_ms ?? undefined });
export const probe_state_delete = (key: string) => state.delete(key);
export const probe_state_add = ([key, delta]: [string, number]) => state.add(key, delta);
export const probe_state_swap = ([key, expected, value]: [string, any, any]) => state.swap(key, expected, value);
export const probe_state_keys = ([prefix, after, limit]: [string, string | null, number]) => state.keys(prefix, { after, limit });

/** A key → an addition that lasts only when the call succeeds, which it does not. */
export function probe_state_undone(key: string) {
  state.add(key, 1);
  throw conflict("what this call changed is undone");
}

export function probe_clock_now() {
  const { unix_ns, monotonic_ns } = clock.now();
  return [unix_ns, monotonic_ns];
}

export const probe_random_bytes = (size: number) => random.bytes(size);
export const probe_http_request = (request: any) => http.request(request);
export const probe_emit = (records: any[]) => emit(records);
export const probe_template_expand = (text: string) => template.expand(text);
export const probe_vars_get = (name: string) => vars.get(name);
export const probe_vars_set = ([name, value]: [string, any]) => vars.set(name, value);
export const probe_action_call = ([name, params]: [string, any]) => actions.call(name, params);
export const probe_extension_call = ([name, method, argument]: [string, string, any]) => extensions.call(name, method, argument);

// ---- Kinds ----

let sent = 0;
let sum = 0;

export default [
  source({
    open(opened) {
      config = opened.config;
      if (config?.refuse !== undefined) throw configError(config.refuse);
      sent = opened.resume ?? 0;
      return config?.interval_ms === undefined ? null : { interval_ms: config.interval_ms };
    },
    check: () => [[2, "checked"]],
    close: () => log.info("closed"),

    poll({ demand }) {
      const records = Array.from({ length: Math.min(demand, 3) }, () => ({ data: ++sent }));
      return { records, offset: sent, wait_ms: 5, ...(sent >= (config?.count ?? Infinity) && { done: true }) };
    },
    request: ({ payload, headers }) => (payload === null ? null : { data: payload, meta: headers }),
  }),

  action({
    call: (params, called) => ({ params, vars: called }),
    cancel: (_params, reason) => log.info(`cancelled: ${reason}`),
  }),

  processor({
    process(record) {
      const { data } = record;
      if (data?.drop !== undefined) return null;
      if (data?.fail !== undefined) throw invalid(data.fail);
      if (data?.twice !== undefined) return [{ data: data.twice }, { data: data.twice }];
      return record;
    },
  }),

  func({
    validate(args) {
      if (args.length !== 2) throw invalid("expected 2 arguments");
    },
    call(a, b) {
      if (!Number.isInteger(a) || !Number.isInteger(b)) throw invalid("expected two integers");
      return a + b;
    },
  }),

  aggregator({
    add(records) {
      for (const { data } of records) sum += data;
    },
    flush() {
      const records = [{ data: sum }];
      sum = 0;
      return records;
    },
    reset() {
      sum = 0;
    },
  }),

  sink({
    write({ data }) {
      if (data?.fail !== undefined) throw invalid(data.fail);
    },
    flush: ({ urgent }) => log.info(urgent ? "flushed urgently" : "flushed"),
  }),

  lookup({
    rows({ fields, values: [value] }) {
      if (value === "nobody") return [];
      return [Object.fromEntries(fields.map((field) => [field, `${field} of ${value}`]))];
    },
  }),

  extension({ call: (method, argument) => ({ method, argument }) }),
];
