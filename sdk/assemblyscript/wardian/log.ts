/** Lines in the host's log. It is bounded: what is too much is dropped, and the plugin goes on. */

import { asked, asks } from "./abi";
import { written } from "./encode";
import { Value } from "./value";

@external("wardian", "log")
declare function ask(at: usize, size: usize): i64;

export enum Level {
  Trace,
  Debug,
  Info,
  Warn,
  Error,
}

/** A line, and a map of fields to go with it. */
export function write(level: Level, message: string, fields: Value = Value.null): void {
  const request = Value.list().push(<i32>level).push(message);
  if (!fields.isNull) request.push(fields);
  if (asks(request)) ask(written, asked);
}

export function trace(message: string, fields: Value = Value.null): void {
  write(Level.Trace, message, fields);
}

export function debug(message: string, fields: Value = Value.null): void {
  write(Level.Debug, message, fields);
}

export function info(message: string, fields: Value = Value.null): void {
  write(Level.Info, message, fields);
}

export function warn(message: string, fields: Value = Value.null): void {
  write(Level.Warn, message, fields);
}

export function error(message: string, fields: Value = Value.null): void {
  write(Level.Error, message, fields);
}
