import type { PluginRecord } from "../wardian/index.js";

export interface Offered {
  config?: unknown;
  resume?: unknown;
  state?: { [key: string]: unknown };
  functions?: { [name: string]: (argument: any) => unknown };
  now?: number | bigint;
  vars?: { [name: string]: unknown };
  cancelled?: boolean | (() => boolean);
  http?: (request: any) => unknown;
  actions?: (action: string, params: any) => unknown;
  extensions?: (extension: string, method: string, argument: any) => unknown;
}

export interface Opened {
  /** What `open` answered. */
  readonly answer: any;
  readonly logs: [number, string, object?][];
  readonly messages: string[];
  readonly metrics: [string, string, number, object | null][];
  readonly emitted: PluginRecord[];
  readonly state: Map<string, any>;
  has(entry: string): boolean;
  call(entry: string, request?: unknown): Promise<any>;
}

/** Opens a plugin, given as its module: `await open(import("../words.js"), { config: { least: 2 } })`. */
export function open(module: object | Promise<object>, offered?: Offered): Promise<Opened>;
