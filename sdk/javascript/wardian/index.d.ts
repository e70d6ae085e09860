/** Plugins for Wardian: what they implement, what they throw, and what they may ask the host for. */

// ---- Values: what goes to the host and comes from it ----

/** What an item can hold. Integers beyond 2^53 are `bigint`; a map with keys of bytes is a `Map`. */
export type Item =
  | null | boolean | number | bigint | string | Uint8Array | Time | Date
  | readonly Item[] | { readonly [key: string]: Item | undefined } | ReadonlyMap<string | Uint8Array, Item>;

/** A point in time to the nanosecond; `offset` is in minutes east of UTC. */
export class Time {
  constructor(seconds: number, nanoseconds?: number, offset?: number);
  static from(date: Date): Time;
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly offset: number;
  toDate(): Date;
  toString(): string;
  toJSON(): string;
}

export interface PluginRecord<Data = any> {
  data: Data;
  type?: "log" | "metric" | "span" | "bytes" | "event";
  time?: number | bigint | Time | Date;
  key?: string | Uint8Array;
  tags?: { [name: string]: Item };
  meta?: { [name: string]: Item };
  path?: string;
  message?: string;
}

/** The bytes of an item, and back; throws `invalid` where they are none. */
export function encode(value: unknown): Uint8Array;
export function decode(bytes: Uint8Array): any;

/** Milliseconds of a duration such as `250ms` or `1m30s`; null where it is none. */
export function milliseconds(text: unknown): number | null;

// ---- Errors ----

export type ErrorKind =
  | "invalid" | "config" | "transient" | "denied" | "exhausted" | "not_found" | "conflict" | "unimplemented" | "internal";

export interface ErrorMore {
  code?: string;
  retry_after_ms?: number;
  details?: unknown;
  cause?: unknown;
}

export class WardianError extends Error {
  constructor(kind: ErrorKind, message: string, more?: ErrorMore);
  readonly kind: ErrorKind;
  readonly code?: string;
  readonly retry_after_ms?: number;
  readonly details?: any;
}

type MakeError = (message: string, more?: ErrorMore) => WardianError;
export const invalid: MakeError;
export const configError: MakeError;
export const transient: MakeError;
export const denied: MakeError;
export const exhausted: MakeError;
export const notFound: MakeError;
export const conflict: MakeError;
export const unimplemented: MakeError;
export const internal: MakeError;

// ---- Kinds of plugins ----

type Awaitable<T> = T | Promise<T>;

/** What is exported to be a plugin. */
export interface Plugin {
  readonly entries: { readonly [name: string]: (request: any) => unknown };
}

export interface Opened<Config> {
  config: Config;
  context: { plugin: string; version: string; symbol: string; instance: string; pipeline?: string; run?: string };
  layers?: { [name: string]: any }[];
  resume?: any;
}

/** What plugins of every kind may have. */
interface Life<Config> {
  /** Called once, before all else; throw `configError` where the configuration is wrong. */
  open?(opened: Opened<Config>): Awaitable<void | null | { interval_ms?: number }>;
  /** `[level, message]`, levels as those of the log, to judge a configuration before it is used. */
  check?(asked: Opened<Config>): Awaitable<[number, string][]>;
  close?(): Awaitable<unknown>;
}

export interface Poll {
  records: PluginRecord[];
  wait_ms?: number;
  offset?: unknown;
  done?: boolean;
}

export interface Source<Config> extends Life<Config> {
  poll?(asked: { now: number | bigint; demand: number }): Awaitable<Poll | PluginRecord[] | null>;
  request?(sent: { payload: any; headers: { [name: string]: string } }): Awaitable<PluginRecord | null>;
}

export interface Action<Config, Params> extends Life<Config> {
  call(params: Params, vars: { [name: string]: any }): unknown;
  cancel?(params: Params, reason: string): Awaitable<unknown>;
}

export interface Processor<Config, Data> extends Life<Config> {
  /** A record, several, or nothing, which drops it. What it throws is an error of that record alone. */
  process(record: PluginRecord<Data>): Awaitable<PluginRecord | PluginRecord[] | null | undefined | void>;
}

export type Argument = { literal: any } | { column: string; type: string };

export interface Func<Config> extends Life<Config> {
  /** Once for each row; what it throws is an error of that row alone. */
  call(...args: any[]): unknown;
  validate?(args: Argument[]): Awaitable<void>;
}

