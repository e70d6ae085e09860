/** Does everything the ABI promises, one entry point for each promise: items, replies, errors and memory. */
import { Failure, Value, cancelled, cbor, fail, log, state } from "wardian";
import { opened } from "./kinds";

/** Any item -> the same. */
@entry
function probe_echo(item: Value): Value {
  return item;
}

/** Bytes -> the item that they are; `invalid` when they are none. */
@entry
function probe_decode(bytes: Uint8Array): Value {
  return cbor.decode(bytes);
}

/** A time -> [seconds, nanoseconds] */
@entry
function probe_time(request: Value): Value {
  const time = request.asTime();
  return time ? Value.list().push(time.seconds).push(time.nanoseconds) : fail.invalid("expected a time");
}

@entry
function probe_null(): void {}

/** {kind, message, ? code, ? retry_after_ms, ? details} -> that error */
@entry
function probe_fail(error: Value): Value {
  return fail.as(Failure.of(error));
}

/** n -> n lists in each other */
@entry
function probe_deep(depth: i32): Value {
  let list = Value.list();
  while (--depth > 0) list = Value.list().push(list);
  return list;
}

/** n -> n bytes, each 0x77 */
@entry
function probe_large(size: i32): Uint8Array {
  return new Uint8Array(size).fill(0x77);
}

/** n -> the integers below n, as a list */
@entry
function probe_many(count: i32): Value {
  const list = Value.list();
  for (let i = 0; i < count; i++) list.push(i);
  return list;
}

/** The name of a mistake in writing -> the SDK's own error for it. */
@entry
function probe_mistake(name: string): Value {
  const half = String.fromCharCode(0xd800);
  if (name == "bad text") return Value.of(half);
  if (name == "bad key") return Value.map().set(half, 1);
  const endless = Value.list();
  return endless.push(endless).push(endless);
}

@entry
function probe_panic(message: string): void {
  throw new Error(message);
}

@entry
function probe_trap(): void {
  unreachable();
}

let turns: u32 = 0;

@entry
function probe_spin(): void {
  while (true) turns++;
}

/** null -> "cancelled", once the host wants the call to end. */
@entry
function probe_sleep_until_cancelled(): string {
  // The host counts how often it is asked.
  while (true) if (++turns % 100_000 == 0 && cancelled()) return "cancelled";
}

/** null -> the configuration */
@entry
function probe_config(): Value {
  return opened;
}

let calls = 0;

/** null -> how often this was called: an instance lives on. */
@entry
function probe_calls(): i32 {
  return ++calls;
}

/** n -> the same, after asking the host n times without keeping its answers. */
@entry
function probe_asks(count: i32): i32 {
  for (let i = 0; i < count; i++) state.get("key");
  return count;
}

/** A text -> the first letter behind its end, which is an error of the language. */
@entry
function probe_beyond(text: string): string {
  const letters = text.split("");
  return letters[letters.length];
}

/** Any item -> nothing; a line that says how many characters it has as this language's own text. */
@entry
function probe_logged_twice(request: Value): void {
  log.info(`${request.asText().length}`);
  fail.invalid("the first failure");
  fail.conflict("the second");
  log.info("never");
}
