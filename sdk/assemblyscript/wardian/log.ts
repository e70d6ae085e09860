/** Lines in the host's log. It is bounded: what is too much is dropped, which is false here and no failure. */

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

/** A line, and a map of fields to go with it; whether the host took it. */
export function write(level: Level, message: string, fields: Value = Value.null): bool {
  const request = Value.list().push(<i32>level).push(message);
  if (!fields.isNull) request.push(fields);
  return asks(request) && ask(written, asked) == 0;
}

export function trace(message: string, fields: Value = Value.null): bool {
  return write(Level.Trace, message, fields);
}

export function debug(message: string, fields: Value = Value.null): bool {
  return write(Level.Debug, message, fields);
}

export function info(message: string, fields: Value = Value.null): bool {
  return write(Level.Info, message, fields);
}

export function warn(message: string, fields: Value = Value.null): bool {
  return write(Level.Warn, message, fields);
}

export function error(message: string, fields: Value = Value.null): bool {
  return write(Level.Error, message, fields);
}