export interface Aggregator<Config, Data> extends Life<Config> {
  add(records: PluginRecord<Data>[]): Awaitable<unknown>;
  flush?(): Awaitable<PluginRecord | PluginRecord[] | null>;
  reset?(): Awaitable<unknown>;
}

export interface Sink<Config, Data> extends Life<Config> {
  /** What it throws is an error of that record alone. */
  write(record: PluginRecord<Data>): Awaitable<unknown>;
  flush?(asked: { urgent: boolean }): Awaitable<unknown>;
}

export interface Lookup<Config> extends Life<Config> {
  rows(asked: { fields: string[]; keys: string[]; values: any[] }): Awaitable<{ [field: string]: unknown }[]>;
}

export interface Extension<Config> extends Life<Config> {
  methods?: { [name: string]: (argument: any) => unknown };
  call?(method: string, argument: any): unknown;
}

export function source<Config = any>(it: Source<Config>): Plugin;
export function action<Config = any, Params = any>(it: Action<Config, Params>): Plugin;
export function processor<Config = any, Data = any>(it: Processor<Config, Data>): Plugin;
export function func<Config = any>(it: Func<Config>): Plugin;
export function aggregator<Config = any, Data = any>(it: Aggregator<Config, Data>): Plugin;
export function sink<Config = any, Data = any>(it: Sink<Config, Data>): Plugin;
export function lookup<Config = any>(it: Lookup<Config>): Plugin;
export function extension<Config = any>(it: Extension<Config>): Plugin;

// ---- Capabilities: to import one is to ask for it ----

type Fields = { [name: string]: unknown };
/** Whether the line was taken: those over the limit are dropped. */
type Line = (message: unknown, fields?: Fields) => boolean;
export const log: {
  trace: Line; debug: Line; info: Line; warn: Line; error: Line;
  write(level: number, message: string, fields?: Fields): void;
};

type Labels = { [name: string]: string };
type Number_ = (name: string, value: number | bigint, labels?: Labels) => boolean;
export const metric: {
  counter: Number_; gauge: Number_; histogram: Number_;
  record(name: string, kind: "counter" | "gauge" | "histogram", value: number | bigint, labels?: Labels | null): void;
};

/** Whether the host wants this call to come to its end. */
export function cancelled(): boolean;

type Key = string | Uint8Array;
export const state: {
  get(key: Key): any;
  put(key: Key, value: unknown, more?: { ttl_ms?: number }): void;
  delete(key: Key): boolean;
  add(key: Key, delta: number | bigint): number;
  swap(key: Key, expected: unknown, value: unknown): boolean;
  keys(prefix: Key, more?: { after?: Key | null; limit?: number }): Key[];
};

/** How many of the records, from the first on, were taken. */
export function emit(records: PluginRecord[]): number;

export const clock: { now(): { unix_ns: bigint; monotonic_ns: bigint } };
export const random: { bytes(size: number): Uint8Array };

export interface HttpRequest {
  method: string;
  url: string;
  headers?: { [name: string]: string };
  body?: Uint8Array | string | null;
  timeout_ms?: number;
}
export interface HttpResponse {
  status: number;
  headers: { [name: string]: string };
  body: Uint8Array;
  text(): string;
  json(): any;
}
export const http: {
  request(request: HttpRequest): HttpResponse;
  get(url: string, more?: Partial<HttpRequest>): HttpResponse;
  postJson(url: string, value: unknown, more?: Partial<HttpRequest>): HttpResponse;
};

export const template: { expand(text: string): string };
export const vars: { get(name: string): any; set(name: string, value: unknown): void };
export const actions: { call(action: string, params?: unknown): any };
export const extensions: { call(extension: string, method: string, argument?: unknown): any };

declare global {
  class TextEncoder {
    encode(text?: string): Uint8Array;
  }
  class TextDecoder {
    constructor(encoding?: string, more?: { fatal?: boolean });
    decode(bytes?: Uint8Array | ArrayBuffer): string;
  }
  const console: { [level in "trace" | "debug" | "log" | "info" | "warn" | "error"]: (...values: unknown[]) => void };
}

/** A function of the application, declared outside of all functions: `const lookupUser = app<string, User | null>("lookup_user")`. */
export function app<Argument = unknown, Result = any>(name: string): (argument?: Argument) => Result;
